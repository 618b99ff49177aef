"""Bands of quantities."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.banding import place_within
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
