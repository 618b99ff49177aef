"""No small group's result can be worked out from what is released."""

import numpy as np
import pytest

from datareview.analysis.disclosure import bounds_of
from datareview.gaps.cells import RowCount, RowKey, hidden_rows, sums_of
from tests.properties import given, settings, st

LEAST = 10


def counts_of(cells):
    """Counts with all sums, from those of (grade, category, group)."""
    found: dict[RowKey, RowCount] = {}

    def add(key, n, at):
        old = found.get(key, RowCount(0, 0))
        found[key] = RowCount(old.n + n, old.at + at)

    for (grade, category, group), (n, at) in cells.items():
        for scope in (grade, None):
            add(RowKey(scope, category, group), n, at)
            if category == "language":
                add(RowKey(scope, "", ""), n, at)
    return found


@st.composite
def schools(draw):
    """Two to four grades; two categories that divide the same students, each grade at random."""
    cells = {}
    for grade in range(draw(st.integers(2, 4))):
        students = draw(
            st.lists(st.tuples(st.booleans(), st.sampled_from("ab"), st.sampled_from("xyz")), max_size=60)
        )
        for category, place in (("language", 1), ("programme", 2)):
            for group in sorted({one[place] for one in students}):
                theirs = [one[0] for one in students if one[place] == group]
                cells[grade, category, group] = (len(theirs), sum(theirs))
    return counts_of(cells)


def recovered(counts, hidden, of):
    """Hidden rows whose count is a linear combination of the shown ones: what any number of subtractions gives."""
    names = sorted(hidden, key=str)
    at = {name: place for place, name in enumerate(names)}
    rows = []
    for one in sums_of(counts):
        row = np.zeros(len(names))
        for name, sign in [*((part, 1) for part in one.parts), (one.total, -1)]:
            if name in at:
                row[at[name]] += sign
        if row.any():
            rows.append(row)
    if not rows:
        return set()
    _left, values, right = np.linalg.svd(np.array(rows))
    null = right[int((values > 1e-9).sum()) :]
    return {name for name in names if np.abs(null[:, at[name]]).sum() < 1e-9}


@pytest.mark.sweep
@settings(max_examples=40)
@given(schools())
def test_no_small_group_follows_by_subtraction_over_all_scopes_and_categories(counts):
    hidden = hidden_rows(counts, LEAST)
    small = {key for key, row in counts.items() if 0 < row.n < LEAST or (row.n and row.at in (0, row.n))}
    assert small <= hidden
    assert not recovered(counts, hidden, "n") & small
    if hidden == {key for key, row in counts.items() if row.n}:
        return
    for values in (
        {key: row.n for key, row in counts.items()},
        {key: row.at for key, row in counts.items()},
        {key: row.n - row.at for key, row in counts.items()},
    ):
        known = bounds_of(values, sums_of(counts), hidden)
        assert all(known[key].is_safe for key in small)


def test_a_small_group_takes_another_row_and_another_grade_with_it():
    """Nine learners in grade 0: the others there would give them away, and so would those of grades 1 and 2."""
    cells = {
        (0, "language", "learner"): (9, 3),
        (0, "language", ""): (40, 25),
        (1, "language", "learner"): (15, 6),
        (1, "language", ""): (40, 25),
        (2, "language", "learner"): (20, 9),
        (2, "language", ""): (40, 25),
    }
    counts = counts_of(cells)
    hidden = hidden_rows(counts, LEAST)
    assert hidden == {
        RowKey(0, "language", "learner"),
        RowKey(0, "language", ""),
        RowKey(1, "language", "learner"),
        RowKey(1, "language", ""),
    }


def test_nothing_is_hidden_where_all_groups_are_large():
    cells = {(grade, "language", group): (30, 12) for grade in (0, 1) for group in ("learner", "")}
    assert hidden_rows(counts_of(cells), LEAST) == set()


def test_a_group_whose_students_are_all_alike_is_hidden():
    cells = {
        (0, "language", "learner"): (12, 0),
        (0, "language", "a"): (30, 20),
        (0, "language", "b"): (30, 10),
    }
    hidden = hidden_rows(counts_of(cells), LEAST)
    assert RowKey(0, "language", "learner") in hidden
    assert len({key for key in hidden if key.scope == 0}) >= 2
