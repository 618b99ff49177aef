"""Flags that open and close without flapping."""

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.hysteresis import flag_history, flag_keys, snoozed
from tests.properties import given, st

pytestmark = pytest.mark.kernel


def follow(*steps, key="a"):
    """Steps are (day, severity, is_clear)."""
    return flag_history(
        pd.DataFrame([(key, *step) for step in steps], columns=["key", "day", "severity", "is_clear"])
    )


def events(*steps):
    return follow(*steps)["event"].tolist()


def test_a_flag_opens_at_the_second_evaluation_a_week_apart():
    assert events((0, 1, False), (6, 1, False), (7, 1, False)) == ["", "", "opened"]
    assert follow((0, 1, False), (7, 2, False))["state"].tolist() == ["pending", "open"]


def test_a_severe_value_opens_at_once():
    assert events((0, 3, False)) == ["opened"]


def test_a_flag_does_not_open_if_its_rule_lapses_between_two_evaluations():
    assert events((0, 1, False), (7, 0, False), (14, 1, False), (15, 1, False)) == [""] * 4


def test_it_closes_when_clear_past_the_margin_twice_a_week_apart():
    steps = [(0, 3, False), (7, 0, True), (13, 0, True), (14, 0, True)]
    assert events(*steps) == ["opened", "", "", "closed"]


def test_under_the_cut_but_within_the_margin_it_stays_open():
    steps = [(0, 3, False), *[(7 * week, 0, False) for week in range(1, 10)]]
    assert follow(*steps)["state"].tolist() == ["open"] * 10


def test_within_a_month_the_same_flag_reopens_and_later_a_new_one_opens():
    steps = [
        (0, 3, False),
        (7, 0, True),
        (14, 0, True),
        (44, 3, False),
        (51, 0, True),
        (58, 0, True),
        (89, 3, False),
    ]
    out = follow(*steps)
    assert out["event"].tolist() == ["opened", "", "closed", "reopened", "", "closed", "opened"]
    assert out["number"].tolist() == [1, 1, 1, 1, 1, 1, 2]


@pytest.mark.sweep
@given(st.lists(st.sampled_from([(0, False), (1, False)]), min_size=20, max_size=60))
def test_a_value_that_flickers_at_its_cut_never_closes_and_opens_at_most_once(flicker):
    """Weekly, above or below the cut, never past the margin."""
    out = follow(*[(7 * week, severity, clear) for week, (severity, clear) in enumerate(flicker)])
    assert (out["event"] == "closed").sum() == 0
    assert (out["event"] == "opened").sum() <= 1


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=30),
)
def test_keys_are_independent_and_order_does_not_matter(first, second):
    rows = [("a", 7 * n, *step) for n, step in enumerate(first)] + [
        ("b", 5 * n, *s) for n, s in enumerate(second)
    ]
    frame = pd.DataFrame(rows, columns=["key", "day", "severity", "is_clear"])
    both = flag_history(frame.sample(frac=1, random_state=1))
    alone = flag_history(frame[frame["key"] == "b"])
    assert both[both["key"] == "b"].reset_index(drop=True).equals(alone)


def test_there_are_never_two_openings_without_a_closing_between():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "key": np.repeat(np.arange(300), 40),
            "day": np.tile(7 * np.arange(40), 300),
            "severity": rng.integers(0, 4, 12_000),
            "is_clear": rng.random(12_000) < 0.6,
        }
    )
    out = flag_history(frame)
    said = out[out["event"].isin(["opened", "reopened", "closed"])]
    said = said.assign(kind=lambda rows: rows["event"] == "closed")
    before = said.groupby("key")["kind"].shift()
    assert not (said["kind"] == before).any()
    gaps = said["day"] - said.groupby("key")["day"].shift()
    assert gaps[said["event"] == "closed"].min() >= 7


def test_no_evaluations_are_no_flags():
    assert flag_history(pd.DataFrame({"key": [], "day": [], "severity": [], "is_clear": []})).empty


def levels(*steps, **options):
    """Steps are (day, severity, keeps)."""
    rows = [("a", day, severity, keeps == 0, keeps) for day, severity, keeps in steps]
    frame = pd.DataFrame(rows, columns=["key", "day", "severity", "is_clear", "keeps"])
    return flag_history(frame, **options)


def test_a_flag_rises_after_two_evaluations_and_falls_after_two_past_the_margin():
    out = levels(
        (0, 1, 1),
        (7, 1, 1),
        (14, 2, 2),
        (21, 2, 2),
        (28, 1, 2),
        (35, 1, 1),
        (42, 1, 1),
        (49, 0, 0),
        (56, 0, 0),
    )
    assert out["level"].tolist() == [0, 1, 1, 2, 2, 2, 1, 1, 0]
    assert out["event"].tolist() == ["", "opened", "", "raised", "", "", "lowered", "", "closed"]


def test_a_severe_value_raises_at_once_and_is_left_slowly():
    out = levels((0, 1, 1), (7, 1, 1), (8, 3, 3), (9, 1, 1), (15, 1, 1), (16, 1, 1))
    assert out["level"].tolist() == [0, 1, 3, 3, 3, 1]


@pytest.mark.sweep
@given(st.lists(st.floats(0.085, 0.115), min_size=20, max_size=60))
def test_a_share_that_wavers_about_its_cut_opens_once_and_changes_no_more(shares):
    """Weekly shares of days absent within 1.5 points of the cut of 10%; the margin is two points."""
    steps = [(7 * week, 2 * (share >= 0.10), 2 * (share > 0.08)) for week, share in enumerate(shares)]
    out = levels(*steps)
    assert (out["event"] != "").sum() <= 1
    assert set(out["event"]) <= {"", "opened"}


@given(st.lists(st.integers(0, 3), min_size=10, max_size=60))
def test_a_level_is_never_left_and_reached_again_within_a_week_unless_severe(severities):
    """Evaluated every second day without any margin: the worst case."""
    out = levels(*[(2 * n, severity, severity) for n, severity in enumerate(severities)])
    changes = out[out["event"] != ""]
    mild = changes[changes["severity"] < 3]
    down = mild[mild["event"].isin(["lowered", "closed"])]["day"].to_numpy()
    up = mild[mild["event"].isin(["opened", "reopened", "raised"])]["day"].to_numpy()
    gaps = [later - day for day in down for later in up if later > day]
    assert min(gaps, default=7) >= 7
    assert (out["level"] >= (out["severity"] >= 3) * 3).all()


def test_several_rows_of_one_day_count_once_as_the_most_severe():
    twice = follow((0, 1, False), (0, 0, True), (7, 1, False), (7, 1, False))
    assert twice["event"].tolist() == ["", "opened"]
    assert flag_history(pd.concat([twice, twice])[["key", "day", "severity", "is_clear"]]).equals(
        follow((0, 1, False), (7, 1, False))
    )


def test_later_evaluations_do_not_change_the_history():
    rng = np.random.default_rng(8)
    steps = [
        (3 * n, int(s), bool(c))
        for n, (s, c) in enumerate(zip(rng.integers(0, 3, 50), rng.random(50) < 0.5, strict=True))
    ]
    whole = follow(*steps)
    for n in (1, 2, 17, 49):
        assert follow(*steps[:n]).equals(whole.iloc[:n])


def test_each_flag_has_one_key():
    rows = pd.DataFrame(
        {
            "student": ["1", "1", "1", "1|absence"],
            "indicator": ["absence", "absence", "absence", "x"],
            "school_year": [2025, 2025, 2026, 2025],
            "version": [1, 2, 1, 1],
        }
    )
    keys = flag_keys(rows)
    assert keys.nunique() == 4
    assert keys[0] == "1|absence|2025|1"
    assert flag_keys(rows.iloc[::-1]).sort_index().equals(keys)
    hostile = pd.DataFrame({"a": ["x|y", "x", "x\\|y", "x\\"], "b": ["z", "y|z", "z", "y|z"]})
    assert flag_keys(hostile, identity=["a", "b"]).nunique() == 4


OPEN = [(0, 2, False), *[(day, 2, False) for day in range(7, 120, 7)]]


def put_aside(history, *snoozes):
    frame = pd.DataFrame(snoozes, columns=["key", "day", "until"])
    return history["day"][snoozed(history, frame)].tolist()


def test_a_snooze_lasts_until_its_day_and_no_longer_than_thirty_days():
    history = follow(*OPEN)
    assert put_aside(history, ("a", 14, 28)) == [14, 21, 28]
    assert put_aside(history, ("a", 14, 1000)) == [14, 21, 28, 35, 42]
    assert put_aside(history, ("b", 14, 28)) == []
    assert put_aside(history) == []
    assert put_aside(history, ("a", 14, 28), ("a", 42, 49)) == [14, 21, 28, 42, 49]


def test_a_snooze_ends_when_the_flag_rises_and_hides_nothing_that_is_not_open():
    history = follow((0, 1, False), (7, 1, False), (14, 1, False), (21, 3, False), (28, 3, False))
    assert put_aside(history, ("a", 0, 28)) == []
    assert put_aside(history, ("a", 7, 28)) == [7, 14]
    assert put_aside(history, ("a", 21, 28)) == [21, 28]
