"""A trend in words that agree with its interval, or a message if there is too little data."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.records.models import Measure
from datareview.trends.models import Trend
from datareview.trends.queries.trends import trend_in_words

FIRST = dt.date(2025, 1, 6)


def words(*, derived_from="", unit="", days=70, **fields):
    usual = {
        "status": "ok",
        "n": 10,
        "first_on": FIRST,
        "last_on": FIRST + dt.timedelta(days=days),
        "last_value": 88.5,
        "slope": 1.0,
        "slope_low": 0.5,
        "slope_high": 1.5,
    }
    return trend_in_words(
        Trend(**{**usual, **fields}), Measure(name="ORF", derived_from=derived_from, unit=unit)
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"n": 0}, "No scores this year."),
        ({"n": 1}, "One score, on Mar 17, 2025: 88.5."),
        (
            {"n": 2, "status": "insufficient_data", "slope": None},
            "Too early for a trend: 2 scores since Jan 6, 2025.",
        ),
        ({"n": 3, "status": "undefined_zero_variance", "slope": None}, "The same on all 3 days."),
        (
            {"n": 3, "status": "undefined_zero_variance", "slope": None, "derived_from": "attendance"},
            "The same in all 3 weeks.",
        ),
        ({"n": 5}, "Too early for a trend: 5 scores since Jan 6, 2025."),
        ({"n": 6, "days": 41}, "Too early for a trend: 6 scores since Jan 6, 2025."),
        ({"n": 6, "days": 42}, "Rising 1.0 a week (+0.5 to +1.5), 6 scores since Jan 6, 2025."),
    ],
)  # fmt: skip
def test_too_little_data_has_a_message(fields, said):
    assert words(**fields) == said


def test_without_a_trend_the_message_is_no_score():
    assert trend_in_words(None, Measure(name="ORF")) == "No scores this year."


@pytest.mark.parametrize(
    ("low", "slope", "high", "said"),
    [
        (0.04, 0.08, 0.12, "Rising 0.08 a week (+0.04 to +0.12), 10 scores since Jan 6, 2025."),
        (0.0, 0.5, 1.0, "No clear direction (between 0 and +1.0 a week), 10 scores since Jan 6, 2025."),
        (
            -0.04,
            0.5,
            1.0,
            "No clear direction (between −0.04 and +1.00 a week), 10 scores since Jan 6, 2025.",
        ),
        (-1.0, -0.5, 0.0, "No clear direction (between −1.0 and 0 a week), 10 scores since Jan 6, 2025."),
        (-1.0, -0.5, -0.04, "Falling 0.50 a week (−1.00 to −0.04), 10 scores since Jan 6, 2025."),
        (-1.0, -0.5, -0.1, "Falling 0.5 a week (−1.0 to −0.1), 10 scores since Jan 6, 2025."),
    ],
)
def test_a_direction_is_named_only_if_the_interval_excludes_zero(low, slope, high, said):
    assert words(slope_low=low, slope=slope, slope_high=high) == said


def test_typical_growth_and_outliers_are_added():
    assert words(expected_slope=1.2, has_outlier=True).endswith(
        "Jan 6, 2025. Typical for the grade: +1.2. One or more unusual scores affect this."
    )


PROJECTED = {
    "projected_on": dt.date(2025, 6, 30),
    "projected_value": 120.4,
    "projected_low": 110,
    "projected_high": 131,
}


def test_a_forecast_of_a_percentage_says_so():
    forecast = {**PROJECTED, "projected_value": 88.4, "projected_low": 83, "projected_high": 93}
    said = words(unit="% correct", projected_cut=90, chance=0.3, **forecast)
    assert said.endswith(
        "Expected on Jun 30, 2025: 88% (80% of such scores are between 83% and 93%); 90% is rather unlikely."
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "."),
        ({"chance": 0.3}, "."),
        ({"projected_cut": 133, "chance": 0.3}, "; 133 is rather unlikely."),
        ({"projected_cut": 133, "chance": 0.8}, "; 133 is likely."),
    ],
)
def test_a_forecast_is_given_with_its_interval_and_a_band(fields, said):
    assert words(**PROJECTED, **fields).endswith(
        f"Expected on Jun 30, 2025: 120 (80% of such scores are between 110 and 131){said}"
    )


@pytest.mark.parametrize("derived_from", ["attendance", "incidents"])
def test_weekly_measures_have_no_forecast(derived_from):
    assert words(derived_from=derived_from, **PROJECTED) == words(derived_from=derived_from)


@pytest.mark.parametrize(("low", "high", "is_said"), [(0, 0, False), (-0.2, 0.4, False), (0, 0.6, True)])
def test_an_interval_that_prints_without_width_is_no_forecast(low, high, is_said):
    forecast = {**PROJECTED, "projected_value": 0.1, "projected_low": low, "projected_high": high}
    assert ("Expected on" in words(**forecast)) is is_said
