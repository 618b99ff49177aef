"""All indices at once, and those of many students: the same numbers as one by one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.caseeffects import effects, effects_by_series, preferred_index
from datareview.analysis.tau import baseline_trend

pytestmark = pytest.mark.kernel

A = [20.0, 20, 26, 25, 22, 23]
B = [28.0, 25, 24, 27, 30, 30, 29]
NAMES = {
    "nap", "pnd", "pem", "pand", "ird", "tau", "tau_u_parker", "tau_ab_plus_b_minus_a", "tau_bc",
    "tau_bc_nonoverlap", "smd_within", "smd_within_pooled",
}  # fmt: skip


def frame(seed=5, series=40):
    rng = np.random.default_rng(seed)
    rows = []
    for key in range(series):
        m, n = rng.integers(0, 8), rng.integers(0, 12)
        days = np.sort(rng.choice(np.arange(739000, 739200), m + n, replace=False))
        values = rng.integers(0, 12, m + n) + 0.3 * np.arange(m + n)
        rows += [
            {
                "series": key,
                "is_intervention": at >= m,
                "day": day,
                "value": value,
                "higher_is_better": key % 3 > 0,
            }
            for at, (day, value) in enumerate(zip(days, values, strict=True))
        ]
    return pd.DataFrame(rows)


def test_every_index_is_there_under_its_own_name():
    found = effects(A, B, scale="count")
    assert set(found.effects) == NAMES
    assert {name for name, one in found.effects.items() if one.name != name or one.status != "ok"} == set()
    assert set(found.responses) == {"lrr_i", "lrr_d"}
    assert (found.status, found.preferred, found.strength) == ("ok", "nap", "medium")
    assert {one.log.status for one in effects(A, B).responses.values()} == {"not_calculated"}


def test_a_baseline_with_a_trend_prefers_the_corrected_index():
    assert effects([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).preferred == "tau_bc"
    assert preferred_index(baseline_trend([3.0, 3, 3, 3])) == "nap"
    assert preferred_index(baseline_trend([1.0, 2])) == "nap"


def test_too_little_is_a_status_everywhere():
    found = effects([1.0, 2], B, scale="count")
    assert (found.status, found.strength) == ("insufficient_data", None)
    assert {(one.status, one.value) for one in found.effects.values()} == {("insufficient_data", None)}


def test_many_students_have_the_numbers_of_each_alone():
    scores = frame()
    table = effects_by_series(scores)
    seen = set()
    for key, part in scores.groupby("series"):
        a, b = part[~part["is_intervention"]], part[part["is_intervention"]]
        one = effects(
            a["value"].to_numpy(),
            b["value"].to_numpy(),
            days=(a["day"].to_numpy(), b["day"].to_numpy()),
            higher_is_better=bool(part["higher_is_better"].iloc[0]),
        )
        row = table.loc[key]
        seen.add((row["status"], "none" if pd.isna(row["preferred"]) else row["preferred"]))
        assert (row["status"], row["n_baseline"], row["n_intervention"]) == (one.status, len(a), len(b))
        for name in NAMES - {"smd_within", "smd_within_pooled"}:
            value = one.effects[name].value
            assert row[name] == pytest.approx(np.nan if value is None else value, nan_ok=True), name
        if one.status == "ok":
            nap = one.effects["nap"]
            assert (row["nap_se"], row["nap_low"], row["nap_high"]) == pytest.approx(
                (nap.se, nap.low, nap.high)
            )
            assert (row["preferred"], row["strength"]) == (one.preferred, one.strength)
            assert row["tau_bc_p"] == pytest.approx(one.effects["tau_bc"].p)
        else:
            assert row[["preferred", "strength"]].isna().all()
    assert seen == {("ok", "nap"), ("ok", "tau_bc"), ("insufficient_data", "none")}


def test_rows_may_come_in_any_order_and_others_change_nothing():
    scores = frame()
    table = effects_by_series(scores)
    pd.testing.assert_frame_equal(effects_by_series(scores.sample(frac=1, random_state=2)), table)
    some = scores[scores["series"] < 10]
    pd.testing.assert_frame_equal(
        effects_by_series(some), table.loc[some["series"].unique()], check_dtype=False
    )


def test_scores_of_one_day_count_once():
    day = dt.date(2024, 2, 29)
    days = [day + dt.timedelta(7 * at) for at in range(13)]
    scores = pd.DataFrame(
        {"series": "x", "is_intervention": [False] * 6 + [True] * 7, "day": days, "value": [*A, *B]}
    )
    table = effects_by_series(scores)
    assert table.loc["x", "nap"] == pytest.approx(38.5 / 42)
    twice = pd.concat([scores.assign(value=scores["value"] - 1), scores.assign(value=scores["value"] + 1)])
    pd.testing.assert_frame_equal(effects_by_series(twice), table)
    same_day = scores.assign(day=day)
    assert effects_by_series(same_day)["status"].tolist() == ["insufficient_data"]


def test_no_rows_give_an_empty_result_and_series_without_values_a_status():
    columns = ["series", "is_intervention", "day", "value"]
    assert effects_by_series(frame().head(0)[columns]).empty
    gone = frame(series=3).assign(value=np.inf)
    assert set(effects_by_series(gone)["status"]) == {"insufficient_data"}
