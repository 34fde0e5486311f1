"""What a text attributes to whom, on short texts written for the purpose."""

import warnings

import pandas as pd
import pytest
from samples import ROOT

from factdesk.articles import candidates as module
from factdesk.articles import language_model
from factdesk.articles.candidates import COLUMNS, candidates
from factdesk.errors import FactdeskWarning

needs_model = pytest.mark.skipif(language_model.model() is None, reason="no English model is installed")
SEED = ROOT.parent / "shared" / "data" / "seed-article.txt"


def said(text, **more):
    """Who says what, for each row."""
    rows = candidates(text, **more)
    return [tuple(row) for row in rows[["claimant", "claim"]].fillna("").itertuples(index=False)]


@needs_model
@pytest.mark.parametrize(
    ("text", "claimant", "claim"),
    [
        ('"The bridge is closed," said Ada Quist.', "Ada Quist", "The bridge is closed"),
        ("Ada Quist said that the bridge is closed.", "Ada Quist", "The bridge is closed"),
        ("According to the ministry, exports fell by 3 percent.", "ministry", "Exports fell by 3 percent"),
        ("The bridge is closed, the ministry said.", "ministry", "The bridge is closed"),
        ("Officials claimed the bridge is closed.", "Officials", "The bridge is closed"),
        ("The Kremlin said that it would answer soon.", "Kremlin", "It would answer soon"),
        (
            "G7 foreign ministers said that the bridge is closed.",
            "G7 foreign ministers",
            "The bridge is closed",
        ),
    ],
)
def test_who_says_what_is_found(text, claimant, claim):
    assert [(who, what.rstrip(".")) for who, what in said(text)] == [(claimant, claim)]


@needs_model
def test_a_name_and_an_office_are_as_first_given():
    text = (
        "Ada Quist, the mayor of Norberg, said the bridge is closed. Quist warned that it may fall. "
        "She added that nobody had listened. The mayor said she was tired."
    )
    rows = candidates(text)
    assert rows["claimant"].tolist() == ["Ada Quist"] * 4
    assert rows["claimant_role"].tolist() == ["mayor of Norberg"] * 4


@needs_model
def test_a_pronoun_means_the_last_person_of_its_kind():
    text = "Ada Quist met John Holm in Norberg on Monday. He said the bridge is closed. She said it is open."
    assert [who for who, _ in said(text)] == ["John Holm", "Ada Quist"]


@needs_model
def test_a_relative_pronoun_means_its_noun():
    text = "The bridge was built by Ada Quist, who said that it would last for a hundred years."
    row = candidates(text).iloc[0]
    assert row["claimant"] == "Ada Quist"
    assert text[int(row["mention_start"]) : int(row["mention_end"])] == "Ada Quist, who"


@needs_model
def test_a_dateline_is_nobody():
    rows = candidates("NORBERG, July 19 (Reuters) - Ada Quist said that the bridge is closed.")
    assert rows["claimant"].tolist() == ["Ada Quist"]


@needs_model
def test_several_speakers_are_all_named():
    assert said("Ada Quist and John Holm said the bridge is closed.")[0][0] == "Ada Quist; John Holm"


@needs_model
def test_both_of_a_nested_attribution_are_found():
    rows = said(
        "John Holm claimed on Monday that Ada Quist had told him that the bridge over the river is closed."
    )
    assert rows[0][0] == "John Holm"


@needs_model
def test_a_quotation_runs_over_sentences_and_paragraphs():
    text = (
        '"The bridge is closed," said Ada Quist. "It will stay so. Nobody knows for how long."\n\n'
        '"We have asked the ministry for money.\n\n"It has not answered our letters yet," she said.'
    )
    rows = candidates(text)
    assert [text[start:end] for start, end in zip(rows["start"], rows["end"], strict=True)] == [
        '"The bridge is closed," said Ada Quist. "It will stay so. Nobody knows for how long."',
        '"We have asked the ministry for money.\n\n"It has not answered our letters yet,"',
    ]
    assert rows["claimant"].tolist() == ["Ada Quist", "Ada Quist"]


@needs_model
def test_the_next_speakers_quotation_is_not_joined():
    text = '"The bridge is closed for good," said Ada Quist. "It is open to all of us," said John Holm.'
    assert [who for who, _ in said(text)] == ["Ada Quist", "John Holm"]


@needs_model
def test_kinds_are_told_apart():
    text = (
        '"The bridge is closed for good," said Ada Quist. She said that it had been "a long and bitter fight". '
        "She said that the ferry still runs."
    )
    assert candidates(text)["kind"].tolist() == ["direct", "mixed", "indirect"]
    assert candidates(text)["quote"].tolist()[1] == "a long and bitter fight"


@needs_model
def test_words_held_at_arms_length_are_no_statement():
    assert candidates("The 'bridge' was a plank. It rained on the \"royal\" box.").empty


@needs_model
def test_nobody_is_named_where_the_text_names_nobody():
    rows = candidates('"The bridge is closed for good." It rained. Prices are said to rise by half.')
    assert rows["claimant"].isna().all()


@needs_model
def test_offsets_count_code_points_and_point_to_the_words():
    text = "🌧 Ada Quist said that the bridge is closed 🌧."
    row = candidates(text).iloc[0]
    assert text[row["start"] : row["end"]].startswith("that the bridge is closed")
    assert text[int(row["mention_start"]) : int(row["mention_end"])].endswith("Quist")


@needs_model
def test_own_sentences_come_only_where_asked_for():
    text = "OSLO (Reuters) - Ada Quist said it rained.\n\nUnemployment rose to 9 percent last year."
    assert len(candidates(text)) == 1
    rows = candidates(text, own=True)
    assert rows["kind"].tolist() == ["indirect", "own"]
    assert rows["claimant"].tolist()[1] == rows.attrs["origin"] == "Reuters"


@needs_model
def test_the_same_text_gives_the_same_rows():
    text = "Ada Quist said the bridge is closed. Holm denied it, and called her 'a liar of note'."
    pd.testing.assert_frame_equal(candidates(text), candidates(text))


@pytest.mark.parametrize(
    "text", ["", " \n\n ", "\ufeff", "...", "?" * 50, "\x00\u202e", "'" * 3_000, '"' * 3_000]
)
def test_text_that_says_nothing_gives_an_empty_frame(text):
    rows = candidates(text)
    assert rows.empty
    assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == {
        name: str(pd.Series([], dtype=dtype).dtype) for name, dtype in COLUMNS.items()
    }


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("« Le pont est fermé pour toujours », a dit Ada Quist.", "Le pont est fermé pour toujours"),
        ("„Die Brücke ist ganz geschlossen“, sagte Ada Quist.", "Die Brücke ist ganz geschlossen"),
        ("「この橋は完全に閉鎖されています」と首相は述べた。", "この橋は完全に閉鎖されています"),
        ("قال الوزير: «لن نقبل بهذا الاتفاق أبدا».", "لن نقبل بهذا الاتفاق أبدا"),
    ],
)
def test_direct_quotations_are_found_in_any_language(text, quote):
    assert candidates(text, language="xx")["quote"].tolist() == [quote]


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("« Le pont est fermé pour toujours », a déclaré vendredi Ada Quist à Paris.", "Ada Quist"),
        ("Ada Quist a déclaré vendredi : « Le pont est fermé pour toujours ».", "Ada Quist"),
        ("Ada Quist : « Le pont est fermé pour toujours »", "Ada Quist"),
        ("„Die Brücke ist ganz geschlossen“, sagte die Ministerin Ada Quist.", "Ministerin Ada Quist"),
        ("«Мост закрыт навсегда для всех», — заявила Ада Квист.", "Ада Квист"),
        ("« Le pont est fermé pour toujours », a dit le maire.", None),
        ("« Le pont est fermé pour toujours ». Paris a répondu vendredi.", None),
        ("„Die Brücke ist ganz geschlossen.“ Holm ging.", None),
        ("La « fermeture de tous les ponts » en Russie inquiète.", None),
        ("Trois villes sont touchées : « Le pont est fermé pour toujours ».", None),
    ],
)
def test_in_other_languages_a_speaker_is_named_beside_a_verb_a_comma_or_a_colon_and_never_guessed(
    text, claimant
):
    (found,) = candidates(text, language="xx")["claimant"].astype(object)
    assert found == claimant or (claimant is None and pd.isna(found))


def test_without_a_model_direct_quotations_are_found_and_the_way_to_the_rest_is_told_once(monkeypatch):
    monkeypatch.setattr(language_model, "model", lambda: None)
    monkeypatch.setattr(module, "_told", set())
    text = (
        '"The bridge is closed for good," said Ada Quist. Holm added: "It was never open." He said it rained.'
    )
    with pytest.warns(FactdeskWarning, match="make articles"):
        assert said(text) == [("Ada Quist", "The bridge is closed for good"), ("Holm", "It was never open.")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        candidates(text)


@needs_model
def test_beyond_what_is_parsed_quotations_are_found(monkeypatch):
    text = (
        'Ada Quist said the bridge is closed.\n\n"It is open to everybody," said Holm. Holm said it rained.'
    )
    monkeypatch.setattr(language_model, "LONGEST", 40)
    monkeypatch.setattr(module, "LONGEST", 40)
    monkeypatch.setattr(module, "_told", set())
    with pytest.warns(FactdeskWarning, match="40 characters"):
        assert [who for who, _ in said(text)] == ["Ada Quist", "Holm"]


@needs_model
def test_what_a_terminal_obeys_is_in_no_cell():
    rows = candidates("Ada \x1b[31mQuist said the \u202ebridge is closed.\x07")
    assert not set("\x1b\u202e\x07") & set(rows.to_csv())


SPEAKERS = {
    "contingent upon Ukraine": "Vladimir Putin",
    "painstaking study": "Vladimir Putin",
    "Putin’s tactics": "Keir Starmer",
    "empty words": "Keir Starmer",
    "using preconditions": "Volodymyr Zelensky",
    "quick return of prisoners": "Volodymyr Zelensky",
    "positive signals": "Donald Trump",
    "very good and productive": "Donald Trump",
    "prospects for peace": "Donald Trump",
    "principle of a ceasefire": "Vladimir Putin",
    "ceasefire without preconditions": "G7 foreign ministers",
    "unified action": "David Lammy",
    "hesitance to commit troops": "Giorgia Meloni",
}


@needs_model
@pytest.mark.skipif(not SEED.is_file(), reason="the article that the project starts from is not here")
def test_the_statements_of_the_article_that_the_project_starts_from_are_found_with_their_speakers():
    text = SEED.read_text("utf-8")
    rows = candidates(text)
    found = {
        words: {row.claimant for row in rows.itertuples() if words in text[row.start : row.end]}
        for words in SPEAKERS
    }
    assert {words: who in found[words] for words, who in SPEAKERS.items()} == dict.fromkeys(SPEAKERS, True)
