"""Hide small counts so that no one can infer them from a total, a neighboring row or another table.

`tables` turns tables and filters into cells and sums; `disclosure` finds what a reader can infer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from datareview.analysis.disclosure import SLACK, Reader, Sum
from datareview.analysis.door import door
from datareview.analysis.inputs import AS_IS, Count

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

MIN_N = 10  # the most common minimum among states, NCES 2011-603
WIDTH = 3  # a count known to within one is as good as known, so its bounds must be further apart
ROUNDS = 12  # searches in random directions, which clear most cells before any is searched on its own


@door(cells=Count(), sums=AS_IS, min_n=Count(), width=Count(), shown=AS_IS, unpublished=AS_IS)
def suppress(
    cells: Mapping[Hashable, int],
    sums: Sequence[Sum],
    *,
    min_n: int = MIN_N,
    width: int | None = None,
    shown: Collection[Hashable] = (),
    unpublished: Collection[Hashable] = (),
) -> dict[Hashable, bool]:
    """Choose the cells to hide: small ones, and as few others as needed so that small ones cannot be inferred.

    Parameters
    ----------
    cells : mapping
        Name of each cell → count of students, 0 or more. The same cell in two tables has one name.
    sums : sequence of Sum
        How cells add up, over every table and filter that the same reader may open.
    min_n : int
        Counts from 1 to ``min_n`` - 1 are hidden; 0 identifies no one and is shown.
    width : int, optional
        Minimum distance between the lowest and highest possible value of a hidden cell; by default 3, or
        ``min_n`` - 1 if that is less.
    shown : collection
        Cells that have already been published and can no longer be hidden.
    unpublished : collection
        Cells that no table shows but that add up to those of tables (students in one grade, section *and* group):
        small ones must not follow from differences between tables either.

    Returns
    -------
    dict
        Name → True where the cell is hidden, as all unpublished ones are.

    Raises
    ------
    ValueError
        If the sums do not add up, or a small cell cannot be protected because cells that give it away have already
        been published.

    Notes
    -----
    1. Every count from 1 to min_n - 1 is hidden. 2. In each sum with one hidden cell, or whose hidden cells add
    up to less than min_n, the smallest other part is hidden too (the total, if no part is left). 3. For each
    hidden cell, integer linear programming finds the lowest and highest value consistent with everything shown
    (`disclosure.bounds_of`); if they are less than ``width`` apart, the smallest cell that shares a sum with it is
    hidden, and step 3 is repeated. Hiding more never makes a safe cell unsafe, so this ends. Deterministic: ties are
    broken by name. Not the smallest possible suppression, which is hard to find; not for magnitudes (mean scores),
    which need dominance rules. A table opened later must be checked together with the earlier ones. A dozen tables
    of a few thousand students by section take a minute: compute once and store the result.

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
    """Ensure that each sum with hidden cells has at least two, which together hold ``min_n`` or more."""
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
    """Hide the smallest cell that shares a sum with an exposed one; if none is left, look one sum further."""
    reached = {name}
    while True:
        around = {other for one in sums for other in _if_any(one, reached)} - reached
        choice = [other for other in around if other not in hidden and other not in fixed]
        if choice:
            # Empty cells come last: they protect little.
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
    """Find the first cell whose bounds are too tight, and add the ones before it to ``safe``.

    Every solution has values for all cells: those that differ enough between two solutions need no further search.
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
