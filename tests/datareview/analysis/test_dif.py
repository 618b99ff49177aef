"""Mantel–Haenszel, against R's mantelhaen.test on its two data sets and statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from datareview.analysis.dif import ets_category, item_dif, mantel_haenszel

pytestmark = pytest.mark.kernel

# R, UCBAdmissions: admitted men and women, then rejected ones, of six departments of Berkeley in 1973.
BERKELEY = [
    [[512, 89], [313, 19]], [[353, 17], [207, 8]], [[120, 202], [205, 391]],
    [[138, 131], [279, 244]], [[53, 94], [138, 299]], [[22, 24], [351, 317]],
]  # fmt: skip
# R, help of mantelhaen.test: penicillin in rabbits by five doses (Agresti 1990, pages 231 to 237).
RABBITS = [[[0, 6], [0, 5]], [[3, 3], [0, 6]], [[6, 0], [2, 4]], [[5, 1], [6, 0]], [[2, 0], [5, 0]]]


def simulated(n=1500, k=20, shift=0.0, seed=6):
    rng = np.random.default_rng(seed)
    focal = rng.random(n) < 0.4
    ability = rng.normal(np.where(focal, -0.5, 0.0), 1.0)
    hard = np.linspace(-1.5, 1.5, k)[None, :] + np.zeros((n, 1))
    hard[focal, 10] += shift
    points = (rng.random((n, k)) < 1 / (1 + np.exp(-1.2 * (ability[:, None] - hard)))).astype(float)
    return pd.DataFrame(points, columns=[f"q{at}" for at in range(k)]), focal


def test_berkeley_is_as_r_prints_it():
    found = mantel_haenszel(BERKELEY)
    assert found.ratio == pytest.approx(0.9046968, abs=5e-8)
    assert (float(found.low), float(found.high)) == pytest.approx((0.7719074, 1.0603298), abs=5e-8)
    assert found.chi_square == pytest.approx(1.4269, abs=5e-5)
    assert found.p == pytest.approx(0.2323, abs=5e-5)


def test_rabbits_are_as_r_prints_them():
    found = mantel_haenszel(RABBITS)
    assert found.ratio == pytest.approx(7.0)
    assert (float(found.low), float(found.high)) == pytest.approx((1.026713, 47.725133), abs=5e-6)
    assert found.chi_square == pytest.approx(3.9286, abs=5e-5)
    assert found.p == pytest.approx(0.04747, abs=5e-6)


def test_without_the_correction_it_is_statsmodels():
    tables = np.random.default_rng(1).integers(1, 40, (9, 2, 2))
    peer = StratifiedTable([table.astype(float) for table in tables])
    found = mantel_haenszel(tables, is_continuous=False)
    assert found.ratio == pytest.approx(peer.oddsratio_pooled)
    assert found.chi_square == pytest.approx(peer.test_null_odds(correction=False).statistic)
    assert (float(found.low), float(found.high)) == pytest.approx(peer.oddsratio_pooled_confint())
    with_correction = mantel_haenszel(tables)
    assert with_correction.chi_square == pytest.approx(peer.test_null_odds(correction=True).statistic)


def test_many_sets_of_tables_at_once_are_the_same_as_one_by_one():
    tables = np.random.default_rng(2).integers(0, 9, (5, 7, 2, 2))
    together = mantel_haenszel(tables)
    for at in range(5):
        alone = mantel_haenszel(tables[at])
        assert together.ratio[at] == pytest.approx(float(alone.ratio))
        assert together.p[at] == pytest.approx(float(alone.p))


def test_strata_of_one_student_and_empty_ones_change_nothing():
    more = [*RABBITS, [[0, 0], [0, 0]], [[1, 0], [0, 0]]]
    assert mantel_haenszel(more).chi_square == pytest.approx(float(mantel_haenszel(RABBITS).chi_square))
    assert mantel_haenszel(more).low == pytest.approx(float(mantel_haenszel(RABBITS).low))


def test_an_undefined_ratio_is_missing_and_never_infinite():
    found = mantel_haenszel([[[5, 0], [3, 2]]])
    assert np.isnan(found.ratio)
    assert np.isnan(mantel_haenszel([[[5, 0], [5, 0]]]).p)


def test_swapping_groups_inverts_the_ratio():
    points, focal = simulated()
    found, swapped = item_dif(points, focal), item_dif(points, ~focal)
    assert swapped["odds_ratio"].to_numpy() == pytest.approx(1 / found["odds_ratio"].to_numpy())
    assert swapped["delta"].to_numpy() == pytest.approx(-found["delta"].to_numpy())
    assert swapped["chi_square"].to_numpy() == pytest.approx(found["chi_square"].to_numpy())


def test_items_are_tables_by_total():
    points, focal = simulated()
    found, total = item_dif(points, focal), points.sum(axis=1)
    for item in ("q3", "q10"):
        tables = []
        for value in total.unique():
            at = total == value
            tables.append(
                [
                    [(points.loc[at & side, item] == 1).sum(), (points.loc[at & side, item] == 0).sum()]
                    for side in (~focal, focal)
                ]
            )
        alone = mantel_haenszel(tables)
        assert found.loc[item, "odds_ratio"] == pytest.approx(float(alone.ratio))
        assert found.loc[item, "chi_square"] == pytest.approx(float(alone.chi_square))
    assert (found["delta"] == -2.35 * np.log(found["odds_ratio"])).all()


def test_a_harder_item_for_one_group_is_found_though_the_groups_differ():
    points, focal = simulated(n=4000, shift=1.2)
    found = item_dif(points, focal)
    assert found.loc["q10", "category"] == "C"
    assert found.loc["q10", "delta"] < -1.5
    fair = item_dif(*simulated(n=4000))
    assert (fair["category"] == "A").mean() >= 0.95


@pytest.mark.parametrize(
    ("delta", "se", "p", "category"),
    [(0.99, 0.1, 0.001, "A"), (1.2, 0.9, 0.06, "A"), (1.0, 0.2, 0.001, "B"), (-1.5, 0.4, 0.001, "B"),
     (-1.5, 0.2, 0.001, "C"), (1.7, 0.42, 0.001, "C"), (1.7, 0.43, 0.001, "B")],
)  # fmt: skip
def test_categories_are_those_of_ets(delta, se, p, category):
    assert ets_category(np.array([delta]), np.array([se]), np.array([p])).tolist() == [category]


def test_small_groups_and_other_items_have_a_status():
    points, focal = simulated(n=200)
    found = item_dif(points, focal)
    assert set(found["status"]) == {"insufficient_data"}
    assert found[["odds_ratio", "p", "delta"]].isna().all(axis=None)
    assert found["category"].isna().all()
    points, focal = simulated()
    mixed = item_dif(points.assign(q1=points["q1"] * 2, q2=1.0), focal)
    assert mixed.loc[["q1", "q2"], "status"].tolist() == ["not_calculated"] * 2
    assert item_dif(points.head(0), focal[:0])["n_focal"].tolist() == [0] * 20
