"""Chances that growth is below a line, and sets of flags with few wrong ones."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.shortfall import error_correlation, flag_by_chance, growth_chances
from datareview.analysis.trends import fit_trends

pytestmark = pytest.mark.kernel


def fits(slopes, *, n=10, see=8.0):
    weeks = np.arange(n) - (n - 1) / 2
    return pd.DataFrame({"status": "ok", "n": n, "slope": slopes, "sxx": float(weeks @ weeks), "see": see})


def rows_of(values):
    many, weeks = values.shape
    series, week = np.repeat(np.arange(many), weeks), np.tile(np.arange(weeks), many)
    return pd.DataFrame({"series": series, "day": 739_000 + 7 * week, "value": values.ravel()})


def test_chances_are_those_of_the_whole_posterior():
    """Brute force: every combination of mu and tau, weighted by the likelihood of all slopes."""
    slopes = np.random.default_rng(5).normal(1.0, 1.0, 16)
    one = fits(slopes)
    v = 64.0 / one["sxx"].iloc[0]
    mu, tau = np.meshgrid(np.linspace(-4, 6, 801), np.linspace(0, 3 * slopes.std(ddof=1), 60))
    log = sum(stats.norm.logpdf(b, mu, np.sqrt(tau**2 + v)) for b in slopes)
    log += np.log(np.maximum(tau, 1e-300)) - 2 * np.log(v + tau**2)  # v / (v + tau²) uniform on 0 to 1
    weight = np.exp(log - log.max())
    own = tau**2 / (tau**2 + v)
    mean = mu + own * (slopes[0] - mu)
    sd = np.sqrt(np.maximum(own * v, 1e-12))
    below = (weight * stats.norm.cdf((0.6 - mean) / sd)).sum() / weight.sum()
    middle = (weight * mean).sum() / weight.sum()
    found = growth_chances(one, pd.DataFrame({"half": 0.6}, index=one.index)).loc[0]
    assert (found["half"], found["slope"]) == (
        pytest.approx(below, abs=2e-3),
        pytest.approx(middle, abs=2e-3),
    )


@pytest.mark.parametrize(("shift", "times"), [(0.7, 1.0), (0.0, 3.0)])
def test_another_unit_or_origin_changes_no_chance(shift, times):
    slopes = np.random.default_rng(2).normal(1.2, 0.8, 40)
    plain = growth_chances(fits(slopes), pd.DataFrame({"line": np.full(40, 1.2)}))
    other = growth_chances(
        fits(times * slopes + shift, see=8.0 * times),
        pd.DataFrame({"line": np.full(40, times * 1.2 + shift)}),
    )
    assert other["line"].to_numpy() == pytest.approx(plain["line"].to_numpy())


def test_under_fifteen_series_and_without_a_line_there_is_no_chance():
    few = growth_chances(fits(np.linspace(0, 2, 14)), pd.DataFrame({"line": np.ones(14)}))
    assert (set(few["status"]), few["line"].isna().all()) == ({"insufficient_data"}, True)
    enough = growth_chances(fits(np.linspace(0, 2, 15)), pd.DataFrame({"line": [np.nan, *np.ones(14)]}))
    assert (set(enough["status"]), enough["line"].isna().tolist()) == ({"ok"}, [True] + [False] * 14)


def test_errors_that_hang_together_make_chances_less_certain():
    slopes = np.random.default_rng(3).normal(1.2, 1.0, 40)
    lines = pd.DataFrame({"line": np.full(40, 1.2)})
    plain, wide = (growth_chances(fits(slopes), lines, correlation=r)["line"] for r in (0.0, 0.4))
    assert (wide - 0.5).abs().mean() < 0.7 * (plain - 0.5).abs().mean()


@pytest.mark.sweep
@pytest.mark.parametrize("correlation", [0.0, 0.3])
@pytest.mark.parametrize("many", [20, 60])
def test_of_those_with_a_chance_of_80_percent_four_of_five_are_below(many, correlation):
    said = true = flagged = wrong = 0.0
    rng = np.random.default_rng(many)
    for _ in range(100):
        growth = rng.normal(1.2, 0.5, many)
        errors = rng.normal(0, 8, (many, 14))
        for week in range(1, 14):
            errors[:, week] = (
                correlation * errors[:, week - 1] + np.sqrt(1 - correlation**2) * errors[:, week]
            )
        scores = rows_of(60 + growth[:, None] * np.arange(14) + errors)
        one = fit_trends(scores)
        lines = pd.DataFrame({"line": 1.2}, index=one.index)
        chance = growth_chances(one, lines, correlation=error_correlation(scores))["line"].to_numpy()
        sure = chance >= 0.8
        said, true = said + chance[sure].sum(), true + (growth[sure] < 1.2).sum()
        chosen = flag_by_chance(chance, least=0.8, wrong=0.1)
        flagged, wrong = flagged + chosen.sum(), wrong + (growth[chosen] >= 1.2).sum()
    assert 0.88 < true / said < 1.08
    assert wrong / flagged < (
        0.17 if many == 60 else 0.23
    )  # few peers say little about how much students differ


def test_the_correlation_of_errors_is_found_in_short_series():
    rng = np.random.default_rng(8)
    for true in (0.0, 0.4):
        errors = rng.normal(0, 1, (400, 12))
        for week in range(1, 12):
            errors[:, week] = true * errors[:, week - 1] + np.sqrt(1 - true**2) * errors[:, week]
        assert error_correlation(rows_of(errors)) == pytest.approx(true, abs=0.05)
    assert error_correlation(rows_of(rng.normal(0, 1, (5, 3)))) == 0.0
    assert error_correlation(rows_of(np.tile(np.arange(8.0), (5, 1)))) == 0.0


@pytest.mark.parametrize(
    ("chance", "least", "wrong", "flagged"),
    [
        ([0.99, 0.95, 0.85, 0.5], 0.8, 0.10, [True, True, True, False]),  # (.01 + .05 + .15) / 3 = .07
        ([0.99, 0.95, 0.85, 0.5], 0.8, 0.06, [True, True, False, False]),
        ([0.99, 0.95, 0.85, 0.5], 0.9, 0.10, [True, True, False, False]),
        ([0.85, 0.85, 0.99], 0.8, 0.08, [False, False, True]),  # the two are flagged together or not at all
        ([0.85, np.nan], 0.8, 0.10, [False, False]),
        ([0.85, np.nan], 0.8, 0.15, [True, False]),
        ([], 0.8, 0.1, []),
    ],
)
def test_the_largest_set_is_flagged_whose_expected_share_of_wrong_flags_is_allowed(
    chance, least, wrong, flagged
):
    assert flag_by_chance(np.array(chance, float), least=least, wrong=wrong).tolist() == flagged


def test_sets_of_grades_together_keep_the_rate():
    rng = np.random.default_rng(1)
    grades = [rng.beta(2, 1, 40) for _ in range(6)]
    flagged = [flag_by_chance(one, least=0.6, wrong=0.1) for one in grades]
    wrong = np.concatenate([1 - one[at] for one, at in zip(grades, flagged, strict=True)])
    assert len(wrong) > 20
    assert wrong.mean() <= 0.1
