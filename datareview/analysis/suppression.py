"""Small numbers hidden so that nobody can work them out: from a total, a neighbouring row, or another table.

`tables` makes cells and sums of tables and filters, `disclosure` says what a reader can work out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from datareview.analysis.disclosure import SLACK, Reader, Sum

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

MIN_N = 10  # the modal minimum of states, NCES 2011-603
WIDTH = 3  # known to within one is as good as known: the bounds must be further apart than that
ROUNDS = 12  # searches in directions of chance, which clear most cells before any is looked at by itself


def suppress(
    cells: Mapping[Hashable, int],
    sums: Sequence[Sum],
    *,
    min_n: int = MIN_N,
    width: int | None = None,
    shown: Collection[Hashable] = (),
    unpublished: Collection[Hashable] = (),
) -> dict[Hashable, bool]:
    """Choose the cells to hide: small ones, and as few more as it takes that they cannot be worked out.

    Parameters
    ----------
    cells : mapping
        Name of each cell → count of students, 0 or more. The same cell in two tables has one name.
    sums : sequence of Sum
        How cells add up, over every table and filter that the same reader may open.
    min_n : int
        Counts from 1 to ``min_n`` - 1 are hidden; 0 says of nobody in particular and is shown.
    width : int, optional
        How far apart the least and greatest possible value of a hidden cell must be; 3, or ``min_n`` - 1 where
        that is less, if it is not given.
    shown : collection
        Cells that were published before and cannot be hidden any more.
    unpublished : collection
        Cells that no table shows but that tables are made of (students in one grade, section *and* group):
        small ones must not come out of differences between tables either.

    Returns
    -------
    dict
        Name → True where the cell is hidden, as all unpublished ones are.

    Raises
    ------
    ValueError
        Where the sums do not hold, or a small cell cannot be protected because what gives it away was
        published before.

    Notes
    -----
    1. Every count from 1 to min_n - 1 is hidden. 2. In each sum with one hidden cell, or whose hidden cells add
    up to less than min_n, the smallest other part is hidden too (the total, where no part is left). 3. For each
    hidden cell, linear programming in whole numbers finds the least and greatest value that agrees with all that
    is shown (`disclosure.bounds_of`); where they are less than ``width`` apart, the smallest cell that shares a
    sum with it is hidden, and again. Hiding more never makes a safe cell unsafe, so it ends. Deterministic: ties go by name.
    Not the least possible suppression, which is hard to find; not for magnitudes (mean scores), which need rules
    of dominance. A table that is opened later must be checked together with those before it. A dozen tables of a
    few thousand students by section take a minute: choose once, and keep what was chosen.

    References
    ----------
    Hundepool and others (2012), Statistical Disclosure Control, ch. 4; NCES 2011-603, Statistical Methods for
    Protecting Personally Identifiable Information in Aggregate Reporting.
    """
    _check(cells, sums)
    apart = min(WIDTH, min_n - 1) if width is None else width
    sums = sorted(sums, key=lambda one: (str(one.total), str(one.parts)))
    fixed, never = set(shown), set(unpublished)
    small = {name for name, count in cells.items() if 0 < count < min_n}
    hidden = (small - fixed) | never
    order = {name: (cells[name], str(name)) for name in cells}
    safe: set[Hashable] = set()
    while True:
        _hide_in_sums(cells, sums, hidden, small | (hidden - never), fixed, min_n)
        asked = sorted((hidden - safe) & (small | (hidden - never)), key=order.__getitem__)
        exposed = _first_exposed(Reader(cells, sums, hidden, never), asked, safe, apart)
        if exposed is None:
            return {name: name in hidden for name in cells}
        _hide_beside(exposed, sums, hidden, fixed, order)


def _check(cells: Mapping[Hashable, int], sums: Sequence[Sum]) -> None:
    if any(count < 0 or count != int(count) for count in cells.values()):
        raise ValueError("Counts must be whole numbers from 0.")
    for one in sums:
        if sum(cells[part] for part in one.parts) != cells[one.total]:
            raise ValueError(f"The parts of {one.total!r} do not add up to it.")


def _hide_in_sums(
    cells: Mapping[Hashable, int],
    sums: Sequence[Sum],
    hidden: set[Hashable],
    concerned: set[Hashable],
    fixed: set[Hashable],
    min_n: int,
) -> None:
    """Within each sum the hidden cells must be two or more, and together ``min_n`` or more."""
    changed = True
    while changed:
        changed = False
        for one in sums:
            inside = [name for name in (*one.parts, one.total) if name in hidden]
            if concerned.isdisjoint(inside):
                continue
            together = sum(cells[name] for name in inside if name != one.total)
            if len(inside) > 1 and (together >= min_n or one.total in hidden):
                continue
            free = [
                name for name in one.parts if name not in hidden and name not in fixed and cells[name] > 0
            ]
            if not free and len(inside) == 1 and one.total not in hidden and one.total not in fixed:
                free = [one.total]
            if free:
                chosen = min(free, key=lambda name: (cells[name], str(name)))
                hidden.add(chosen)
                concerned.add(chosen)
                changed = True


def _hide_beside(
    name: Hashable,
    sums: Sequence[Sum],
    hidden: set[Hashable],
    fixed: set[Hashable],
    order: Mapping[Hashable, tuple[int, str]],
) -> None:
    """Hide the smallest cell that can be reached from an exposed one, the nearest first."""
    reached = {name}
    while True:
        around = {other for one in sums for other in _if_any(one, reached)} - reached
        choice = [other for other in around if other not in hidden and other not in fixed]
        if choice:
            # Empty cells protect nothing unless nothing else is left.
            hidden.add(min(choice, key=lambda other: (order[other][0] == 0, order[other])))
            return
        if not around:
            raise ValueError(f"{name!r} cannot be protected: what gives it away was published before.")
        reached |= around


def _if_any(one: Sum, names: set[Hashable]) -> tuple[Hashable, ...]:
    all_of_it = (*one.parts, one.total)
    return () if names.isdisjoint(all_of_it) else all_of_it


def _first_exposed(
    reader: Reader, asked: Sequence[Hashable], safe: set[Hashable], apart: int
) -> Hashable | None:
    """The first cell whose bounds are too tight; adds to ``safe`` those that are not.

    Every solution speaks of all cells: those that two solutions put far enough apart need no search of their own.
    """
    if not asked:
        return None
    low = high = reader.truth
    left = list(asked)
    directions = np.random.default_rng(0)
    for _round in range(0 if safe or len(left) == 1 else ROUNDS):
        for values in reader.ends(left, directions.choice([-1.0, 1.0], len(left))):
            low, high = np.minimum(low, values), np.maximum(high, values)
        left = [name for name in left if (high - low)[reader.at[name]] < apart - SLACK]
        if not left:
            break
    for name in asked:
        place = reader.at[name]
        if high[place] - low[place] < apart - SLACK:
            for values in reader.ends([name]):
                low, high = np.minimum(low, values), np.maximum(high, values)
        if high[place] - low[place] < apart - SLACK:
            return name
        safe.add(name)
    return None
