"""Charts written to files: every form holds what it promises, and a failure leaves what was there."""

import csv
import html
import io
import json
import re
import warnings

import altair as alt
import pandas as pd
import pytest
from drawn import sample, written
from PIL import Image
from pypdf import PdfReader
from samples import days_as_a_spreadsheet_shows_them, rain

import factdesk as fd
from factdesk.charts import display
from factdesk.charts.chart_rows import rows_behind
from factdesk.charts.save import FORMS
from factdesk.charts.svg_fonts import FONT, for_pixels, without_glyph
from factdesk.errors import FactdeskWarning, InvalidValue, NotFound, WriteFailed
from factdesk.storage import fsync


@pytest.fixture(scope="module")
def chart():
    return fd.charts.status_over_time(sample())


@pytest.fixture(scope="module")
def saved(chart, tmp_path_factory):
    """That chart in every form, to read."""
    folder = tmp_path_factory.mktemp("saved")
    return {suffix: fd.save(chart, folder / f"ours{suffix}") for suffix in FORMS}


@pytest.fixture
def plain():
    rows = pd.DataFrame({"word": ["=1+1", "a, b"], "n": [1, 2]})
    return alt.Chart(rows).mark_bar().encode(x="word:N", y="n:Q")


@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_of_any_chart_is_written_and_alike_each_time(suffix, chart, saved, plain, tmp_path):
    path = fd.save(chart, tmp_path / f"ours{suffix}")
    assert path == tmp_path / f"ours{suffix}"
    assert path.read_bytes() == saved[suffix].read_bytes()
    assert fd.save(plain, tmp_path / f"plain{suffix}").stat().st_size > 10
    assert {path.name for path in tmp_path.iterdir()} == {f"ours{suffix}", f"plain{suffix}"}


def test_the_suffix_may_be_in_capitals_and_the_path_text(chart, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert json.loads(fd.save(chart, "STATUS.JSON").read_text("utf-8")) == chart.to_dict()


def test_a_png_says_what_it_is_of_and_has_the_size_asked_for(chart, tmp_path):
    image = Image.open(fd.save(chart, tmp_path / "chart.png", scale=3))
    image.load()
    assert image.width == 2100
    assert image.info["Title"] == "9 of 22 claims are supported, 7 mixed"
    assert image.info["Description"] == chart.to_dict()["description"]
    assert image.info["Source"].startswith("Ledger “Ceasefire claims, March 2025”, as of ")
    assert image.info["Source"].endswith(sample().digest())


def test_an_svg_has_a_title_and_a_text_alternative_that_stay_text(tmp_path):
    chart = fd.charts.status_over_time(sample(), title="Steel & <b>iron</b>")
    svg = fd.save(chart, tmp_path / "chart.svg").read_text("utf-8")
    assert "<title>Steel &amp; &lt;b&gt;iron&lt;/b&gt;</title><desc>" in svg
    assert svg.count('role="img"') == 1


def test_a_pdf_says_what_it_is_of(saved):
    read = PdfReader(saved[".pdf"])
    assert read.metadata.title == "9 of 22 claims are supported, 7 mixed"
    assert read.metadata["/Keywords"].startswith("Ledger “Ceasefire claims")
    assert len(read.pages) == 1


def test_json_is_the_specification(chart, saved):
    spec = json.loads(saved[".json"].read_text("utf-8"))
    assert spec == chart.to_dict()
    assert set(spec["usermeta"]) == {"factdesk"}


def test_csv_holds_the_rows_of_ours_and_adds_up(chart, saved):
    frame = pd.read_csv(saved[".csv"])
    assert list(frame) == chart.usermeta["factdesk"]["columns"]
    days = frame.groupby(frame.columns[0])
    assert days["share"].sum().tolist() == pytest.approx([1] * len(days), abs=1e-3)
    assert days["claims"].sum().iloc[-1] == 22


def test_csv_of_any_chart_holds_its_rows_and_no_formula(plain, tmp_path):
    path = fd.save(plain | plain, tmp_path / "chart.csv")
    assert list(csv.reader(io.StringIO(path.read_text("utf-8")))) == [
        ["word", "n"],
        ["'=1+1", "1"],
        ["a, b", "2"],
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_chart_without_rows_of_its_own_has_no_table(suffix, tmp_path):
    elsewhere = alt.Chart("data.csv").mark_bar().encode(x="a:Q")
    assert list(rows_behind(elsewhere.to_dict())) == []
    with pytest.raises(InvalidValue, match="no rows of its own"):
        fd.save(elsewhere, tmp_path / f"chart{suffix}")


def test_html_is_one_file_with_words_table_and_policy(saved):
    page = saved[".html"].read_text("utf-8")
    assert "<h1>9 of 22 claims are supported, 7 mixed</h1>" in page
    assert "default-src 'none'" in page and "'unsafe" not in page
    assert "<summary>Table of this chart</summary>" in page
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", page)
    assert len(page) < 1_000_000


def test_a_page_draws_itself_without_a_network(saved, opened):
    page = opened(saved[".html"], until="html[data-drawn='1']")
    assert page.said == []
    page.get_by_text("Table of this chart").click()
    page.get_by_role("cell", name="2025-03-15").first.wait_for()


SUFFIXES, SCALES = r"\.png, \.svg, \.pdf, \.html, \.json, \.csv, \.xlsx", r"0\.1 to 10; .*size='card'"
REFUSED = [
    *((path, {}, SUFFIXES) for path in ("chart", "chart.jpg", "chart.pgn", "chart.png.txt", 5)),
    *(("chart.png", {"scale": scale}, SCALES) for scale in (0, 11, -1, "card", "2", True, [2])),
    ("chart.png", {"theme": "drak"}, "nearest: 'dark'"),
    ("chart.png", {"size": "crad"}, "nearest: 'card'"),
]


@pytest.mark.parametrize(("path", "options", "words"), REFUSED)
def test_what_no_chart_is_saved_as_is_refused_with_what_is(
    path, options, words, chart, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidValue, match=words):
        fd.save(chart, path, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["n" * 5_000 + ".json", "a\0b.json", "\ud800.json"])
def test_a_name_that_no_file_can_have_is_refused(name, chart, tmp_path):
    with pytest.raises(WriteFailed):
        fd.save(chart, tmp_path / name)


def test_no_chart_is_written_over_a_ledger(chart, tmp_path):
    fd.create(tmp_path / "claims.csv", title="Steel", by="Ada Quist")
    (tmp_path / "claims" / "seals").mkdir(exist_ok=True)
    (tmp_path / "link.csv").symlink_to("claims.csv")
    stood = {file: file.read_bytes() for file in tmp_path.rglob("*.*") if file.is_file()}
    for name in ("claims.csv", "claims/statuses.csv", "claims/mine.csv", "claims/seals/a.csv", "link.csv"):
        with pytest.raises(InvalidValue, match="a ledger's own"):
            fd.save(chart, tmp_path / name)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.*") if file.is_file()} == stood
    assert fd.save(chart, tmp_path / "chart.csv").exists()
    assert fd.save(chart, tmp_path / "claims.png").exists()


def test_only_a_file_in_a_folder_that_is_there_is_written(chart, tmp_path):
    (tmp_path / "chart.png").mkdir()
    with pytest.raises(InvalidValue, match="a file, not a folder"):
        fd.save(chart, tmp_path / "chart.png")
    with pytest.raises(NotFound, match="nowhere"):
        fd.save(chart, tmp_path / "nowhere" / "chart.png")


@pytest.mark.parametrize(
    ("size", "width", "height"), [("page", 1400, None), ("column", 840, None), ("slide", 1920, 1080)]
)
def test_a_size_has_its_pixels(size, width, height, chart, tmp_path):
    image = Image.open(fd.save(chart, tmp_path / "chart.png", size=size))
    assert (image.width, height and image.height) == (width, height)


def test_a_chart_that_was_drawn_at_a_size_keeps_its_scale(tmp_path):
    chart = fd.charts.status_over_time(sample(), size="card")
    assert Image.open(fd.save(chart, tmp_path / "chart.png")).size == (1200, 630)
    assert Image.open(fd.save(chart, tmp_path / "chart.png", 1)).size == (800, 420)


def test_another_theme_is_drawn_again_with_all_that_was_asked_for(tmp_path):
    chart = fd.charts.status_over_time(sample(), share=True, title="Steel")
    dark = json.loads(fd.save(chart, tmp_path / "dark.json", theme="dark").read_text("utf-8"))
    assert dark == fd.charts.status_over_time(sample(), share=True, title="Steel", theme="dark").to_dict()


def test_a_chart_that_was_changed_since_cannot_be_drawn_again_and_says_what_to_do(chart, plain, tmp_path):
    with pytest.raises(
        InvalidValue, match=r"draw this one anew with theme='dark', as by fd\.charts\.status_over"
    ):
        fd.save(chart.properties(height=99), tmp_path / "chart.png", theme="dark")
    with pytest.raises(InvalidValue, match="draw this one anew with size='card'"):
        fd.save(plain, tmp_path / "chart.png", size="card")
    assert list(tmp_path.iterdir()) == []


def test_a_chart_that_cannot_be_drawn_leaves_the_old_picture(chart, tmp_path):
    path = fd.save(chart, tmp_path / "chart.svg")
    before = path.read_bytes()
    scale = alt.Scale(domain=alt.ExprRef("((("))
    broken = alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(x=alt.X("a:Q", scale=scale))
    with pytest.raises(InvalidValue, match="chart"):
        fd.save(broken, path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["chart.svg"]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf", ".html"])
def test_a_chart_whose_data_lie_elsewhere_is_no_empty_picture(suffix, tmp_path):
    elsewhere = alt.Chart("https://example.org/data.csv").mark_bar().encode(x="a:Q")
    with pytest.raises(InvalidValue, match="read what lies elsewhere first"):
        fd.save(elsewhere, tmp_path / f"chart{suffix}")


def test_a_disk_that_refuses_leaves_the_old_picture(chart, tmp_path, monkeypatch):
    path = fd.save(chart, tmp_path / "chart.svg")
    before = path.read_bytes()

    def refuse(call, place, action):
        if call == "rename":
            raise OSError(28, "No space left on device")
        return action()

    monkeypatch.setattr(fsync, "perform", refuse)
    with pytest.raises(WriteFailed, match="No space left on device"):
        fd.save(chart, path)
    assert path.read_bytes() == before


ODD = ["a\x1b[31mb", "a\0b", "\ufffe", "\uffff", "\ud800", "a\x0cb", "\\u0000", "C:\\b"]


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.filterwarnings("ignore::factdesk.errors.FactdeskWarning")
def test_no_character_ends_the_program_that_draws_it(suffix, tmp_path):
    """The renderer aborts its whole process, a notebook's kernel, at a character that XML can't hold."""
    rows = alt.Data(values=[{"claim": text, "n": 1} for text in ODD])
    words = "".join(ODD)
    chart = alt.Chart(rows, title=words, description=words).mark_text().encode(x="claim:N", text="claim:N")
    assert fd.save(chart, tmp_path / f"odd{suffix}").stat().st_size


@pytest.mark.parametrize("text", ["\x1b[31m", "\ud800", "\uffff"])
def test_a_chart_shown_in_a_notebook_does_not_end_its_kernel(text):
    bundle, _ = display.render(
        {"data": {"values": [{"a": text}]}, "mark": "text", "encoding": {"text": {"field": "a"}}}
    )
    assert "image/png" in bundle
    json.dumps(bundle).encode()


def test_characters_that_no_font_has_are_named_once(tmp_path):
    rare = without_glyph("𞤀 𐓀 𑿀 𖬀 ꩀ")  # Adlam, Osage, Tamil fractions, Pahawh Hmong, Cham
    if not rare:
        pytest.skip("this machine has a font for every script")
    claim = {"claim_id": "c", "claim": f"Rain {rare[0]}.", "claimant": "B.", "made_on": "2025-03-10"}
    chart = fd.charts.timeline(written(tmp_path, [claim]))
    with pytest.warns(
        FactdeskWarning, match=f"No font of this machine has {rare[0]}: the picture shows"
    ) as told:
        fd.save(chart, tmp_path / "a.png")
    assert [str(one.message).count("No font") for one in told if one.category is FactdeskWarning] == [1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fd.save(chart, tmp_path / "a.svg")
        fd.save(fd.charts.timeline(sample()), tmp_path / "b.png")


def test_all_characters_that_no_font_has_are_named_however_many_others_there_are(tmp_path):
    if not (rare := without_glyph("𞤀𐓀🂡🚀")):
        pytest.skip("this machine has a font for every script")
    others = "".join(map(chr, range(0x400, 0x400 + 150)))
    assert without_glyph(others + "".join(rare))[-len(rare) :] == rare
    claim = {"claim_id": "c", "claim": "Rain.", "claimant": "B.", "made_on": "2025-03-10"}
    chart = fd.charts.status_over_time(
        written(tmp_path, [claim], title=f"Rain {rare[0]}")
    )  # that stands in the caption
    with pytest.warns(FactdeskWarning, match=f"No font of this machine has {rare[0]}"):
        fd.save(chart, tmp_path / "a.png")


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_what_a_font_has_is_drawn_beside_what_none_has(suffix, tmp_path):
    rare = without_glyph("𞤀𐓀🂡🚀")
    if not rare or without_glyph("国"):
        pytest.skip("needs a font for Chinese, and a script without one")
    claim = {"claim_id": "c", "claim": f"国家统计局 {rare[0]}", "claimant": "B.", "made_on": "2025-03-10"}
    chart = fd.charts.timeline(written(tmp_path, [claim]), title=f"国家统计局 {rare[0]}")
    svg, lacking = for_pixels(f'<svg><text font-family="{FONT}">国家统计局 {rare[0]}</text></svg>')
    assert ("国家统计局 □" in svg, lacking) == (True, rare[:1])
    with pytest.warns(FactdeskWarning):
        file = fd.save(chart, tmp_path / f"a{suffix}")
    assert fd.provenance(file).title == f"国家统计局 {rare[0]}"


def test_letters_that_a_font_has_are_not_named():
    assert without_glyph("Ελλάδα, Київ, Zażółć “so” – …") == []


@pytest.mark.parametrize("given", [sample(), "chart", None, {"mark": "bar"}])
def test_what_is_no_chart_is_refused(given, tmp_path):
    with pytest.raises(InvalidValue, match=r"fd\.charts"):
        fd.save(given, tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


def test_a_chart_of_a_ledger_with_unreadable_rows_is_saved_with_a_warning_and_says_so(tmp_path):
    ledger = rain(tmp_path)
    days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    chart = fd.charts.status_over_time(ledger.refresh())
    for form in ("svg", "json", "csv", "html"):
        says = f"status.{form}: 1 status can't be read and is left out; 1 claim is in no status for it."
        with pytest.warns(fd.FactdeskWarning, match=re.escape(says)):
            file = fd.save(chart, tmp_path / f"status.{form}")
        if form != "csv":
            assert "1 status can't be read" in html.unescape(file.read_text("utf-8"))
            found = fd.provenance(file, ledger)
            assert found.unread == str(ledger.unread) and f"Left out: {ledger.unread}" in str(found)
            assert found.standing.says.endswith(found.unread)
    with pytest.warns(fd.FactdeskWarning, match="can't be read"):
        fd.save(chart | chart, tmp_path / "both.json")
    status_id = ledger.check().set_index("code").loc["bad-day", "row_id"]
    ledger.edit("statuses", status_id, holds_from="2025-03-12", why="a spreadsheet rewrote the day")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fd.save(fd.charts.status_over_time(ledger), tmp_path / "sound.svg")
    assert fd.provenance(tmp_path / "sound.svg").unread == ""
