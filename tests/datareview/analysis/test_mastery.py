"""Bands of mastery, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.mastery import mastery_band, mastery_bands

pytestmark = pytest.mark.kernel


def test_bands_by_share_on_the_cuts_and_just_under():
    shares = pd.Series([1.0, 0.8, 0.7999, 0.6, 0.5999, 0.3, 0.2999, 0.0, np.nan], index=list("abcdefghi"))
    found = mastery_bands(shares)
    expected = ["secure"] * 2 + ["close"] * 2 + ["developing"] * 2 + ["more_time"] * 2
    assert found.dropna().to_dict() == dict(zip("abcdefgh", expected, strict=True))
    assert found.isna().to_dict() == {name: name == "i" for name in "abcdefghi"}


def test_bands_follow_the_mastery_share_and_rounding_costs_nobody_a_band():
    tenths = pd.Series([sum([0.1] * n) for n in range(11)])
    found = mastery_bands(tenths, cut=0.7)
    assert found.tolist() == ["more_time"] * 3 + ["developing"] * 3 + ["close"] + ["secure"] * 4


def test_one_share_has_the_band_of_many():
    tenths = pd.Series([n / 10 for n in range(11)])
    assert [mastery_band(share, cut=0.7) for share in tenths] == mastery_bands(tenths, cut=0.7).tolist()
