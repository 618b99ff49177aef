"""Dual discrepancy against its definition, and where it is not defined."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.discrepancy import dual_discrepancy
from datareview.analysis.trends import fit_trends

pytestmark = pytest.mark.kernel

SPREADS = (0.5, 1.0, 1.5)


def peers(n=25, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        (s, 7 * w, 80 + 2.0 * s + (1 + 0.02 * s) * w + rng.normal(0, 0.5)) for s in range(n) for w in range(8)
    ]
    return fit_trends(pd.DataFrame(rows, columns=["series", "day", "value"]))


def test_dual_discrepancy_compares_level_and_growth_with_peers_without_oneself():
    fits = peers()
    group = pd.Series("4", index=fits.index)
    out = dual_discrepancy(fits, group)
    others = fits.drop(index=3)
    for gap, column in (("level_gap", "level"), ("slope_gap", "slope")):
        expected = (fits.loc[3, column] - others[column].mean()) / others[column].std(ddof=1)
        assert out.loc[3, gap] == pytest.approx(expected)
    assert out["is_discrepant"].equals((out["level_gap"] <= -1) & (out["slope_gap"] <= -1))
    assert out["peers"].unique().tolist() == [24]


def test_dual_discrepancy_by_percentile_and_mirrored():
    fits = peers()
    group = pd.Series("4", index=fits.index)
    low = dual_discrepancy(fits, group, percentile=25)["is_discrepant"]
    ranks = fits[["level", "slope"]].rank() - 1
    assert low.equals((ranks <= 0.25 * 24).all(axis=1))
    high = dual_discrepancy(fits, group, higher_is_better=False)
    assert high["level_gap"].to_numpy() == pytest.approx(
        -dual_discrepancy(fits, group)["level_gap"].to_numpy()
    )


def test_under_twenty_peers_or_without_a_slope_nobody_is_discrepant():
    fits = peers(20)
    assert set(dual_discrepancy(fits, pd.Series("4", index=fits.index))["status"]) == {"insufficient_data"}
    fits = peers(22)
    fits.loc[0, "status"] = "insufficient_data"
    out = dual_discrepancy(fits, pd.Series("4", index=fits.index))
    assert (out.loc[0, "status"], out.loc[1, "status"], out.loc[1, "peers"]) == (
        "insufficient_data",
        "ok",
        20,
    )


def test_peers_without_spread_are_a_status():
    fits = peers()
    alike = fits.assign(level=np.where(fits.index == 3, 70.0, 80.0))
    out = dual_discrepancy(alike, pd.Series("4", index=fits.index))
    assert (out.loc[3, "status"], bool(out.loc[3, "is_discrepant"])) == ("undefined_zero_variance", False)
    assert out.loc[3, ["level_gap", "slope_gap"]].isna().all()
    assert out.loc[4, "status"] == "ok"


def test_a_wider_spread_finds_fewer_and_each_finds_those_beyond_it():
    fits = peers()
    made = {
        spread: dual_discrepancy(fits, pd.Series("4", index=fits.index), spread=spread) for spread in SPREADS
    }
    for spread, out in made.items():
        beyond = (out["level_gap"] <= -spread) & (out["slope_gap"] <= -spread)
        assert out["is_discrepant"].equals(beyond)
    found = [int(out["is_discrepant"].sum()) for out in made.values()]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1] > 0
