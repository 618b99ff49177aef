"""Cut points: set or default, each more serious than the one before."""

import pytest

from datareview.flags.cut_points import CUT_POINTS, are_ordered, cut_points_of


@pytest.mark.parametrize("kind", list(CUT_POINTS))
def test_usual_cut_points_are_ordered_and_may_be_set(kind):
    usual = cut_points_of(kind, {})
    assert usual == {cut_point.name: cut_point.usual for cut_point in CUT_POINTS[kind]}
    assert are_ordered(kind, usual)
    assert [
        cut_point.name
        for cut_point in CUT_POINTS[kind]
        if not cut_point.low <= cut_point.usual <= cut_point.high
    ] == []


def test_what_is_set_counts_and_the_rest_has_defaults():
    assert cut_points_of("behavior", {"act": 7, "unknown": 1}) == {"watch": 2, "act": 7, "window": 90}


@pytest.mark.parametrize(
    ("kind", "changed", "is_ordered"),
    [
        ("attendance", {"watch": 9.9, "act": 10}, True),
        ("attendance", {"watch": 10, "act": 10}, False),
        ("attendance", {"watch": 10.1, "act": 10}, False),
        ("attendance", {"act": 19.9}, True),
        ("attendance", {"act": 20}, False),
        ("behavior", {"watch": 4}, True),
        ("behavior", {"watch": 5}, False),
        ("course", {"act": 69}, True),
        ("course", {"act": 70}, False),
        ("course", {"act": 71}, False),
        ("growth", {"min_scores": 30}, True),
    ],
)
def test_cut_points_grow_more_serious(kind, changed, is_ordered):
    """Marks fall as they grow more serious, absence and incidents rise."""
    assert are_ordered(kind, cut_points_of(kind, changed)) is is_ordered
