"""Turn tables and filters into cells and sums for `suppression`, and code rates for publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.analysis.disclosure import Sum
from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import AS_IS, Count, Number
from datareview.analysis.schema import OK, SUPPRESSED
from datareview.analysis.suppression import MIN_N

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import pandas as pd

# Group size from and to, and the percent within which rates near 0 and 100 are coded.
CODED = ((10, 20, 10), (21, 40, 5), (41, 100, 2), (101, None, 1))


@door(table=Columns(rest=Count()))
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
    One sum per row, column and margin. For tables that share students, and so share cells, use `view_sums`.
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


@door(students=Columns(), views=AS_IS)
def view_sums(
    students: pd.DataFrame, views: Sequence[Sequence[str]]
) -> tuple[dict[Hashable, int], list[Sum], set[Hashable]]:
    """Cells and sums of every table and filter that one reader may open over the same students.

    Parameters
    ----------
    students : DataFrame
        One row per student, with the columns used by tables and filters; a missing value is a group of its own.
    views : sequence of sequences of str
        The columns of each view: ("grade",), ("grade", "group"), and () for the total. A table by group that can
        be filtered by section is ("section", "group").

    Returns
    -------
    tuple
        Cells named by their (column, value) pairs; their sums; and the unpublished cells, which only a table
        crossing all columns would show. All three are arguments of `suppression.suppress`.

    Notes
    -----
    Each cell of a view is the sum of the cells it contains in the cross of all columns, so anything that follows
    from the difference of two views follows from the sums. Only combinations that occur are cells.

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


@door(cases=Number(needed=True), n=Number(needed=True), min_n=Count(), coded=AS_IS)
def code_rate(
    cases: int,
    n: int,
    *,
    min_n: int = MIN_N,
    coded: Sequence[tuple[int, int | None, int]] = CODED,
) -> tuple[str, float | None, str]:
    """Code a rate for publication: (status, percent, sign).

    Parameters
    ----------
    cases, n : int
        Students with the outcome, and all students of the group.
    min_n : int
        Smaller groups are "suppressed".
    coded : sequence of (int, int or None, int)
        Group size from and to, and the percent within which rates near 0 and 100 are coded.

    Returns
    -------
    tuple
        Status; the rate as a whole percent, or its bound; and "", ">=" or "<=" where the rate is coded. By default
        groups of 10 to 20 students are coded from 10 and 90 %, of 21 to 40 from 5 and 95, of 41 to 100 from 2 and
        98, larger ones from 1 and 99.

    Notes
    -----
    100 cases >= (100 - m) n is coded as ">= 100 - m", 100 cases <= m n as "<= m". If n is printed beside the
    rate, a coded rate of 41 to 49 students means all of them or none (98 % of 49 is 48.02): pass wider bounds in
    ``coded`` for readers who may not know that.

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
