"""The PDF of a chart: in one order, valid, and with what it says of itself."""

import io
import shutil
import subprocess

import pytest
import vl_convert
from pypdf import PdfReader

from factdesk.charts.pdf import labelled

WORDS = ["Zażółć", "Київ", "Ελλάδα", "中文", "اقتصاد", "शांति", "claims", "𝔸"]


def drawn(words=WORDS) -> bytes:
    rows = [{"words": word, "at": n} for n, word in enumerate(words)]
    spec = {
        "data": {"values": rows},
        "mark": {"type": "text", "opacity": 0.7},
        "encoding": {
            "y": {"field": "at", "type": "ordinal"},
            "text": {"field": "words"},
            "fontWeight": {"condition": {"test": "datum.at % 2", "value": "bold"}, "value": "normal"},
        },
    }
    return vl_convert.vegalite_to_pdf(spec)


def test_the_same_chart_gives_the_same_bytes_though_the_renderer_does_not():
    """vl-convert names resources and numbers objects in an order that changes with every call."""
    assert len({labelled(drawn(), {"Title": "Steel"}, b"<x/>") for _ in range(4)}) == 1


def test_what_is_drawn_stays_and_every_font_is_in_it():
    pdf = drawn()
    before, after = PdfReader(io.BytesIO(pdf)), PdfReader(io.BytesIO(labelled(pdf, {}, b"<x/>")))
    assert after.pages[0].extract_text() == before.pages[0].extract_text()
    assert after.pages[0].mediabox == before.pages[0].mediabox
    fonts = [font.get_object() for font in after.pages[0]["/Resources"]["/Font"].values()]
    assert len(fonts) == len(before.pages[0]["/Resources"]["/Font"])
    for font in fonts:
        (within,) = font["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(within.get_object()["/FontDescriptor"])


def test_title_and_metadata_are_read_by_others():
    said = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    made = labelled(drawn(), {"Title": "Сталь & “Eisen” (1)", "Subject": ""}, said)
    read = PdfReader(io.BytesIO(made), strict=True)
    assert read.metadata == {"/Title": "Сталь & “Eisen” (1)"}
    root = read.trailer["/Root"]
    assert root["/Metadata"].get_data() == said
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert said in made  # readable as it lies there


def test_no_other_program_finds_fault_with_it(tmp_path):
    if not shutil.which("qpdf"):
        pytest.skip("needs Debian's qpdf")
    path = tmp_path / "chart.pdf"
    path.write_bytes(labelled(drawn(), {"Title": "Steel"}, b"<x/>"))
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("end", [0, 9, 300])
def test_what_is_no_pdf_is_left_as_it_is(end):
    """A picture without a title is better than none."""
    odd = drawn(["a"])[:end]
    assert labelled(odd, {"Title": "Steel"}, b"<x/>") == odd


def test_no_title_looks_like_a_packet_of_metadata():
    assert b"<x:xmpmeta" not in labelled(drawn(), {"Title": "<x:xmpmeta>"}, b"")
