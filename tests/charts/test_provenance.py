"""What a file says of itself comes back from every form, and what was made to harm is only not read."""

import io
import json
import re
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from drawn import ROOT, sample
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter

import factdesk as fd
from factdesk.charts.provenance import MOST_BYTES, MOST_MARKED, Marks, Provenance, found_in, read
from factdesk.charts.save import FORMS
from factdesk.errors import FactdeskError, InvalidValue, NotFound

SAYING = [suffix for suffix in FORMS if suffix != ".csv"]
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "iptc": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}
ODD = 'Steel & <b>"iron"</b> ]]> --> 鋼 \\ _x0041_ <x:xmpmeta/>'


@pytest.fixture(scope="module")
def chart():
    return fd.charts.status_over_time(sample().where(text="peace"), title=ODD)


@pytest.fixture(scope="module")
def saved(chart, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    return {suffix: fd.save(chart, folder / f"chart{suffix}") for suffix in SAYING}


@pytest.mark.parametrize("suffix", SAYING)
def test_every_form_but_csv_says_which_ledger_it_shows_and_by_which_call(suffix, chart, saved):
    found = read(saved[suffix])
    view = sample().where(text="peace")
    assert (found.title, found.ledger, found.digest) == (ODD, view.title, view.digest())
    assert found.as_of == str(view.latest_day.date())
    assert found.version == fd.__version__
    assert found.description == chart.to_dict()["description"]
    assert found.subtitle.startswith("Claims in each status")
    assert found.call.startswith("fd.charts.status_over_time(ledger.where(text='peace')")
    assert found.made["views"] == [["where", {"text": "peace"}]]
    assert found.rows.number == len(found.rows.each) > 0


def test_all_forms_say_the_same(saved):
    said = {suffix: replace(read(path), scale=0) for suffix, path in saved.items()}
    assert all(one == said[".png"] for one in said.values())


@pytest.mark.parametrize("suffix", SAYING)
def test_a_file_is_known_by_what_is_in_it_not_by_its_name(suffix, saved, tmp_path):
    (tmp_path / "from-a-mail").write_bytes(saved[suffix].read_bytes())
    assert read(tmp_path / "from-a-mail") == read(saved[suffix])


@pytest.mark.parametrize("suffix", SAYING)
def test_no_path_of_the_machine_is_in_a_file(suffix, saved):
    file = saved[suffix].read_bytes()
    for private in (saved[suffix].parent, ROOT, Path.home()):
        assert str(private).encode() not in file


def packet_of(path) -> ElementTree.Element:
    file = path.read_bytes()
    return ElementTree.fromstring(file[file.rindex(b"<x:xmpmeta xmlns") : file.rindex(b"</x:xmpmeta>") + 12])


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_others_find_title_and_alternative_text_where_they_look_for_them(suffix, chart, saved):
    packet = packet_of(saved[suffix])
    for name, said in (
        ("dc:title", ODD),
        ("dc:description", chart.to_dict()["description"]),
        ("iptc:AltTextAccessibility", chart.to_dict()["description"]),
    ):
        assert packet.find(f".//{name}/rdf:Alt/rdf:li", NAMESPACES).text == said
    assert packet.find(".//dc:relation//rdf:li", NAMESPACES).text.endswith(
        sample().where(text="peace").digest()
    )


def test_the_metadata_of_a_png_is_a_chunk_that_others_read(saved):
    image = Image.open(saved[".png"])
    assert image.getxmp()["xmpmeta"]["RDF"]["Description"]["title"]["Alt"]["li"]["text"] == ODD


def test_an_svg_with_its_metadata_is_still_xml(saved):
    tree = ElementTree.parse(saved[".svg"]).getroot()
    assert [part.tag.rpartition("}")[2] for part in tree][:4] == ["title", "desc", "metadata", "style"]


def test_a_pdf_that_another_program_added_to_still_says_it(saved, tmp_path):
    writer = PdfWriter(saved[".pdf"], incremental=True)
    writer.add_metadata({"/Author": "Ada Quist"})
    writer.write(tmp_path / "added.pdf")
    assert read(tmp_path / "added.pdf") == read(saved[".pdf"])


def test_a_picture_keeps_it_when_its_metadata_is_written_as_attributes(tmp_path, saved):
    """ExifTool and Adobe's programs write short properties so."""
    svg = saved[".svg"].read_text("utf-8")
    record = re.search(r"<factdesk:record>(.*?)</factdesk:record>", svg)
    attribute = f'''<rdf:Description factdesk:record="{record[1].replace('"', "&quot;")}" rdf:about=""'''
    moved = svg.replace(record[0], "").replace('<rdf:Description rdf:about=""', attribute)
    (tmp_path / "moved.svg").write_text(moved, "utf-8")
    assert read(tmp_path / "moved.svg") == read(saved[".svg"])


def test_a_chart_that_is_none_of_ours_claims_nothing(tmp_path):
    import altair as alt

    plain = alt.Chart(alt.Data(values=[{"n": 1}]), title="Claims").mark_bar().encode(x="n:Q")
    for suffix in SAYING:
        path = fd.save(plain, tmp_path / f"plain{suffix}")
        with pytest.raises(InvalidValue, match="wrote from a chart of a ledger"):
            read(path)


def test_a_picture_from_a_notebook_is_light_and_says_its_ledger_in_words(chart):
    from factdesk.charts.save import picture

    drawn = picture(chart.to_dict(), 1, 64)
    assert b"x:xmpmeta xmlns" not in drawn
    assert Image.open(io.BytesIO(drawn)).info["Source"].startswith("Ledger “Ceasefire claims")


# Marks


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3)), max_size=8))
def test_marks_are_alike_only_for_the_same_rows_in_the_same_order(rows):
    assert Marks.of(rows) == Marks.of([dict(reversed(row.items())) for row in rows])
    assert Marks.of(rows).all != Marks.of([*rows, {"": 0}]).all
    if rows != rows[::-1]:
        assert Marks.of(rows).all != Marks.of(rows[::-1]).all


def test_marks_of_very_many_rows_are_one():
    marks = Marks.of([{"n": n} for n in range(MOST_MARKED + 1)])
    assert (marks.number, marks.each) == (MOST_MARKED + 1, ())
    assert marks.all


# Files that are made to harm


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    whole = b"\x89PNG\r\n\x1a\n"
    for kind, said in ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), *chunks, (b"IEND", b"")):
        whole += struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))
    return whole


def packet(record: str, more: str = "") -> bytes:
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:f="urn:factdesk:provenance#">{more}'
        f"<f:record>{record}</f:record></x:xmpmeta>"
    ).encode()


def chunk(said: bytes) -> tuple[bytes, bytes]:
    return b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + said


def workbook(strings: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", strings)
    return file.getvalue()


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
DEEP = "[" * 200_000
HARMFUL = {
    "nothing": b"",
    "half a png": b"\x89PNG\r\n\x1a\n\0\0",
    "a chunk longer than the file": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffiTXtXML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta",
    "a title of a million characters": png((b"iTXt", b"Title\0\0\0\0\0" + b"a" * 1_000_000)),
    "a packet of many megabytes": png(chunk(packet("a" * 9_000_000))),
    "a packet that never ends": png(chunk(b"<x:xmpmeta" * 400_000)),
    "a bomb that inflates": png((b"zTXt", b"Title\0\0" + zlib.compress(b"\0" * 50_000_000))),
    "deep json": png(chunk(packet(DEEP))),
    "a number without end": png(chunk(packet('{"digest": "a", "scale": ' + "9" * 6_000 + "}"))),
    "entities": b"<?xml version='1.0'?>" + LAUGHS.encode() + packet("&i;"),
    "entities in the packet": LAUGHS.encode() + packet("&i;", LAUGHS),
    "entities in a workbook": workbook(
        LAUGHS.encode()
        + b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"factdesk":&i;</t></si></sst>'
    ),
    "an external entity": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>'
    + packet("&x;"),
    "a bomb in a workbook": workbook(b"<a>" + b" " * 70_000_000),
    "a workbook of noise": b"PK\x03\x04" + bytes(range(256)) * 40,
    "a pdf that is none": b"%PDF-1.7\n" + b"<x:xmpmeta" * 300_000 + b"</x:xmpmeta>",
    "another encoding": b"<?xml version='1.0' encoding='utf-7'?>" + packet("+AGE-"),
    "deep json as a specification": DEEP.replace("[", '{"a":').encode(),
    "a page without end": b"<!doctype html>" + b'<meta name="factdesk:record" content="' * 100_000,
    "html that is none": b'<!doctype html><meta name="factdesk:record" content="&#xFFFFFFFF;{">',
}


@pytest.mark.parametrize("name", HARMFUL)
def test_what_was_made_to_harm_is_not_read_and_that_at_once(name, tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(HARMFUL[name])
    with pytest.raises(InvalidValue):
        read(path)


@pytest.mark.parametrize("depth", [100, 700, 900, 950, 980, 5_000])
def test_data_that_lie_however_deep_raise_only_our_error(depth, tmp_path):
    layers = b"[" * depth + b"]" * depth
    (tmp_path / "a.json").write_bytes(b'{"usermeta":{"factdesk":{"digest":"a"}},"layer":' + layers + b"}")
    try:
        assert read(tmp_path / "a.json").digest == "a"
    except InvalidValue:
        assert depth > 100


WRONG = [
    {"title": 3, "ledger": ["x"], "made": 7, "rows": "x", "scale": "big"},
    {"made": {"chart": 5}, "rows": {"number": -1, "all": 2, "each": {}}, "scale": -3},
    {"rows": {"number": 1e400, "each": "a" * 9}, "scale": float("nan")},
    {"rows": {"number": True}, "scale": 10**30, "factdesk": None},
]


@pytest.mark.parametrize("said", WRONG)
def test_a_record_of_the_wrong_kinds_is_read_as_far_as_it_goes(said, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(png(chunk(packet(json.dumps({"digest": "abcd"} | said)))))
    found = read(path)
    assert found.digest == "abcd"
    assert isinstance(found.title, str) and isinstance(found.made, dict)
    assert 0 <= found.scale <= 10 and found.rows.number >= 0
    str(found)


PLAIN = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9)
ANY_JSON = st.recursive(
    PLAIN,
    lambda of: st.lists(of, max_size=3) | st.dictionaries(st.text(max_size=5), of, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["title", "ledger", "made", "rows", "scale", "call"]), ANY_JSON))
def test_whatever_a_record_holds_it_is_read(said):
    from factdesk.charts.provenance import _of_record

    found = _of_record(json.dumps({"digest": "abcd"} | said))
    assert found is not None and str(found)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04", b"<svg", b"{", b""]),
)
def test_whatever_bytes_follow_only_our_error_is_raised(rest, start):
    assert found_in(start + rest) is None


@pytest.mark.parametrize("suffix", SAYING)
def test_a_file_that_was_cut_short_or_changed_raises_only_our_errors(suffix, saved, tmp_path):
    file = saved[suffix].read_bytes()
    for n, part in enumerate([file[: len(file) // k] for k in (2, 3, 7, 50)] + [file[:-9], file[9:]]):
        path = tmp_path / f"{n}{suffix}"
        path.write_bytes(part)
        try:
            read(path)
        except FactdeskError as error:
            assert isinstance(error, InvalidValue)


def test_an_encrypted_pdf_says_nothing(saved, tmp_path):
    writer = PdfWriter(clone_from=PdfReader(saved[".pdf"]))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(InvalidValue, match=r"that fd\.save wrote"):
        read(tmp_path / "locked.pdf")


def test_a_title_cannot_pass_for_the_record(tmp_path):
    """Words of a ledger stand in a PNG as they are; only the packet itself is read."""
    forged = packet('{"digest": "0000", "ledger": "Another"}').decode()
    found = read(fd.save(fd.charts.status_over_time(sample(), title=forged), tmp_path / "a.png"))
    assert (found.ledger, found.digest) == (sample().title, sample().digest())


def test_what_a_terminal_obeys_is_not_in_its_words():
    said = str(Provenance(title="a\x1b[31mb\u202e\nc", call="x" * 5_000, digest="d"))
    assert "\x1b" not in said and "\u202e" not in said
    assert "Title:    a[31mb c" in said
    assert len(said) < 1_200


def test_files_that_are_not_there_or_cannot_be_read_are_named(tmp_path):
    with pytest.raises(NotFound):
        read(tmp_path / "nowhere.png")
    with pytest.raises(NotFound):
        read(tmp_path)
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(InvalidValue, match="at most 64 MB"):
        read(tmp_path / "large.png")
    for name in ("a\0b", "n" * 5_000):
        with pytest.raises(FactdeskError):
            read(tmp_path / name)
