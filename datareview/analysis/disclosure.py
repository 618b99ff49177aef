"""What a reader can infer about hidden counts from everything that is shown to them.

Counts are non-negative whole numbers. A *sum* says that some cells add up to another one (a row to its total). The
sums of all tables that one reader may open belong in one list: what one table hides another may give away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, sparse

from datareview.analysis.door import door
from datareview.analysis.inputs import AS_IS, Count

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

MOST_WHOLE = 60  # hidden cells up to which an integer program is solved; with more, a linear one
SLACK = 1e-6  # tolerance of the solver


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` is the sum of ``parts``; all are names of cells."""

    parts: tuple[Hashable, ...]
    total: Hashable


@dataclass(frozen=True, slots=True)
class Bounds:
    """Range from ``low`` to ``high`` that a reader can infer for a hidden cell from everything shown."""

    low: float
    high: float

    @property
    def is_safe(self) -> bool:
        """Whether at least two whole numbers remain possible."""
        return self.high - self.low >= 1


class Reader:
    """A reader who knows every shown cell and every sum, and solves for the hidden ones."""

    def __init__(
        self,
        cells: Mapping[Hashable, int],
        sums: Iterable[Sum],
        hidden: Collection[Hashable],
        unpublished: Collection[Hashable] = (),
    ) -> None:
        self.names = sorted(hidden, key=str)
        self.at = {name: index for index, name in enumerate(self.names)}
        rows: list[int] = []
        columns: list[int] = []
        signs: list[float] = []
        known: list[float] = []
        for one in sums:
            right, inside = 0, False
            for name, sign in [*((part, 1) for part in one.parts), (one.total, -1)]:
                if name in self.at:
                    inside = True
                    rows.append(len(known))
                    columns.append(self.at[name])
                    signs.append(float(sign))
                else:
                    right -= sign * cells[name]
            if inside:
                known.append(float(right))
        shape = (len(known), len(self.names))
        self._sums = sparse.csr_array((signs, (rows, columns)), shape=shape) if known else None
        self._known = np.array(known)
        # Empty cells are shown, so a hidden cell has a student, unless empty ones had to be hidden or it is in no table.
        empty = any(cells[name] == 0 for name in self.names if name not in unpublished)
        least = [0.0 if empty or name in unpublished else 1.0 for name in self.names]
        self._most = float(2 * sum(cells.values()) + 10)  # above any value that the shown cells could bound
        self._bounds = optimize.Bounds(least, np.full(len(self.names), self._most))
        self.truth = np.array([cells[name] for name in self.names], float)

    def values(self, cost: np.ndarray) -> np.ndarray:
        """Whole numbers that agree with everything shown and minimize ``cost``."""
        holds = () if self._sums is None else optimize.LinearConstraint(self._sums, self._known, self._known)
        whole = np.full(len(cost), int(len(cost) <= MOST_WHOLE))
        found = optimize.milp(cost, constraints=holds, bounds=self._bounds, integrality=whole)
        if found.x is None:  # no better solution than the true one was found
            return self.truth
        return np.asarray(found.x)

    def ends(
        self, names: Sequence[Hashable], weights: np.ndarray | float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Two solutions: one minimizes the weighted sum of ``names``, one maximizes it."""
        cost = np.zeros(len(self.names))
        cost[[self.at[name] for name in names]] = weights
        return self.values(cost), self.values(-cost)

    def bounds(self, name: Hashable) -> Bounds:
        """Lowest and highest possible value of one hidden cell."""
        low, high = (values[self.at[name]] for values in self.ends([name]))
        # Only whole numbers are possible, so the bounds of a linear program are rounded inward.
        low, high = np.ceil(low - SLACK), np.floor(high + SLACK)
        return Bounds(float(low), np.inf if high > self._most / 2 else float(high))


@door(cells=Count(), sums=AS_IS, hidden=AS_IS, unpublished=AS_IS)
def bounds_of(
    cells: Mapping[Hashable, int],
    sums: Sequence[Sum],
    hidden: Collection[Hashable],
    *,
    unpublished: Collection[Hashable] = (),
) -> dict[Hashable, Bounds]:
    """Bounds that a reader who knows every shown cell and every sum can infer for each hidden cell.

    Parameters
    ----------
    cells, sums, unpublished
        As for `suppress`.
    hidden : collection
        Names of hidden cells, including the unpublished ones.

    Returns
    -------
    dict
        Name → `Bounds`; ``high`` is infinite if nothing shown limits the cell.

    Notes
    -----
    min x and max x of each hidden cell, over all sums at once, such that A x = b, x whole and x >= 1 (the reader
    knows that empty cells are shown; x >= 0 where one had to be hidden, and for unpublished cells). Whole numbers
    matter: a linear program alone may leave a range that contains only one whole solution. With over 60 hidden cells
    the integer program takes too long, and the linear program's bounds are rounded inward: the same for two-way
    tables, otherwise perhaps too wide. Assumes that the reader knows no individual student's result; one who does (a
    sibling's) can infer more.

    References
    ----------
    Fischetti & Salazar-González (2000), J. Am. Stat. Assoc. 95, 916 (the attacker's problem); Huangfu & Hall
    (2018), Math. Prog. Comp. 10, 119 (HiGHS).
    """
    reader = Reader(cells, sums, hidden, set(unpublished))
    return {name: reader.bounds(name) for name in reader.names}
