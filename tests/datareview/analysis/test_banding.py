"""Bands of quantities."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.banding import band, place_within
from tests.properties import given, st

pytestmark = pytest.mark.kernel


def test_places_are_mid_ranks_of_each_assessment():
    scores = pd.DataFrame({"assessment": ["a"] * 4 + ["b"] * 2, "score": [10, 20, 20, 40, 5, np.nan]})
    assert place_within(scores, min_n=1).tolist() == pytest.approx(
        [0.125, 0.5, 0.5, 0.875, 0.5, np.nan], nan_ok=True
    )
    assert place_within(scores, min_n=4).notna().tolist() == [True] * 4 + [False] * 2
    assert place_within(scores.iloc[:0]).empty


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.floats(0.1, 5), st.floats(-50, 50))
def test_places_are_those_of_scipy_and_no_scale_matters(values, scale, shift):
    scores = pd.DataFrame({"assessment": 1, "score": np.array(values, float)})
    found = place_within(scores, min_n=1)
    expected = [stats.percentileofscore(values, value, kind="mean") / 100 for value in values]
    assert found.tolist() == pytest.approx(expected)
    moved = scores.assign(score=np.round(scores["score"] * scale + shift, 9))
    assert place_within(moved, min_n=1).tolist() == pytest.approx(expected)


def test_bands_begin_at_their_cuts_and_do_not_overlap():
    frame = pd.DataFrame(
        {"mark": [39.9, 40, 54.9, 55, np.nan], "days": [0, 5, 8.5, 9, 20]}, index=list("vwxyz")
    )
    out = band(frame, {"mark": [55, 40], "days": [5, 9]}, higher_is_worse=["days"])
    assert out.columns.tolist() == ["mark < 40", "40 <= mark < 55", "days >= 9", "5 <= days < 9"]
    assert out["mark < 40"].tolist()[:4] == [1, 0, 0, 0]
    assert out["40 <= mark < 55"].tolist()[:4] == [0, 1, 1, 0]
    assert out.loc["z", ["mark < 40", "40 <= mark < 55"]].isna().all()
    assert out["days >= 9"].tolist() == [0, 0, 0, 1, 1]
    assert out["5 <= days < 9"].tolist() == [0, 1, 1, 0, 0]


@pytest.mark.parametrize("points", [[], [np.nan], [np.inf]])
def test_cut_points_must_be_finite(points):
    with pytest.raises(ValueError, match="finite cut points"):
        band(pd.DataFrame({"a": [1.0]}), {"a": points})
