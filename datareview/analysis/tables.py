"""Counts of tables and filters as cells and sums for `suppression`, and rates as they may be published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.analysis.disclosure import Sum
from datareview.analysis.schema import OK, SUPPRESSED
from datareview.analysis.suppression import MIN_N

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import pandas as pd

# n from, n to, per cent within which the ends are coded.
CODED = ((10, 20, 10), (21, 40, 5), (41, 100, 2), (101, None, 1))


def table_sums(table: pd.DataFrame) -> tuple[dict[Hashable, int], list[Sum]]:
    """Cells and sums of a two-way table of counts with its margins.

    Parameters
    ----------
    table : DataFrame
        Counts of students, whole and 0 or more, without margins.

    Returns
    -------
    tuple
        Cells named (row, column), with margins (row, "all"), ("all", column) and ("all", "all"); and their sums.

    Notes
    -----
    One sum a row, a column and a margin. Tables that share students share cells: use `view_sums` for those.
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


def view_sums(
    students: pd.DataFrame, views: Sequence[Sequence[str]]
) -> tuple[dict[Hashable, int], list[Sum], set[Hashable]]:
    """Cells and sums of every table and filter that one reader may open over the same students.

    Parameters
    ----------
    students : DataFrame
        A row a student with the columns that tables and filters use; a missing value is a group of its own.
    views : sequence of sequences of str
        Columns that are counted across: ("grade",), ("grade", "group"), and () for the number of all. A table by
        group that can be filtered by section is ("section", "group").

    Returns
    -------
    tuple
        Cells named by their (column, value) pairs; their sums; and the unpublished cells, which only the cross of
        all columns would show. All three go into `suppression.suppress`.

    Notes
    -----
    Each cell of a view is the sum of the cells of the finest cross that lie in it, so that whatever follows from
    the difference of two views follows from the sums. Only combinations that occur are cells.

    References
    ----------
    Hundepool and others (2012), Statistical Disclosure Control, ch. 5 (linked tables).
    """
    used = sorted({name for view in views for name in view})
    if not used:
        return {(): len(students)}, [], set()
    finest = students.groupby(used, dropna=False, sort=True, observed=True).size()
    atoms = finest.index.to_frame(index=False)

    def name_of(row: tuple, columns: Sequence[str]) -> tuple:
        values = dict(zip(used, row, strict=True))
        return tuple((column, values[column]) for column in columns)

    rows = list(atoms.itertuples(index=False, name=None))
    cells: dict[Hashable, int] = {
        name_of(row, used): int(count) for row, count in zip(rows, finest, strict=True)
    }
    unpublished, sums = set(cells), []
    for view in sorted({tuple(sorted(set(view))) for view in views}):
        if list(view) == used:
            unpublished = set()
            continue
        parts: dict[Hashable, list[Hashable]] = {}
        for row in rows:
            parts.setdefault(name_of(row, view), []).append(name_of(row, used))
        for total, inside in parts.items():
            cells[total] = sum(cells[name] for name in inside)
            sums.append(Sum(tuple(inside), total))
    return cells, sums, unpublished


def code_rate(
    cases: int,
    n: int,
    *,
    min_n: int = MIN_N,
    coded: Sequence[tuple[int, int | None, int]] = CODED,
) -> tuple[str, float | None, str]:
    """A rate as it may be published: (status, per cent, sign).

    Parameters
    ----------
    cases, n : int
        Students with the outcome, and all students of the group.
    min_n : int
        Groups under it are "suppressed".
    coded : sequence of (int, int or None, int)
        Group sizes from and to, and the per cent within which their ends are coded.

    Returns
    -------
    tuple
        Status; the rate in per cent, whole, or its bound; and "", ">=" or "<=" for a coded end: of 10 to 20
        students ends from 10 and 90 %, of 21 to 40 from 5 and 95, of 41 to 100 from 2 and 98, beyond from 1
        and 99.

    Notes
    -----
    100 cases >= (100 - m) n is coded as ">= 100 - m", 100 cases <= m n as "<= m". Where n is printed beside the
    rate, a coded end of 41 to 49 students stands for all of them or none (98 % of 49 is 48.02): give wider
    bounds in ``coded`` to readers who may not know that.

    References
    ----------
    NCES (2010), Statewide Longitudinal Data Systems Technical Brief 3 (NCES 2011-603), reporting rules.
    """
    if n < max(min_n, 1) or not 0 <= cases <= n:
        return SUPPRESSED, None, ""
    margin = next(
        (end for first, last, end in coded if n >= first and (last is None or n <= last)), coded[0][2]
    )
    if 100 * cases >= (100 - margin) * n:
        return OK, float(100 - margin), ">="
    if 100 * cases <= margin * n:
        return OK, float(margin), "<="
    return OK, float(round(100 * cases / n)), ""
