"""A frame of the ledger is pandas' own in all but how it shows itself."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from samples import rain

import factdesk as fd
from factdesk.frames import LedgerFrame

LONG = "The proposition goes on " * 12 + "to its end."
EVIL = "<script>alert(1)</script>& \"'"


@pytest.fixture
def ledger(tmp_path) -> fd.Ledger:
    ledger = rain(tmp_path)
    ledger.log(LONG, claimant="A & B", claim_id="long")
    ledger.log(EVIL, claimant="<b>Bo</b>", claim_id="evil")
    return ledger


def test_a_claims_words_are_shown_whole(ledger):
    for shown in (repr(ledger.claims), ledger.claims._repr_html_(), repr(ledger.claims[["claim"]].head(3))):
        assert LONG in shown
    assert "logged_by" in repr(ledger.claims)


def test_markup_in_a_cell_stays_text(ledger):
    shown = ledger.claims._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>Bo" not in shown


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
    for frame in (
        ledger.claims,
        ledger.status_on(),
        ledger.counts(),
        ledger.check(),
        ledger.intervals(),
        ledger.withdrawn,
    ):
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
