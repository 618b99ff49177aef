"""Hidden cells that no one can infer."""

import itertools

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.disclosure import Sum, bounds_of
from datareview.analysis.suppression import suppress
from datareview.analysis.tables import table_sums, view_sums
from tests.properties import example, given, settings, st

pytestmark = pytest.mark.kernel


def hidden(cells, sums, **options):
    return {name for name, is_hidden in suppress(cells, sums, **options).items() if is_hidden}


def row(**counts):
    cells = {**counts, "all": sum(counts.values())}
    return cells, [Sum(tuple(counts), "all")]


def test_one_small_cell_takes_the_next_smallest_with_it():
    cells, sums = row(a=4, b=30, c=55)
    assert hidden(cells, sums) == {"a", "b"}


def test_two_small_cells_that_add_up_to_too_few_take_a_third():
    cells, sums = row(a=4, b=5, c=55, d=80)
    assert hidden(cells, sums) == {"a", "b", "c"}


def test_without_small_cells_nothing_is_hidden_and_zero_is_not_small():
    cells, sums = row(a=10, b=0, c=55)
    assert hidden(cells, sums) == set()


def test_two_by_two_hides_all_four_and_no_margin():
    cells, sums = table_sums(pd.DataFrame({"yes": [3, 40], "no": [60, 70]}, index=["g", "h"]))
    assert hidden(cells, sums) == {("g", "yes"), ("g", "no"), ("h", "yes"), ("h", "no")}


def test_a_filter_that_leaves_out_one_group_gives_it_away_and_is_seen():
    """All of grade 4, and all but the four in section B: their difference is the section."""
    cells = {"all": 84, "without B": 80, "B": 4, "A": 42, "C": 38}
    tables = [Sum(("A", "B", "C"), "all"), Sum(("A", "C"), "without B"), Sum(("without B", "B"), "all")]
    alone = hidden({name: cells[name] for name in ("A", "B", "C", "all")}, tables[:1])
    assert alone == {"B", "C"}
    exposed = bounds_of(cells, tables, alone)
    assert (exposed["B"].low, exposed["B"].high) == (4, 4)
    both = hidden(cells, tables)
    assert all(bounds.is_safe for bounds in bounds_of(cells, tables, both).values())


def test_what_was_published_before_cannot_protect():
    cells, sums = row(a=4, b=30)
    with pytest.raises(ValueError, match="published before"):
        suppress(cells, sums, shown=["b", "all"])


def test_sums_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        suppress({"a": 1, "b": 2, "all": 4}, [Sum(("a", "b"), "all")])
    with pytest.raises(ValueError, match="a count must be 0 or more"):
        suppress({"a": -1, "b": 2, "all": 1}, [Sum(("a", "b"), "all")])


def attack(cells, sums, concealed):
    """Values of each hidden cell that agree with everything shown, by trying all whole numbers.

    The attacker knows that empty cells are shown, unless one was hidden. A hidden total is the sum of its parts,
    however large.
    """
    least = 0 if any(cells[name] == 0 for name in concealed) else 1
    totals = [one for one in sums if one.total in concealed]
    names = sorted(concealed - {one.total for one in totals}, key=str)
    found = {name: set() for name in concealed}
    for values in itertools.product(range(least, max(cells.values()) + 5), repeat=len(names)):
        guess = {**cells, **dict(zip(names, values, strict=True))}
        guess |= {one.total: sum(guess[part] for part in one.parts) for one in totals}
        if all(sum(guess[part] for part in one.parts) == guess[one.total] for one in sums):
            for name in concealed:
                found[name].add(guess[name])
    return found


@pytest.mark.sweep
@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_an_attacker_who_tries_everything_is_left_with_several_possibilities(counts):
    cells = {f"c{n}": count for n, count in enumerate(counts)} | {"all": sum(counts)}
    sums = [Sum(tuple(f"c{n}" for n in range(len(counts))), "all")]
    concealed = hidden(cells, sums, min_n=4)
    if len(concealed) <= 4:
        found = attack(cells, sums, concealed)
        assert all(max(values) - min(values) >= 3 for values in found.values())


@pytest.mark.sweep
@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 6), min_size=4, max_size=4), st.lists(st.integers(0, 3), min_size=2, max_size=3)
)
@example([2, 6, 2, 1], [0, 1])
def test_an_attacker_with_overlapping_filters_is_left_with_several_possibilities(counts, chosen):
    """Four sections; filters show pairs of neighbors together, besides the sections and their total."""
    names = ["a", "b", "c", "d"]
    cells = dict(zip(names, counts, strict=True)) | {"all": sum(counts)}
    sums = [Sum(tuple(names), "all")]
    for first in sorted(set(chosen)):
        pair = (names[first], names[(first + 1) % 4])
        cells["+".join(pair)] = cells[pair[0]] + cells[pair[1]]
        sums.append(Sum(pair, "+".join(pair)))
    concealed = hidden(cells, sums, min_n=3)
    assert {name for name, count in cells.items() if 0 < count < 3} <= concealed
    bounds = bounds_of(cells, sums, concealed)
    assert all(one.high - one.low >= 2 for one in bounds.values())
    if len(concealed) <= 5:
        found = attack(cells, sums, concealed)
        for name, one in bounds.items():
            assert min(found[name]) == one.low
            assert max(found[name]) == one.high or one.high > max(cells.values())


def test_whole_numbers_may_say_more_than_a_linear_program():
    """a+b, b+c and c+a are an odd cycle: 2a = 3 + 5 - 4 has one whole solution, and so has a range of halves."""
    cells = {"a": 2, "b": 1, "c": 3, "ab": 3, "bc": 4, "ca": 5, "d": 4, "abcd": 10}
    sums = [Sum(("a", "b"), "ab"), Sum(("b", "c"), "bc"), Sum(("c", "a"), "ca")]
    found = bounds_of(cells, sums, {"a", "b", "c"})
    assert {name: (one.low, one.high) for name, one in found.items()} == {
        "a": (2, 2),
        "b": (1, 1),
        "c": (3, 3),
    }
    concealed = hidden(cells, sums)
    assert all(one.high - one.low >= 3 for one in bounds_of(cells, sums, concealed).values())


def test_ten_groups_of_one_are_not_given_away_by_their_number():
    """Ten hidden cells that are not empty and add up to ten are all 1."""
    cells = {f"c{n}": 1 for n in range(10)} | {"all": 10}
    sums = [Sum(tuple(f"c{n}" for n in range(10)), "all")]
    assert bounds_of(cells, sums, set(cells) - {"all"})["c0"].is_safe is False
    assert "all" in hidden(cells, sums)


@pytest.mark.sweep
@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4))
def test_in_every_table_each_small_cell_is_hidden_and_safe(rows):
    cells, sums = table_sums(pd.DataFrame(rows, columns=list("xyz")))
    concealed = hidden(cells, sums)
    assert {name for name, count in cells.items() if 0 < count < 10} <= concealed
    assert all(one.high - one.low >= 3 for one in bounds_of(cells, sums, concealed).values())
    assert concealed == hidden(dict(reversed(cells.items())), sums[::-1])
    for one in sums:
        inside = [name for name in one.parts if name in concealed]
        if inside and one.total not in concealed:
            assert len(inside) > 1
            assert sum(cells[name] for name in inside) >= 10


def test_bounds_are_those_of_the_numbers_left_possible():
    cells = {"a": 1, "b": 2, "c": 5, "all": 8}
    sums = [Sum(("a", "b", "c"), "all")]
    found = bounds_of(cells, sums, {"a", "b"})
    assert {name: (one.low, one.high) for name, one in found.items()} == {"a": (1, 2), "b": (1, 2)}
    assert {name: (min(v), max(v)) for name, v in attack(cells, sums, {"a", "b"}).items()} == {
        "a": (1, 2),
        "b": (1, 2),
    }
    free = bounds_of(cells, sums, {"a", "all"})
    assert (free["a"].low, free["a"].high, free["all"].low) == (1, np.inf, 8)


def school(n=400, seed=5):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "grade": rng.integers(3, 6, n),
            "section": rng.choice(list("ABC"), n),
            "group": rng.choice(["w", "x", "y", "z"], n, p=[0.6, 0.3, 0.07, 0.03]),
        }
    )


def test_views_add_up_and_share_their_cells():
    students = school()
    cells, sums, unpublished = view_sums(students, [("grade",), ("group", "grade"), (), ("section",)])
    assert cells[()] == 400
    assert cells[("grade", 3),] == (students["grade"] == 3).sum()
    both = (students["grade"] == 3) & (students["group"] == "z")
    assert cells[("grade", 3), ("group", "z")] == both.sum()
    assert all(sum(cells[part] for part in one.parts) == cells[one.total] for one in sums)
    assert len(unpublished) == len(students.drop_duplicates())
    assert view_sums(students, [("grade", "group", "section"), ("grade",)])[2] == set()
    assert view_sums(students, [()]) == ({(): 400}, [], set())


@pytest.mark.sweep
def test_no_difference_between_views_gives_a_small_group_away():
    views = [(), ("grade",), ("section",), ("grade", "group"), ("section", "group"), ("group",)]
    cells, sums, unpublished = view_sums(school(), views)
    concealed = hidden(cells, sums, unpublished=unpublished)
    small = {name for name, count in cells.items() if 0 < count < 10}
    assert small <= concealed
    assert len(concealed - unpublished) < len(cells) - len(unpublished)
    bounds = bounds_of(cells, sums, concealed, unpublished=unpublished)
    assert min(one.high - one.low for name, one in bounds.items() if name in small) >= 3


def test_a_section_seen_only_as_a_difference_is_protected():
    """The reader sees all of grade 3 and a filter that leaves out section B, never section B itself."""
    cells = {"A": 42, "B": 4, "C": 38, "all": 84, "without B": 80}
    sums = [Sum(("A", "B", "C"), "all"), Sum(("A", "C"), "without B")]
    concealed = hidden(cells, sums, unpublished={"A", "B", "C"})
    bounds = bounds_of(cells, sums, concealed, unpublished={"A", "B", "C"})
    assert len(concealed & {"all", "without B"}) == 1
    assert bounds["B"].high - bounds["B"].low >= 3
    large = hidden({**cells, "B": 40, "all": 120}, sums, unpublished={"A", "B", "C"})
    assert large == {"A", "B", "C"}


def test_it_is_quick_for_a_school():
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.integers(0, 60, (9, 7)), columns=list("abcdefg"))
    cells, sums = table_sums(table)
    assert all(one.is_safe for one in bounds_of(cells, sums, hidden(cells, sums)).values())
