"""Hidden cells that nobody can work out."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datareview.analysis.suppression import Sum, bounds_of, code_rate, suppress, table_sums

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


def test_nothing_small_hides_nothing_and_nobody_is_not_small():
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


def test_sums_that_do_not_hold_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        suppress({"a": 1, "b": 2, "all": 4}, [Sum(("a", "b"), "all")])
    with pytest.raises(ValueError, match="whole numbers"):
        suppress({"a": -1, "b": 2, "all": 1}, [Sum(("a", "b"), "all")])


def attack(cells, sums, concealed):
    """Every assignment of whole numbers to hidden cells that agrees with all that is shown, by trying them all."""
    names = sorted(concealed, key=str)
    most = max(cells.values())
    found = {name: set() for name in names}
    for values in itertools.product(range(most + 1), repeat=len(names)):
        guess = {**cells, **dict(zip(names, values, strict=True))}
        if all(sum(guess[part] for part in one.parts) == guess[one.total] for one in sums):
            for name, value in zip(names, values, strict=True):
                found[name].add(value)
    return found


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_an_attacker_who_tries_everything_is_left_with_two_possibilities(counts):
    cells = {f"c{n}": count for n, count in enumerate(counts)} | {"all": sum(counts)}
    sums = [Sum(tuple(f"c{n}" for n in range(len(counts))), "all")]
    concealed = hidden(cells, sums, min_n=4)
    if len(concealed) <= 4:
        found = attack(cells, sums, concealed)
        if "all" not in concealed:
            assert all(len(values) >= 2 for values in found.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4))
def test_in_every_table_each_small_cell_is_hidden_and_safe(rows):
    cells, sums = table_sums(pd.DataFrame(rows, columns=list("xyz")))
    concealed = hidden(cells, sums)
    assert {name for name, count in cells.items() if 0 < count < 10} <= concealed
    assert all(bounds.is_safe for bounds in bounds_of(cells, sums, concealed).values())
    assert concealed == hidden(dict(reversed(cells.items())), sums[::-1])


def test_bounds_are_those_of_the_numbers_left_possible():
    cells = {"a": 1, "b": 2, "c": 5, "all": 8}
    sums = [Sum(("a", "b", "c"), "all")]
    found = bounds_of(cells, sums, {"a", "b"})
    assert {name: (one.low, one.high) for name, one in found.items()} == {"a": (0, 3), "b": (0, 3)}
    assert {name: (min(v), max(v)) for name, v in attack(cells, sums, {"a", "b"}).items()} == {
        "a": (0, 3),
        "b": (0, 3),
    }


@pytest.mark.parametrize(
    ("cases", "n", "said"),
    [
        (5, 9, ("suppressed", None, "")),
        (9, 10, ("ok", 90.0, ">=")),
        (1, 10, ("ok", 10.0, "<=")),
        (5, 10, ("ok", 50.0, "")),
        (20, 21, ("ok", 95.0, ">=")),
        (19, 21, ("ok", 90.0, "")),
        (1, 21, ("ok", 5.0, "<=")),
        (98, 100, ("ok", 98.0, ">=")),
        (2, 41, ("ok", 5.0, "")),
        (0, 41, ("ok", 2.0, "<=")),
        (1000, 1000, ("ok", 99.0, ">=")),
        (11, 1000, ("ok", 1.0, "")),
        (11, 10, ("suppressed", None, "")),
        (0, 0, ("suppressed", None, "")),
    ],
)
def test_rates_at_their_ends_are_coded_by_the_size_of_the_group(cases, n, said):
    assert code_rate(cases, n) == said


def test_it_is_quick_for_a_school():
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.integers(0, 60, (9, 7)), columns=list("abcdefg"))
    cells, sums = table_sums(table)
    assert all(one.is_safe for one in bounds_of(cells, sums, hidden(cells, sums)).values())
