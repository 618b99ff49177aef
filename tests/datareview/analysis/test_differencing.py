"""Parts of a total that follow by subtraction."""

import numpy as np

from datareview.analysis.differencing import exposed_parts
from tests.properties import given, st

CLASSES = {"A": 24, "B": 25, "C": 23, "D": 22}


def test_one_unknown_part_follows_from_the_total():
    assert exposed_parts({"A": 24, "B": 25}, ["A"], [["A", "B"]]) == {"B"}


def test_two_unknown_parts_do_not_follow():
    assert exposed_parts(CLASSES, ["A"], [["A", "B", "C"]]) == set()


def test_the_only_part_is_its_total():
    assert exposed_parts({"A": 24}, [], [["A"]]) == {"A"}


def test_a_class_that_came_in_later_follows_from_the_totals_before_and_after():
    assert exposed_parts(CLASSES, ["A"], [["A", "B", "C"], ["A", "B", "C", "D"]]) == {"D"}


def test_three_sums_of_pairs_expose_all_three():
    assert exposed_parts(CLASSES, [], [["B", "C"], ["C", "D"], ["B", "D"]]) == {"B", "C", "D"}


def test_a_part_of_two_students_hides_no_other_one():
    assert exposed_parts({"A": 24, "B": 25, "C": 2}, ["A"], [["A", "B", "C"]]) == {"B"}


def test_a_small_part_is_itself_protected():
    assert exposed_parts({"A": 24, "C": 2}, ["A"], [["A", "C"]]) == {"C"}


def test_nothing_seen_exposes_nothing():
    assert exposed_parts(CLASSES, [], []) == set()
    assert exposed_parts({}, [], []) == set()


def test_a_sum_of_one_person_follows_though_none_of_the_parts_does():
    assert exposed_parts(CLASSES, [], [["A", "B"]], [["A", "B"]]) == {"A", "B"}
    assert exposed_parts(CLASSES, ["C"], [["A", "B", "C"]], [["A", "B"]]) == {"A", "B"}
    assert exposed_parts(CLASSES, [], [["A", "C", "D"], ["B", "C", "D"]], [["A", "B"]]) == {"A", "B"}
    assert exposed_parts(CLASSES, ["C"], [["A", "B", "C", "D"]], [["A", "B"]]) == set()
    assert exposed_parts(CLASSES, ["A"], [["A", "B", "C"]], [["A", "B"], ["C", "X"]]) == set()
    assert exposed_parts({"A": 24, "B": 25, "C": 2}, [], [["A", "B", "C"]], [["A", "B"]]) == {"A", "B"}


@given(
    known=st.sets(st.sampled_from("ABCDEF")),
    sums=st.lists(st.sets(st.sampled_from("ABCDEF"), min_size=1), max_size=4),
    seed=st.integers(0, 1000),
)
def test_a_part_that_is_not_exposed_can_differ_without_any_sum_changing(known, sums, seed):
    """The reader's equations have, for each such part, a second solution with another value."""
    sizes = dict.fromkeys("ABCDEF", 20)
    exposed = exposed_parts(sizes, known, sums)
    seen = [*sums, *([one] for one in sorted(known))]
    matrix = np.array([[name in one for name in "ABCDEF"] for one in seen], float).reshape(-1, 6)
    truth = np.random.default_rng(seed).normal(size=6)
    for place, name in enumerate("ABCDEF"):
        moved = np.zeros(6)
        moved[place] = 1.0
        # The change of the other parts that keeps every sum: least squares finds it if there is one.
        rest = np.delete(matrix, place, axis=1)
        if matrix.size:
            others = np.linalg.lstsq(rest, -matrix[:, place], rcond=None)[0]
            moved[np.arange(6) != place] = others
        keeps = np.allclose(matrix @ (truth + moved), matrix @ truth)
        assert keeps == (name not in exposed and name not in known)
