"""Validation of a score on a later year."""

import json

import numpy as np
import pytest

from datareview.analysis.flagquality import at_capacity, rank_quality
from datareview.analysis.probability import calibration
from datareview.analysis.validation import split_by_year, validate

pytestmark = pytest.mark.kernel

YEARS = {"learned": [2022, 2023], "tested": [2024], "as_of_week": 8, "capacity": 60}


def students(n=600, seed=3):
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 12, n)
    p = 1 / (1 + np.exp(2.5 - 0.4 * score))
    return score, (rng.random(n) < p).astype(float), p


def test_validation_reports_the_cohort_the_week_and_the_figures():
    score, y, p = students()
    record = validate(score, y, probability=p, cohort="grade 9", outcome_name="failed a course", **YEARS)
    assert (record.status, record.word, record.n) == ("ok", "", 600)
    assert record.base_rate == y.mean()
    assert record.ranking == rank_quality(score, y)
    assert record.capacity == at_capacity(score, y, 60)
    assert record.calibration == calibration(p, y)
    assert record.threshold.flagged == (score >= record.capacity.threshold).sum()
    assert json.loads(json.dumps(record.to_json()))["learned"] == [2022, 2023]


def test_under_fifty_it_is_not_validated_here():
    score, y, _p = students()
    y = np.where(np.cumsum(y) <= 49, y, 0)
    record = validate(score, y, **YEARS)
    assert (record.status, record.word, record.ranking.positives) == (
        "insufficient_data",
        "not validated here",
        49,
    )
    assert record.calibration is None
    nobody = validate([], [], **YEARS)
    assert (nobody.base_rate, nobody.threshold) == (None, None)


@pytest.mark.parametrize("years", [{"tested": [2023]}, {"tested": []}, {"tested": [2024, 2022]}])
def test_training_years_cannot_be_test_years(years):
    score, y, _p = students()
    with pytest.raises(ValueError, match="later years"):
        validate(score, y, **{**YEARS, **years})
    assert validate(score, y, **{**YEARS, "learned": []}).learned == ()


def test_students_who_got_help_are_also_left_out():
    score, y, _p = students()
    helped = score >= 10
    record = validate(score, np.where(helped, 0, y), is_helped=helped, **YEARS)
    assert record.untouched == rank_quality(score[~helped], y[~helped])
    assert record.untouched.auc > record.ranking.auc


def test_earlier_years_train_and_later_ones_test():
    years = np.array([2022, 2024, 2023, 2024])
    learn, test = split_by_year(years, first_tested=2024)
    assert (learn.tolist(), test.tolist()) == ([True, False, True, False], [False, True, False, True])
    for first in (2022, 2025):
        with pytest.raises(ValueError, match="split by time"):
            split_by_year(years, first_tested=first)
