"""Files of fact-checks: whatever their form, size or damage, each value is read, or its place is named."""

import json

import pytest

from factdesk.errors import InvalidValue, NotFound
from factdesk.exchange import feeds, json_stream
from factdesk.exchange.feeds import parts, scripts
from factdesk.exchange.json_stream import Part


@pytest.fixture
def file(tmp_path):
    def written(data: str | bytes, name: str = "a.json"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        return path

    return written


@pytest.fixture
def streamed(monkeypatch):
    """Every file is read as if it were larger than the memory."""
    monkeypatch.setattr(feeds, "WHOLE", 0)


def places(path) -> list[str]:
    return [part.place for part in parts(path)]


def test_a_small_file_is_one_value_and_meets_with_nan_line_breaks_and_numbers_without_end(file):
    text = '{"a": NaN, "b": "one\ntwo", "n": %s}' % ("9" * 5000)
    assert list(parts(file(text))) == [Part({"a": None, "b": "one\ntwo", "n": float("inf")})]


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[{"a": 1}, 5, [2]]', ["[0]", "[2]"]),
        ('{"claims": [{"a": 1}, {"a": 2}], "nextPageToken": "x"}', ["claims[0]", "claims[1]", ""]),
        ('{"feed": {"dataFeedElement": [{"a": [{"b": 1}]}]}}', ["feed.dataFeedElement[0]", ""]),
        ('{"author": [{"name": "A"}], "@graph": [{"a": {"claims": [1]}}]}', ["@graph[0]", ""]),
    ],
)
def test_of_a_large_file_one_element_of_its_list_is_read_at_a_time(file, text, where):
    found = list(parts(file(text)))
    assert [part.place for part in found] == where
    assert found[0].value in ({"a": 1}, {"a": [{"b": 1}]}, {"a": {"claims": [1]}})
    if "author" in text:  # what is no feed's list is part of the whole
        assert found[-1].value == {"author": [{"name": "A"}]}


@pytest.mark.usefixtures("streamed")
def test_a_large_file_in_utf_16_with_bare_controls_and_broken_letters_is_read(file):
    assert [part.value for part in parts(file('[{"a": "x\ny"}]'.encode("utf-16")))] == [{"a": "x y"}]
    assert [part.value for part in parts(file(b'[{"a": "\xff"}]'))] == [{"a": "�"}]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_file_that_breaks_off_is_read_as_far_as_it_goes_and_says_where(file, monkeypatch, at_once):
    if not at_once:
        monkeypatch.setattr(feeds, "WHOLE", 0)
    *found, last = parts(file('[{"a": 1},\n{"a": 2}, {"a":'))
    assert [part.value for part in found] == [{"a": 1}, {"a": 2}]
    assert last.value is None and "what follows is not read" in last.fault
    assert ("line 2, character 16" if at_once else "byte 26") in last.fault
    with pytest.raises(InvalidValue, match="no JSON"):
        list(parts(file('{"a": ')))


@pytest.mark.usefixtures("streamed")
def test_an_element_that_nests_without_end_or_holds_too_much_is_cut_and_says_so(file, monkeypatch):
    monkeypatch.setattr(json_stream, "MOST_VALUES", 500)
    deep = '{"a":' * 10_000 + "1" + "}" * 10_000
    wide = json.dumps({"a": list(range(1000))})
    first, second, third = parts(file(f'[{deep}, {wide}, {{"b": 1}}]'))
    assert "100 deep" in first.fault and "500 values" in second.fault
    assert third == Part({"b": 1}, "[2]")
    assert len(second.value["a"]) <= 500


def test_what_nests_too_deep_for_python_is_read_to_the_depth_that_is_allowed(file):
    (part,) = parts(file("[" * 2 + "[" * 100_000 + "]" * 100_000 + "]" * 2))
    assert "100 deep" in part.fault


@pytest.mark.usefixtures("streamed")
def test_a_text_that_never_ends_is_refused_before_it_is_read_again_and_again(file, monkeypatch):
    monkeypatch.setattr(json_stream, "LONGEST", 1 << 18)
    first, last = parts(file('[{"a": 1}, "' + "x" * (1 << 20)))
    assert first.value == {"a": 1} and "one value of more than 262,144 bytes" in last.fault


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("digits", ["9" * 5000, "-" + "9" * 30, "1e999"])
def test_a_number_beyond_all_bounds_ends_a_large_file_there_and_not_the_process(file, digits):
    *_, last = parts(file(f'[{{"a": 1}}, {{"a": {digits}}}]'))
    assert "no JSON any more" in last.fault and "overflow" in last.fault


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_lines_of_json_are_read_one_by_one_and_a_broken_one_loses_no_other(file, monkeypatch, name):
    monkeypatch.setattr(json_stream, "LONGEST", 1000)
    found = list(parts(file('\ufeff{"a": 1}\n\n{"a"\n"' + "x" * 2000 + '"\n{"a": 4}', name)))
    assert [(part.line, bool(part.fault)) for part in found] == [(1, False), (3, True), (4, True), (5, False)]
    assert "character 5" in found[1].fault and "1,000 bytes" in found[2].fault


def test_scripts_of_a_page_are_found_whatever_stands_around_them(file):
    page = """<!DOCTYPE html><!-- <script type="application/ld+json">{"a": 0}</script> -->
<script>var x = '<script type="application/ld+json">';</script>
<SCRIPT data-x=">" TYPE = 'application/ld+json; charset=utf-8'>
//<![CDATA[
{"a": 1}
//]]></SCRIPT>
<script type=application/ld+json>{&quot;a&quot;: 2};</script>
<script type="application/ld+json">{"a": }</script>
<script type="application/ld+json">{"a": 3}"""
    one, two, broken, three = parts(file(page, "a.html"))
    assert [one.value, two.value, three.value] == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert (one.place, one.line, three.place, three.line) == ("script 1", 3, "script 4", 9)
    assert "the script is no JSON in its line 1" in broken.fault and broken.line == 8


@pytest.mark.parametrize(
    "tag", ["<!--", "<script ", "<script a='", '<script type="application/ld+json">', "<a b='"]
)
def test_a_page_of_open_tags_is_looked_through_once(tag):
    assert len(list(scripts(tag * 100_000))) <= 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_row_by_row_with_its_lines(file, delimiter):
    rows = [
        ["claimReviewed", "author.name"],
        ['"two\nlines"', "A"],
        ["", ""],
        ["x", "y", "z"],
        ["last\0", "B"],
    ]
    table = "\r\n".join(delimiter.join(row) for row in rows)
    one, two, three = parts(file(f"\ufeff{table}", "a.csv"))
    assert one == Part(
        {"@type": "ClaimReview", "claimReviewed": "two\nlines", "author": {"name": "A"}}, line=2
    )
    assert two.fault == "the row has 3 cells, the header has 2." and two.line == 5
    assert three.value["claimReviewed"] == "last\0" and three.line == 6


def test_a_cell_without_an_end_is_named_and_the_rows_after_it_are_read(file):
    *_, last = found = list(parts(file("claimReviewed\n" + "x" * 9_000_000 + "\nlast\n", "a.csv")))
    assert last.value["claimReviewed"] == "last"
    assert any("field limit" in part.fault for part in found)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\0\0\0\0", "is no text"),
        (b"PK\x03\x04", "is a ZIP archive, such as a spreadsheet"),
        (b"a,b\n1,2\n", "lacks a column claimReviewed, and has a, b"),
        (b"<p>Nothing.", "without a script"),
    ],
)
def test_what_is_no_feed_is_refused_with_what_is_allowed(file, data, why):
    with pytest.raises(InvalidValue, match=why) as refused:
        list(parts(file(data)))
    assert "JSON Lines" in str(refused.value)


def test_what_is_no_file_is_refused_and_no_address_is_ever_fetched(tmp_path):
    for source in (None, 5, "\0", "a" * 5000, tmp_path, "/dev/zero"):
        with pytest.raises(InvalidValue):
            list(parts(source))
    with pytest.raises(InvalidValue, match="nothing is fetched"):
        list(parts("https://checks.example/feed.json"))
    with pytest.raises(NotFound):
        list(parts(tmp_path / "none.json"))
