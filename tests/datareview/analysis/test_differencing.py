"""Parts of a total that follow by subtraction."""

from itertools import combinations

import numpy as np

from datareview.analysis.differencing import exposed_members, exposed_parts
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


CLASS_OF = {f"{name}{one}": name for name in "ABC" for one in range(8)}
OF_A, OF_B, OF_C = ({one for one, name in CLASS_OF.items() if name == which} for which in "ABC")


def test_a_member_who_joins_a_sum_follows_and_so_do_four():
    first = OF_A | OF_B - {"B0", "B1", "B2"} | OF_C - {"C0", "C1"}
    assert exposed_members(CLASS_OF, [], [first, first | {"B0"}]) == {"B0"}
    assert exposed_members(CLASS_OF, [], [first, first | {"B0", "B1", "C0", "C1"}]) == {
        "B0",
        "B1",
        "C0",
        "C1",
    }
    assert exposed_members(CLASS_OF, [], [first, first | {"B0", "B1", "B2", "C0", "C1"}]) == set()
    assert exposed_members(CLASS_OF, OF_C, [first, first | {"B0", "B1", "B2", "C0", "C1"}]) == {
        "B0",
        "B1",
        "B2",
    }


def test_what_follows_from_steps_together_counts():
    first = OF_A | OF_B - {"B0", "B1", "B2"} | OF_C - {"C0", "C1", "C2"}
    sums = [first, first | {"B0", "B1", "B2", "C0", "C1"}, first | {"B0", "B1", "B2", "C0", "C1", "C2"}]
    assert exposed_members(CLASS_OF, [], sums) == {"C2"}


def test_a_sum_over_members_of_one_class_or_of_one_persons_classes_follows():
    first = OF_A | OF_C
    assert exposed_members(CLASS_OF, [], [first, first | OF_B]) == OF_B
    late = OF_B - {"B0"} | {"C0"}
    assert exposed_members(CLASS_OF, [], [OF_A | OF_C - late, OF_A | OF_C | late], [["B", "C"]]) == late
    assert exposed_members(CLASS_OF, [], [OF_A | OF_C - late, OF_A | OF_C | late]) == set()


@given(
    sums=st.lists(st.sets(st.integers(0, 7), min_size=3), min_size=1, max_size=4),
    known=st.sets(st.integers(0, 7)),
)
def test_no_combination_of_sums_over_few_members_is_missed(sums, known):
    """Members of no class: every set of fewer than three is looked at."""
    found = exposed_members(dict.fromkeys(range(8)), known, sums, fewest=3)
    matrix = np.array([[one in each and one not in known for one in range(8)] for each in sums], float)
    rank = np.linalg.matrix_rank(matrix)

    def free(part):  # dimensions of what follows about ``part`` alone: what its columns add to the others'
        return rank - np.linalg.matrix_rank(np.delete(matrix, part, axis=1))

    parts = [part for size in (1, 2) for part in combinations(set(range(8)) - known, size)]
    truth = {
        one for part in parts for one in part if free(part) > free([each for each in part if each != one])
    }
    assert found == truth
