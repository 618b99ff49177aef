"""Mastery of standards by hand, and Wilson's interval of the class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from datareview.analysis.mastery import class_mastery, mastery_band, mastery_bands, standard_shares
from tests.datareview.analysis.samples import ONE, answers

pytestmark = pytest.mark.kernel


def standards(points):
    return pd.Series(["A"] * 5 + ["B"] * 3, index=points.columns).where(lambda s: s.index != "q7", "A")


def test_a_standard_needs_three_items():
    points = answers(n=2, k=8)
    found = standard_shares(points, ONE, standards(points))
    assert found[["standard", "status", "items"]].drop_duplicates().to_numpy().tolist() == [
        ["A", "ok", 6],
        ["B", "insufficient_data", 2],
    ]
    assert found["got"].sum() == points.to_numpy().sum()
    assert found.loc[found["standard"] == "B", "is_mastered"].isna().all()
    assert points.equals(answers(n=2, k=8))


@pytest.mark.parametrize(
    ("got", "possible", "cut", "mastered"),
    [
        (4, 5, 0.8, True),
        (3, 5, 0.8, False),
        (7, 10, 0.7, True),
        (12, 15, 0.8, True),
        (21, 30, 0.7, True),
        (0, 3, 0, True),
    ],
)
def test_a_student_on_the_cut_has_mastered_whatever_floats_say(got, possible, cut, mastered):
    first = min(got, possible - 2)
    points = pd.DataFrame([[first, got - first, 0.0]], columns=list("abc"))
    full = pd.Series([possible - 2, 1, 1], index=list("abc"))
    found = standard_shares(points, full, pd.Series("A", index=list("abc")), cut=cut)
    assert found[["got", "possible", "is_mastered"]].to_numpy().tolist() == [[got, possible, mastered]]


def test_the_class_has_wilsons_interval():
    points = answers()
    shares = standard_shares(points, ONE, standards(points), cut=0.5)
    found = class_mastery(shares)
    ok = shares[shares["standard"] == "A"]
    cases = int((ok["got"] >= 3).sum())
    assert found.loc["A", ["n", "mastering"]].tolist() == [60, cases]
    expected = proportion_confint(cases, 60, method="wilson")
    assert found.loc["A", ["low", "high"]].tolist() == pytest.approx(list(expected))
    assert found.loc["B", "status"] == "insufficient_data"
    assert found.loc["B", ["mastering", "share", "low", "high"]].isna().all()


def test_items_without_a_standard_are_left_out_and_blanks_score_0():
    points = answers(n=12)
    points.iloc[0, :] = np.nan
    points.iloc[1, 0] = np.inf
    standard = pd.Series(["A"] * 4 + [None] * 4, index=points.columns, dtype=object)
    found = standard_shares(points, ONE, standard)
    assert found["possible"].tolist() == [4.0] * 12
    assert found["got"].iloc[0] == 0
    assert found["got"].iloc[1] == points.iloc[1, 1:4].sum()
    assert class_mastery(found).index.tolist() == ["A"]


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
