"""Small numbers hidden so that nobody can work them out: from a total, a neighbouring row, or another table.

Counts are non-negative whole numbers. A *sum* says that some cells add up to another one (a row to its total);
sums of all tables that one reader may open belong in one list, since what one table hides another may give
away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

from datareview.analysis.schema import OK, SUPPRESSED

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

MIN_N = 10  # the modal minimum of states, NCES 2011-603
CODED = ((10, 20, 10), (21, 40, 5), (41, 100, 2), (101, None, 1))  # n from, n to, per cent


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` is the sum of ``parts``; all are names of cells."""

    parts: tuple[Hashable, ...]
    total: Hashable


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a reader can work out about a hidden cell from everything shown: it lies from ``low`` to ``high``."""

    low: float
    high: float

    @property
    def is_safe(self) -> bool:
        """Whether at least two whole numbers remain possible."""
        return self.high - self.low >= 1 - 1e-6


def suppress(
    cells: Mapping[Hashable, int], sums: Sequence[Sum], *, min_n: int = MIN_N, shown: Sequence[Hashable] = ()
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
    shown : sequence
        Cells that were published before and cannot be hidden any more.

    Returns
    -------
    dict
        Name → True where the cell is hidden.

    Raises
    ------
    ValueError
        Where the sums do not hold, or a small cell cannot be protected because what gives it away was
        published before.

    Notes
    -----
    1. Every count from 1 to min_n - 1 is hidden. 2. In each sum with one hidden cell, or whose hidden cells add
    up to less than min_n, the smallest other part is hidden too (the total, where no part is left). 3. For each
    hidden cell, linear programming finds the least and greatest value that agrees with all that is shown; where
    they leave fewer than two whole numbers, the smallest cell that shares a sum with it is hidden, and again.
    Deterministic: ties go by name. Not for magnitudes (mean scores), which need rules of dominance.

    References
    ----------
    Hundepool and others (2012), Statistical Disclosure Control, ch. 4; NCES 2011-603, Statistical Methods for
    Protecting Personally Identifiable Information in Aggregate Reporting.
    """
    _check(cells, sums)
    sums = sorted(sums, key=lambda one: (str(one.total), str(one.parts)))
    hidden = {name for name, count in cells.items() if 0 < count < min_n and name not in shown}
    order = {name: (cells[name], str(name)) for name in cells}
    fixed = set(shown)
    while True:
        _hide_in_sums(cells, sums, hidden, fixed, order, min_n)
        exposed = [name for name, bounds in bounds_of(cells, sums, hidden).items() if not bounds.is_safe]
        if not exposed:
            return {name: name in hidden for name in cells}
        _hide_beside(min(exposed, key=order.__getitem__), sums, hidden, fixed, order)


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
    fixed: set[Hashable],
    order: Mapping[Hashable, tuple[int, str]],
    min_n: int,
) -> None:
    """Within each sum the hidden cells must be two or more, and together ``min_n`` or more."""
    changed = True
    while changed:
        changed = False
        for one in sums:
            inside = [name for name in (*one.parts, one.total) if name in hidden]
            small = (
                sum(cells[name] for name in inside if name != one.total) < min_n and one.total not in hidden
            )
            if not inside or (len(inside) > 1 and not small):
                continue
            left = [
                name for name in one.parts if name not in hidden and name not in fixed and cells[name] > 0
            ]
            if not left and len(inside) > 1:
                continue  # every part is hidden already: the total is all that is known
            choice = left or [name for name in (one.total,) if name not in hidden and name not in fixed]
            if choice:
                hidden.add(min(choice, key=order.__getitem__))
                changed = True


def _hide_beside(
    name: Hashable,
    sums: Sequence[Sum],
    hidden: set[Hashable],
    fixed: set[Hashable],
    order: Mapping[Hashable, tuple[int, str]],
) -> None:
    """Hide the smallest cell that shares a sum with an exposed one."""
    beside = {
        other
        for one in sums
        if name in (*one.parts, one.total)
        for other in (*one.parts, one.total)
        if other not in hidden and other not in fixed
    }
    if not beside:
        raise ValueError(f"{name!r} cannot be protected: what gives it away was published before.")
    # Empty cells protect nothing unless nothing else is left.
    hidden.add(min(beside, key=lambda other: (order[other][0] == 0, order[other])))


def bounds_of(
    cells: Mapping[Hashable, int], sums: Sequence[Sum], hidden: set[Hashable]
) -> dict[Hashable, Bounds]:
    """What a reader who knows every shown cell and every sum can work out about each hidden one.

    Parameters
    ----------
    cells, sums
        As for `suppress`.
    hidden : set
        Names of hidden cells.

    Returns
    -------
    dict
        Name → `Bounds`, by linear programming over all sums at once: hidden cells are 0 or more.

    Notes
    -----
    Over whole numbers the bounds can only be tighter than the linear ones; they are rounded inwards. A reader who
    knows more (a sibling's result) can do better.

    References
    ----------
    Fischetti & Salazar-González (2000), J. Am. Stat. Assoc. 95, 916 (the attacker's problem).
    """
    names = sorted(hidden, key=str)
    if not names:
        return {}
    at = {name: index for index, name in enumerate(names)}
    rows, known = [], []
    for one in sums:
        row = np.zeros(len(names))
        right = 0.0
        for name, sign in [*((part, 1.0) for part in one.parts), (one.total, -1.0)]:
            if name in at:
                row[at[name]] += sign
            else:
                right -= sign * cells[name]
        if row.any():
            rows.append(row)
            known.append(right)
    found = {}
    for name in names:
        cost = np.zeros(len(names))
        cost[at[name]] = 1.0
        low, high = (_solve(sign * cost, rows, known) for sign in (1.0, -1.0))
        found[name] = Bounds(np.ceil(low - 1e-6), np.floor(-high + 1e-6))
    return found


def _solve(cost: np.ndarray, rows: list[np.ndarray], known: list[float]) -> float:
    if not rows:
        return 0.0 if cost.sum() > 0 else -np.inf
    result = optimize.linprog(
        cost, A_eq=np.array(rows), b_eq=np.array(known), bounds=(0, None), method="highs"
    )
    return float(result.fun) if result.status == 0 else -np.inf


def table_sums(table: pd.DataFrame) -> tuple[dict[Hashable, int], list[Sum]]:
    """Cells and sums of a two-way table of counts with its margins.

    Cells are named (row, column); the margins (row, "all"), ("all", column) and ("all", "all").
    """
    cells: dict[Hashable, int] = {
        (row, column): int(table.loc[row, column]) for row in table.index for column in table.columns
    }
    sums = []
    for row in table.index:
        cells[row, "all"] = int(table.loc[row].sum())
        sums.append(Sum(tuple((row, column) for column in table.columns), (row, "all")))
    for column in [*table.columns, "all"]:
        cells["all", column] = sum(cells[row, column] for row in table.index)
        sums.append(Sum(tuple((row, column) for row in table.index), ("all", column)))
    sums.append(Sum(tuple(("all", column) for column in table.columns), ("all", "all")))
    return cells, sums


def code_rate(cases: int, n: int, *, min_n: int = MIN_N) -> tuple[str, float | None, str]:
    """A rate as it may be published: (status, per cent, sign).

    Parameters
    ----------
    cases, n : int
        Students with the outcome, and all students of the group.
    min_n : int
        Groups under it are "suppressed".

    Returns
    -------
    tuple
        Status; the rate in per cent, whole, or its bound; and "", ">=" or "<=" for a coded end: of 10 to 20
        students ends from 10 and 90 %, of 21 to 40 from 5 and 95, of 41 to 100 from 2 and 98, beyond from 1
        and 99.

    References
    ----------
    NCES (2010), Statewide Longitudinal Data Systems Technical Brief 3 (NCES 2011-603), reporting rules.
    """
    if n < max(min_n, 1) or not 0 <= cases <= n:
        return SUPPRESSED, None, ""
    margin = next((end for first, last, end in CODED if n >= first and (last is None or n <= last)), 10)
    if 100 * cases >= (100 - margin) * n:
        return OK, float(100 - margin), ">="
    if 100 * cases <= margin * n:
        return OK, float(margin), "<="
    return OK, float(round(100 * cases / n)), ""
