"""Names that pass for others: found by how they look, and not where people only write in their own script."""

import time
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from samples import ROOT

import factdesk as fd
from factdesk.checks import homoglyphs
from factdesk.schema import TABLES
from factdesk.storage.table_file import Rows

MOMENT = "2025-03-14T12:00:00.000000Z"


def found(claimants=(), ids=(), urls=()):
    """The findings of rows with these claimants, ids and addresses."""
    n = max(len(claimants), len(ids))
    cells = {
        "claims": {"claim_id": ids or [f"claim-{at}" for at in range(n)], "claimant": claimants or [""] * n},
        "appearances": {"appearance_id": [], "claim_id": [], "claimant": []},
        "sources": {"source_id": [f"s-{at}" for at in range(len(urls))], "url": urls},
    }
    rows = {}
    for name, of in cells.items():
        frame = pd.DataFrame({column: list(values) for column, values in of.items()}, dtype="str")
        rows[name] = Rows(TABLES[name], f"{name}.csv", frame, np.arange(2, len(frame) + 2))
    return list(homoglyphs.findings(rows))


def test_a_claimant_with_one_cyrillic_letter_is_named_beside_the_one_it_passes_for():
    (finding,) = found(["Ada Quist", "Ada Quist", "Ada Qu\u0456st"])
    assert (finding.code, finding.severity, finding.line) == ("look-alike", "warning", 4)
    assert finding.message == (
        "the claimant 'Ada Qu\u0456st' (claims.csv:4) looks like 'Ada Quist' (claims.csv:2, claims.csv:3): "
        "'\u0456' (U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I) stands for 'i' (U+0069)."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Сосо", "Coco"),  # all of it in Cyrillic
        ("Ηarvest", "Harvest"),
        ("ＡＢＣ", "ABC"),
        ("𝐀da", "Ada"),
        ("Barns", "Bams"),
        ("Al Gore", "AI Gore"),
        ("O\u2019Brien", "O'Brien"),
        ("Jean\u2011Luc", "Jean-Luc"),
        ("Ada\u00adQuist", "AdaQuist"),
        ("Ada\ufe0f", "Ada"),
        ("Ada\u200dQuist", "AdaQuist"),
        ("АDA QUIST", "Ada Quist"),
        ("1ndex", "lndex"),
    ],
)
def test_names_that_are_drawn_alike_are_one_finding(one, other):
    (finding,) = found([one, other])
    assert finding.code == "look-alike"
    assert one in finding.message and other in finding.message and "U+" in finding.message


@pytest.mark.parametrize(
    ("one", "other"),
    [("The Kremlin", "the Kremlin"), ("Ada  Quist", "Ada\u00a0Quist"), ("STRAUSS", "Strauß")],
)
def test_names_that_differ_in_capitals_or_blanks_only_are_said_to(one, other):
    (finding,) = found([one, other])
    assert (finding.code, finding.severity) == ("capitals-or-blanks", "warning")


@pytest.mark.parametrize("name", ["Tеrry Jones", "Пyтин", "Ada Quіst", "Αda", "Παpάς", "Ꭺda", "BBC Pусская"])
def test_a_word_with_a_letter_of_another_script_is_a_finding_by_itself(name):
    (finding,) = found([name])
    assert finding.code == "mixed-scripts" and "looks like" in finding.message


REAL = """
Владимир Путин; Володимир Зеленський; Александр Лукашенко; Ана Брнабић; Αλέξης Τσίπρας; Κυριάκος Μητσοτάκης;
محمد بن سلمان; وزارة الصحة; نظام‌های; בנימין נתניהו; 习近平; 新华社 Xinhua; 岸田文雄; 東京タワー; NHKニュース; 문재인; KBS 뉴스;
नरेन्द्र मोदी; প্রথম আলো; ประยุทธ์ จันทร์โอชา; Նիկոլ Փաշինյան; ირაკლი ღარიბაშვილი; BBC Русская служба; IT-компания; BBC عربي;
BBCعربي; μTorrent; Ω-Club; Erdoğan; Recep Tayyip Erdoğan; Łukasz; Žižek; Nguyễn Phú Trọng; O'Brien; Müller-Lüdenscheidt;
The Daily (online); Ministry of Finance; 10 Downing Street; Agence France-Presse; X Æ A-12; Radio Свобода; Ада Квист; Ada Quist;
Homer; Modern; İstanbul; ZDF heute; @realDonaldTrump; 🐦 bird; Prince ☮; №10; Côte d’Ivoire; Kirchner; Kirschner
"""


def test_real_names_in_their_own_scripts_are_no_finding():
    names = [name.strip() for name in REAL.replace("\n", " ").split(";")]
    assert [finding.message for finding in found(names)] == []


def test_two_families_whose_names_look_alike_are_a_note():
    assert [finding.severity for finding in found(["Horner", "Homer"])] == ["note"]


def test_the_sample_ledger_has_no_such_finding():
    codes = set(fd.open(ROOT / "claims.csv").check()["code"])
    assert codes & {"look-alike", "capitals-or-blanks", "mixed-scripts"} == set()


def test_ids_that_are_drawn_alike_are_found():
    (finding,) = found(ids=["covid-l9", "covid-19"])
    assert finding.code == "look-alike" and finding.row_id == "covid-19" and finding.column == "claim_id"


@pytest.mark.parametrize(
    ("urls", "codes"),
    [
        (["https://paypa1.com/x", "https://paypal.com/y"], ["look-alike"]),
        (["https://rnodern.example/", "https://modern.example/"], ["look-alike"]),
        (["https://xn--pple-43d.com/"], ["mixed-scripts"]),  # аpple, with one Cyrillic letter
        (["https://аррӏе.com/", "https://apple.org"], ["mixed-scripts"]),  # all Cyrillic, reads as Latin
        (["https://xn--pypal-4ve.com", "https://user@paypal.com:8080/"], ["look-alike"]),
        (["https://xn--e1afmkfd.xn--p1ai/", "https://пример.рф/a"], []),  # one host in both its forms
        (
            [
                "https://кремль.рф/",
                "https://müller.de",
                "https://xn--mller-kva.de.example",
                "https://例え.jp",
            ],
            [],
        ),
        (["https://example.org/a", "HTTPS://EXAMPLE.ORG/b", "https://www.example.org"], []),
        (["", "ftp://x", "http://[x", "file:///аpple.com", "https://xn--.com", "https://xn--é.com"], []),
    ],
)
def test_hosts_that_pass_for_others_are_found(urls, codes):
    assert [finding.code for finding in found(urls=urls)] == codes


def test_claimants_of_claims_and_of_appearances_are_compared(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    ledger.log("It rained.", claimant="Radio Nord", claim_id="rain")
    ledger.repeat("rain", claimant="Radio Nоrd", made_on="2025-03-11")
    findings = ledger.check()
    assert findings["code"].tolist() == ["look-alike"]
    assert findings["file"].tolist() == ["claims/appearances.csv"] and findings["claim_id"].tolist() == [
        "rain"
    ]
    assert "claims.csv:2" in findings["message"][0]
    assert ledger.where(text="rained").check()["code"].tolist() == ["look-alike"]
    ledger.edit(
        "appearances", ledger.appearances["appearance_id"].iloc[-1], claimant="Radio Nord", why="spelling"
    )
    assert ledger.check().empty


def test_what_was_withdrawn_is_not_compared(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    ledger.log("It rained.", claimant="Radio Nord", claim_id="rain")
    ledger.log("It snowed.", claimant="Radio nord", claim_id="snow")
    assert ledger.check()["code"].tolist() == ["capitals-or-blanks"]
    ledger.withdraw("claims", "snow", why="twice")
    assert ledger.check().empty


def test_a_message_lists_some_places_and_counts_the_others():
    (finding,) = found(["Ada"] * 9 + ["ada"] * 7)
    assert "claims.csv:15 and 2 more) looks like 'Ada' (" in finding.message
    assert "claims.csv:6 and 4 more)" in finding.message


def test_a_name_with_nothing_in_common_with_text_breaks_nothing():
    found(
        ["\n", "\u0301", "\u200b", "'", "\ud7ff", "a\nb", "a b", "x" * 30_000, "\U0010ffff", "ᅟ", "\ufe0f"]
    )


def test_a_hundred_thousand_names_are_compared_in_seconds():
    names = [f"{at:05d} Quist".translate(str.maketrans("0123456789", "abcdefghjk")) for at in range(100_000)]
    began = time.process_time()
    assert found(names) == []
    assert time.process_time() - began < 10


@given(st.lists(st.text(max_size=8), max_size=6))
def test_a_skeleton_is_the_same_of_one_text_and_of_many(texts):
    assert homoglyphs.skeletons(texts) == [homoglyphs.skeletons([text])[0] for text in texts]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cn"]), max_size=12))
@example("0 \xad")
def test_a_skeleton_looks_like_its_text(text):
    """UTS #39, 4: a skeleton is its own skeleton, and the same for every form of normalisation."""
    (once,) = homoglyphs.skeletons([text])
    assert homoglyphs.skeletons([once]) == [once]
    assert homoglyphs.skeletons([unicodedata.normalize("NFC", text)]) == [once]


def test_every_pair_of_the_table_looks_alike():
    """But for letters with a mark that the standard takes apart before it looks them up."""
    from confusable_homoglyphs.confusables import confusables_data

    pairs = [
        (one.replace("\u200e", ""), partner["c"].replace("\u200e", ""))
        for one, partners in confusables_data.items()
        for partner in partners
    ]
    whole = [pair for pair in pairs if all(pair) and all(map(unicodedata.is_normalized, ["NFD"] * 2, pair))]
    ones, others = (homoglyphs.skeletons(list(side)) for side in zip(*whole, strict=True))
    assert [pair for pair, a, b in zip(whole, ones, others, strict=True) if a != b] == []
    assert len(whole) > 10_000
