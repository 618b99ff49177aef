"""Flags that open and close without flapping."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datareview.analysis.hysteresis import flag_history

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


def test_one_that_is_gone_between_two_sightings_does_not_open():
    assert events((0, 1, False), (7, 0, False), (14, 1, False), (15, 1, False)) == [""] * 4


def test_it_closes_when_clear_past_the_margin_twice_a_week_apart():
    steps = [(0, 3, False), (7, 0, True), (13, 0, True), (14, 0, True)]
    assert events(*steps) == ["opened", "", "", "closed"]


def test_under_the_cut_but_within_the_margin_it_stays_open():
    steps = [(0, 3, False), *[(7 * week, 0, False) for week in range(1, 10)]]
    assert follow(*steps)["state"].tolist() == ["open"] * 10


def test_holding_again_within_a_month_is_the_same_flag_and_later_another():
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
def test_keys_do_not_touch_each_other_and_order_does_not_matter(first, second):
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
    said = out[out["event"] != ""].assign(kind=lambda rows: rows["event"] == "closed")
    before = said.groupby("key")["kind"].shift()
    assert not (said["kind"] == before).any()
    gaps = said["day"] - said.groupby("key")["day"].shift()
    assert gaps[said["event"] == "closed"].min() >= 7


def test_no_evaluations_are_no_flags():
    assert flag_history(pd.DataFrame({"key": [], "day": [], "severity": [], "is_clear": []})).empty
