"""Columns are known by name and content in many languages; where that is not certain, none is guessed."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from samples import CASES, needs_cases

from factdesk.exchange import tables
from factdesk.exchange.columns import FIELDS, guess

LEDGERS = CASES.parent / "data" / "ledgers"
needs_ledgers = pytest.mark.skipif(not LEDGERS.is_dir(), reason="the tables of others are not here")

CLAIMS = [
    "Prices fell by half.",
    "Jobs rose in the north, twice.",
    "Nobody was told of the plan.",
    "It rained.",
    "Rents fell.",
    "Taxes rose.",
]
WHO = ["Minister A", "B. Frost", "Minister A", "The Daily", "B. Frost", "C"]
DAYS = ["2025-03-14", "2025-03-15", "", "2025-03-17", "2025-03-18", "2025-03-19"]
LATER = ["2025-04-14", "2025-04-15", "2025-04-16", "", "2025-04-18", "2025-04-19"]
RATINGS = ["false", "true", "half true", "false", "true", "false"]
LINKS = [
    "https://a.example/1; https://b.example/2",
    "https://c.example/3",
    "n/a",
    "https://d.example",
    "",
    "https://e.example",
]
CHECKS = [f"https://desk.example/fact-checks/{n}" for n in range(6)]
TOPICS = ["jobs; prices", "jobs", "", "weather", "rents", "taxes"]
WORDS = ["We asked.", "The minutes say so.", "", "Seen.", "The table says so.", "Law 5."]


def fields(**columns: list[str]) -> dict[str, str]:
    found = guess(pd.DataFrame(columns, dtype="str"), today=date(2025, 5, 1), zone=ZoneInfo("UTC"))
    assert set(found["field"]) <= {"", *FIELDS} and found["why"].ne("").all()
    return dict(zip(found["column"], found["field"], strict=True))


def reasons(**columns: list[str]) -> dict[str, str]:
    found = guess(pd.DataFrame(columns, dtype="str"), today=date(2025, 5, 1), zone=ZoneInfo("UTC"))
    return dict(zip(found["column"], found["why"], strict=True))


SHEETS = {
    "English": ("Ref", "Statement", "Said by", "Date said", "Ruling", "Date checked", "Evidence links", "Tags", "Reasoning"),
    "capitals": ("ROW_ID", "CLAIM-TEXT", "SPEAKER", "CLAIM DATE", "RATING", "REVIEW DATE", "SOURCES", "TOPICS", "WHY"),
    "camels": ("claimId", "claimReviewed", "speakerName", "claimDate", "textualRating", "reviewDate", "sourceUrl", "keywords", "rationale"),
    "questions": ("No.", "What was claimed?", "Who said it?", "When was it said?", "Verdict:", "Checked on", "Source link(s)", "Category", "Why this rating?"),
    "slips": ("ID", "Statment", "Claimat", "Date of clam", "Verdicts", "Date chekced", "Refrences", "Catgory", "Explanaton"),
    "German": ("lfd. Nr.", "Behauptung", "Sprecher*in", "Datum der Aussage", "Bewertung", "Prüfdatum", "Quellen", "Themen", "Begründung"),
    "French": ("N°", "Déclaration", "Intervenant", "Date de la déclaration", "Verdict", "Vérifié le", "Liens", "Thèmes", "Justification"),
    "Spanish": ("Número", "Afirmación", "¿Quién lo dijo?", "Fecha", "Veredicto", "Fecha de verificación", "Fuentes", "Temas", "Explicación"),
    "Portuguese": ("Identificador", "Alegação", "Quem disse", "Data", "Veredito", "Data da checagem", "Fontes", "Assuntos", "Justificativa"),
    "Italian": ("Codice", "Affermazione", "Dichiarante", "Data", "Verdetto", "Data di verifica", "Fonti", "Argomenti", "Motivazione"),
    "Ukrainian": ("Номер", "Твердження", "Хто сказав", "Дата заяви", "Вердикт", "Дата перевірки", "Джерела", "Теми", "Обґрунтування"),
    "Russian": ("№", "Утверждение", "Спикер", "Дата", "Вердикт", "Дата проверки", "Источники", "Темы", "Обоснование"),
    "Arabic": ("الرقم", "الادعاء", "المتحدث", "التاريخ", "الحكم", "تاريخ التحقق", "المصادر", "المواضيع", "الشرح"),
    "Hindi": ("क्रमांक", "दावा", "वक्ता", "तारीख", "फैसला", "जांच की तारीख", "स्रोत", "विषय", "कारण"),
    "Turkish": ("Sıra No", "İddia", "Konuşmacı", "Tarih", "Karar", "Doğrulama tarihi", "Kaynaklar", "Konular", "Gerekçe"),
}  # fmt: skip


@pytest.mark.parametrize("names", SHEETS.values(), ids=list(SHEETS))
def test_columns_are_known_in_the_languages_of_those_who_keep_them(names):
    cells = [list("123456"), CLAIMS, WHO, DAYS, RATINGS, LATER, LINKS, TOPICS, WORDS]
    found = fields(**dict(zip(names, cells, strict=True)))
    meant = [
        "row_id",
        "claim",
        "claimant",
        "made_on",
        "status",
        "holds_from",
        "source",
        "topics",
        "rationale",
    ]
    assert list(found.values()) == meant


def test_further_fields_are_known_by_their_names():
    names = {
        "Job title": "claimant_role", "Exact quote": "quote", "Claim URL": "appearance", "Fact-check URL": "published_at",
        "Checked by": "recorded_by", "Second checker": "reviewed_by", "Deadline": "due_on", "What would settle it?": "would_settle",
        "Open questions": "gaps", "Source title": "source_title", "Outlet": "source_publisher", "Comments": "note",
    }  # fmt: skip
    cells = {"appearance": LINKS, "published_at": CHECKS, "due_on": DAYS}
    found = fields(**{name: cells.get(field, WORDS) for name, field in names.items()})
    assert found == names


def test_a_name_does_not_stand_against_its_cells():
    found = fields(
        Source=["Reuters"] * 6, Date=WORDS, Claim=LINKS, Speaker=list("123456"), Type=WORDS, Tag=CHECKS
    )
    assert set(found.values()) == {""}
    why = reasons(Source=["Reuters"] * 6, Date=WORDS, Id=["1", "1", "2", "2", "3", "3"])
    assert why["Source"] == "the name is like 'source', but none of 6 cells are addresses"
    assert why["Id"] == "the name is like 'id', but 3 cells repeat one above"
    assert "are days" in why["Date"]


def test_names_of_which_a_part_only_is_known_are_not_guessed():
    names = (
        "Speaker party",
        "speaker_description",
        "Claim language",
        "Status date?",
        "Date of birth",
        "Source country",
        "Link text",
        "State",
        "Title",
        "Author",
        "Citation",
    )
    assert set(fields(**dict.fromkeys(names, WHO)).values()) == {""}


def test_of_two_columns_for_one_field_the_likelier_is_it_and_sources_may_be_several():
    found = fields(
        verdict_raw=RATINGS,
        verdict=RATINGS,
        Date=DAYS,
        **{"Claim date": DAYS, "Source 1": LINKS, "Source 2": LINKS},
    )
    assert found == {
        "verdict_raw": "",
        "verdict": "status",
        "Date": "",
        "Claim date": "made_on",
        "Source 1": "source",
        "Source 2": "source",
    }
    why = reasons(verdict_raw=RATINGS, verdict=RATINGS)
    assert why["verdict_raw"] == "the name is like 'verdict', but 'verdict' is more so"


def test_a_verdict_goes_before_a_status_of_the_work():
    work = ["done", "open", "done", "open", "done", "published"]
    assert fields(Status=work, Verdict=[*RATINGS[:5], ""]) == {"Status": "", "Verdict": "status"}
    assert fields(Status=work) == {"Status": "status"}


def test_whose_an_address_is_is_told_by_where_they_all_lead():
    posts = [f"https://social.example/post/{n}" for n in range(6)]
    assert fields(url=CHECKS) == {"url": "published_at"}
    assert fields(url=posts) == {"url": ""} and "the claim's or the check's" in reasons(url=posts)["url"]
    assert fields(url=LINKS) == {"url": "source"}
    assert fields(Sources=CHECKS) == {"Sources": "source"}


def test_truth_values_and_unknown_names_are_nothing():
    assert set(
        fields(Checked=["TRUE", "FALSE", ""] * 2, Done=["x", "", "x"] * 2, Foo=list("112233")).values()
    ) == {""}


def test_cells_alone_tell_a_claim_a_rating_and_several_addresses_and_nothing_else():
    texts = [f"The minister said on day {n} that taxes on steel will fall by half." for n in range(12)]
    found = fields(
        A=[f"ab-{n}" for n in range(12)],
        B=texts,
        C=["Mostly False", "true", "half-true"] * 4,
        D=LINKS * 2,
        E=DAYS * 2,
        F=["north", "south"] * 6,
    )
    assert found == {"A": "row_id", "B": "claim", "C": "status", "D": "source", "E": "", "F": ""}
    twice = fields(B=texts, C=[f"{text} So he said, and more." for text in texts])
    assert set(twice.values()) == {""}


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame({"Claim": []}, dtype="str"),
        pd.DataFrame({"Claim": [""] * 5, "Date": ["n/a"] * 5, "": ["#REF!"] * 5}, dtype="str"),
        pd.DataFrame([["a"] * 40] * 3, columns=["Claim"] * 40, dtype="str"),
        pd.DataFrame({"Claim": ["x" * 300_000], "Links": ["https://" + "a" * 300_000]}, dtype="str"),
        pd.DataFrame({"\u202eClaim\x00": ["<script>"], "<b>Date</b>": ["=1+1"]}, dtype="str"),
    ],
    ids=["nothing", "no rows", "blank", "one name", "long", "hostile"],
)
def test_odd_tables_are_guessed_at_without_failing(frame):
    found = guess(frame, today=date(2025, 5, 1), zone=ZoneInfo("UTC"))
    assert len(found) == frame.shape[1]
    assert found["field"].loc[~found["field"].isin(["source", "topics", "note", ""])].is_unique
    assert found["example"].str.len().le(100).all() and not found["example"].str.contains("\u202e").any()


def test_a_thousand_columns_are_guessed_at():
    names = [f"measure {n}" for n in range(999)]
    found = fields(Claim=CLAIMS, **{name: list("123456") for name in names})
    assert found.pop("Claim") == "claim" and set(found.values()) == {""}


def guessed(path) -> dict[str, str]:
    found = guess(tables.read(path).cells, today=date(2026, 11, 30), zone=ZoneInfo("UTC"))
    return {column: field for column, field in zip(found["column"], found["field"], strict=True) if field}


@needs_cases
def test_the_sheets_of_the_cases_are_known():
    assert guessed(CASES / "01-politifact-sheet.csv") == {
        "rating_alternateName": "status",
        "creativeWork_author_name": "claimant",
        "claimReview_url": "published_at",
        "claimReview_claimReviewed": "claim",
        "claimReview_datePublished": "holds_from",
        "extra_refered_links": "source",
        "extra_tags": "topics",
    }
    assert guessed(CASES / "15-no-claim-dates.csv") == {
        "claim": "claim", "claimant": "claimant", "claim_date": "made_on", "check_date": "holds_from", "rating": "status",
    }  # fmt: skip
    assert guessed(CASES / "18-sheet-of-300.csv") == {
        "No.": "row_id", "Claim": "claim", "Speaker": "claimant", "Date of claim": "made_on", "Verdict": "status",
        "Links": "source", "Topic": "topics",
    }  # fmt: skip


@needs_ledgers
def test_the_real_tables_are_known():
    assert guessed(LEDGERS / "liar2_valid_test_apache.csv") == {
        "id": "row_id", "date": "made_on", "speaker": "claimant", "claim": "claim", "verdict": "status",
        "subjects": "topics", "context": "note",
    }  # fmt: skip
    assert guessed(LEDGERS / "politifact_2011_2024.csv") == {
        "id": "row_id", "date": "made_on", "speaker": "claimant", "claim": "claim", "verdict": "status", "context": "note",
    }  # fmt: skip
    assert guessed(LEDGERS / "politifact_falsehoods_2007_2023_mit.csv") == {
        "id": "row_id", "factcheck_date": "holds_from", "speaker_slug": "claimant", "claim": "claim", "verdict": "status",
        "url": "published_at",
    }  # fmt: skip
