"""A frame of the ledger is pandas' own in all but how it shows itself."""

import csv
import inspect
import io
import pickle

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from samples import rain, table

import factdesk as fd
from factdesk import measures, schema
from factdesk.frames import LedgerFrame

LONG = "The proposition goes on " * 12 + "to its end."
EVIL = "<script>alert(1)</script>& \"'"


@pytest.fixture
def ledger(tmp_path) -> fd.Ledger:
    ledger = rain(tmp_path)
    ledger.log(LONG, claimant="A & B", claim_id="long")
    ledger.log(EVIL, claimant="<b>Bo</b>", claim_id="evil")
    return ledger


def test_a_claims_words_are_shown_whole_and_stay_text(ledger):
    for shown in (repr(ledger.claims), ledger.claims._repr_html_(), repr(ledger.claims[["claim"]].head(3))):
        assert LONG in shown
    assert "logged_by" in repr(ledger.claims)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in ledger.claims._repr_html_()
    assert not any(mark in ledger.claims._repr_html_() for mark in ("<script>", "<b>Bo"))


def test_options_that_an_analyst_set_are_left_as_they_are(ledger):
    with pd.option_context("display.max_colwidth", 7, "display.notebook_repr_html", False):
        assert LONG in repr(ledger.claims)
        assert ledger.claims._repr_html_() is None
        assert pd.get_option("display.max_colwidth") == 7


def test_what_is_made_of_a_frame_shows_itself_so_too(ledger):
    claims = ledger.claims
    for made in (
        claims.head(2), claims[["claim", "claimant"]], claims[claims["claimant"] == "A & B"], claims.iloc[1:], claims.copy(),
        claims.merge(ledger.statuses, on="claim_id"), pd.concat([claims, claims]), claims.sort_values("made_on"),
        claims.groupby("claimant").head(1), claims.assign(x=1), claims.set_index("claim_id"),
    ):  # fmt: skip
        assert type(made) is LedgerFrame
    assert type(claims["claim"]) is type(claims.iloc[0]) is pd.Series


def test_analysts_do_with_it_what_they_do_with_any_frame(ledger, tmp_path):
    frame, plain = ledger.claims, pd.DataFrame(ledger.claims)
    assert_frame_equal(frame, plain)
    assert_frame_equal(pickle.loads(pickle.dumps(frame)), frame)
    assert frame.groupby("claimant").size().to_dict() == plain.groupby("claimant").size().to_dict()
    assert frame["made_on"].dt.year.dropna().tolist() == [2025]
    assert frame.to_dict("records")[0] == plain.to_dict("records")[0]
    frame.to_csv(tmp_path / "out.csv", index=False)
    assert (
        pd.read_csv(tmp_path / "out.csv", keep_default_na=False)["claim"].tolist() == frame["claim"].tolist()
    )
    frame.to_parquet(tmp_path / "out.parquet")
    assert pd.read_parquet(tmp_path / "out.parquet")["claim"].tolist() == frame["claim"].tolist()
    crossed = pd.crosstab(ledger.statuses["status"], ledger.statuses["claim_id"])
    assert crossed.loc["supported", "rain"] == 1
    assert ledger.statuses["status"].min() == "supported"


def test_what_an_analyst_does_to_a_frame_the_ledger_does_not_see(ledger):
    for name in ("claims", "appearances", "sources", "evidence", "statuses", "changes", "snapshots"):
        frame = getattr(ledger, name)
        before = frame.copy(deep=True)
        frame.loc[0, frame.columns[0]] = "mine"
        frame["mine"] = 1
        frame.iloc[:, 1] = None
        assert_frame_equal(getattr(ledger, name), before)
    held = ledger.status_on()
    held["claim"] = "mine"
    assert "mine" not in set(ledger.status_on()["claim"])


def test_an_empty_frame_shows_its_columns(tmp_path):
    ledger = fd.create(tmp_path / "empty.csv", title="Empty", by="A")
    worked_out = (ledger.status_on(), ledger.counts(), ledger.check(), ledger.intervals())
    for frame in (ledger.claims, ledger.withdrawn, *worked_out):
        assert frame.empty
        assert frame.columns[0] in repr(frame)
        assert frame._repr_html_()


def test_words_stand_at_the_left_without_a_style_element_and_days_stay_whole(ledger):
    shown = ledger.claims[["claim", "made_on"]]._repr_html_()
    cells = [part for part in shown.split("<t") if part.startswith(("d ", "h ", "d>", "h>"))]
    assert cells
    assert all("text-align: left" in cell for cell in cells)
    dated = LedgerFrame({"day": pd.to_datetime(["2025-03-15"])})._repr_html_()
    assert 'white-space: nowrap">2025-03-15</td>' in dated


HOSTILE = "\x1b[31mred\x1b]8;;http://evil.test\x07here\u202egnp\u200b\x9b2J"


def spoil(folder, holds: set[str]) -> None:
    """Write what a terminal obeys into every cell of columns that hold such things, the seals' too."""
    for name, of in {**schema.TABLES, "seals": schema.SEALS}.items():
        path = table(folder, name)
        header, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
        spoilt = {column.name for column in of.columns if column.holds in holds}
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*header, f"extra{HOSTILE}"])
        for row in rows:
            cells = [
                cell + HOSTILE if column in spoilt else cell for column, cell in zip(header, row, strict=True)
            ]
            writer.writerow([*cells, HOSTILE])
        path.write_text(out.getvalue(), "utf-8")


def all_frames(ledger: fd.Ledger) -> dict[str, pd.DataFrame]:
    """Every frame that a ledger gives, by the name of the call."""
    frames = {name: getattr(ledger, name) for name in (*schema.TABLES, "withdrawn", "seals")}
    for name in (
        "status_on",
        "intervals",
        "counts",
        "check",
        "verify",
        "hand_edits",
        "watch",
        "anchors",
        "origins",
    ):
        frames[name] = getattr(ledger, name)()
    frames["diff"] = ledger.diff("2025-03-01", "2025-03-20")
    frames |= {"imports": ledger.imports, "due": ledger.due("2025-03-20")}
    for name, call in inspect.getmembers(fd.Ledger):
        made_by = getattr(call, "fget", None) or call
        if not name.startswith("_") and inspect.isfunction(made_by):
            gives = inspect.signature(made_by).return_annotation
            is_write = name.endswith("_many") or name in (
                "refetch",
                "log_candidates",
            )  # they give what they were given, by label
            assert (gives == "pd.DataFrame" and not is_write) == (name in frames), name
    store = fd.scale.connect("duckdb://").load(ledger)
    for name, call in inspect.getmembers(store, inspect.ismethod):
        if not name.startswith("_") and inspect.signature(call).return_annotation == "pd.DataFrame":
            asked = {"diff": ("2025-03-01",), "parts": ("claimant",)}.get(name, ())
            frames[f"store.{name}"] = call(*asked)
    frames["of"] = measures.origins(ledger)
    return frames | {"measures": measures.activity(ledger), "publishers": measures.publishers(ledger)}


@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
@pytest.mark.parametrize(
    "holds", [{"line", "text", "several"}, {"id", "claim", "source"}, {"day", "choice", "status"}]
)
def test_what_a_terminal_obeys_is_shown_by_no_frame(tmp_path, holds):
    ledger = rain(tmp_path)
    ledger.edit("claims", "snow", why="a look", note="seen")
    ledger.withdraw("evidence", ledger.evidence["evidence_id"][1], why="a slip")
    ledger.seal("as published")
    spoil(tmp_path, holds)
    ledger = fd.open(tmp_path / "claims.csv")
    frames = all_frames(ledger)
    assert len(frames["hand_edits"]) > 5
    assert len(frames["check"]) > 5
    pictures = [repr(ledger), ledger._repr_html_()]
    for frame in frames.values():
        pictures += [repr(frame), repr(frame.head(2)), frame._repr_html_(), frame.to_csv()]
    for shown in pictures:
        assert not set(shown) & {*HOSTILE} - {*map(chr, range(32, 127))}
