"""Levels at exact boundaries, and percentiles against scipy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.levels import levels_of, percentiles_of
from tests.properties import given, st

pytestmark = pytest.mark.kernel


def levels(values, cuts, higher=True, first=2):
    points = {level: np.full(len(values), cut, float) for level, cut in enumerate(cuts, start=first)}
    return levels_of(np.array(values, float), points, np.full(len(values), higher))


def test_a_value_on_a_cut_has_reached_it():
    values = [39.99, 40, 59.99, 60, 79.99, 80, 1000, -5]
    assert levels(values, (40, 60, 80)).tolist() == [1, 2, 2, 3, 3, 4, 4, 1]


def test_where_lower_is_better_the_cuts_descend():
    values = [10.01, 10, 5.01, 5, 2.01, 2, 0]
    assert levels(values, (10, 5, 2), higher=False).tolist() == [1, 2, 2, 3, 3, 4, 4]


def test_decimals_that_floats_cannot_hold_are_still_on_their_cut():
    assert levels([79.95, 0.1, 33.3], (0.1, 33.3, 79.95)).tolist() == [4, 2, 3]


def test_cuts_that_fall_together_skip_a_level():
    assert levels([39, 40, 79, 80], (40, 40, 80)).tolist() == [1, 3, 3, 4]


def test_levels_beyond_the_four_are_numbered_from_the_benchmark():
    values = [9, 10, 20, 30, 40, 50]
    assert levels(values, (10, 20, 30, 40, 50), first=1).tolist() == [0, 1, 2, 3, 4, 5]
    assert levels([-one for one in values], (-10, -20, -30, -40, -50), higher=False, first=1).tolist() == [
        *range(6)
    ]
    none = (-np.inf, -np.inf, 30, np.inf, np.inf)  # a measure with one cut point
    assert levels(values, none, first=1).tolist() == [2, 2, 2, 3, 3, 3]


def test_a_missing_value_or_cut_has_no_level():
    cuts = np.array([40.0, 40, 40, np.nan])
    points = {2: cuts, 3: cuts + 20, 4: cuts + 40}
    found = levels_of(np.array([np.nan, np.inf, 50, 50]), points, np.full(4, True))
    assert np.isnan(found).tolist() == [True, True, False, True]
    assert levels([], (40, 60, 80)).size == 0


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30), st.tuples(*[st.integers(-40, 40)] * 3))
def test_mirrored_scores_have_the_same_levels(values, cuts):
    cuts = sorted(cuts)
    mirrored = levels([-value for value in values], [-cut for cut in cuts], higher=False)
    assert mirrored.tolist() == levels(values, cuts).tolist()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_percentiles_are_mid_ranks(values):
    value = pd.Series(values, dtype=float)
    found = percentiles_of(value, pd.Series("a", index=value.index))
    expected = [stats.percentileofscore(values, one, kind="mean") for one in values]
    assert found.to_numpy() == pytest.approx(np.array(expected))


def test_groups_missing_and_infinite_scores_do_not_count_for_each_other():
    value = pd.Series([10.0, 20, 30, np.nan, np.inf, 5, 7], index=list("gfedcba"))
    group = pd.Series(["x", "x", "x", "x", "x", "y", None], index=value.index)
    found = percentiles_of(value, group)
    assert found[:3].tolist() == pytest.approx([100 / 6, 50, 500 / 6])
    assert found[["d", "c", "a"]].isna().all()
    assert found["b"] == 50
    more = percentiles_of(
        pd.concat([value, pd.Series([1.0], index=["h"])]), pd.concat([group, pd.Series(["z"], index=["h"])])
    )
    pd.testing.assert_series_equal(more.drop("h"), found)
