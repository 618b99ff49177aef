"""Which rows of a release to hide, so that no small group's result can be worked out from the others.

A row is a group in a scope (a grade, or None for the school), with its students ``n`` and those at or above benchmark.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping

    from datareview.analysis.disclosure import Sum

EVERYONE = ""  # category of the row of all students of a scope
WIDTH = 2  # the least distance between the lowest and the highest count that a reader can infer


class RowKey(NamedTuple):
    """A group in a scope. ``group`` is "" for students of no group of the category, and for everyone."""

    scope: int | None
    category: str
    group: str


class RowCount(NamedTuple):
    """Students with a level, and how many of them are at or above benchmark."""

    n: int
    at: int


def sums_of(keys: Collection[RowKey]) -> list[Sum]:
    """How rows add up: the groups of a category to everyone, and the grades to the school."""
    from datareview.analysis.disclosure import Sum

    inside: dict[tuple[int | None, str], list[RowKey]] = defaultdict(list)
    over: dict[tuple[str, str], list[RowKey]] = defaultdict(list)
    for key in keys:
        if key.category != EVERYONE:
            inside[key.scope, key.category].append(key)
        if key.scope is not None:
            over[key.category, key.group].append(key)
    found = [Sum(tuple(parts), RowKey(scope, EVERYONE, "")) for (scope, _name), parts in inside.items()]
    found += [Sum(tuple(parts), RowKey(None, category, group)) for (category, group), parts in over.items()]
    return found


def hidden_rows(counts: Mapping[RowKey, RowCount], least: int) -> set[RowKey]:
    """The rows to hide: small ones, those whose students are all alike, and as many others as protect them.

    Notes
    -----
    1. A row with 1 to ``least`` - 1 students is hidden, and one of which all or none are at benchmark, since it tells
    of each of its students. 2. A sum with one hidden part, or whose hidden parts have fewer than ``least`` students
    together, hides another part, the smallest, or the total. 3. For each hidden row, integer programming finds the lowest
    and highest counts that agree with everything shown (`bounds_of`), of students, of those at benchmark and of those
    below; if they are too close, the smallest row that shares a sum is hidden, and steps 2 and 3 are repeated.
    """
    sums = sums_of(counts)
    hidden = {key for key, row in counts.items() if 0 < row.n < least or (row.n and row.at in (0, row.n))}
    asked = set(hidden)
    while True:
        _hide_in_sums(counts, sums, hidden, least)
        exposed = _first_exposed(counts, sums, hidden, asked)
        if exposed is None:
            return hidden
        together: list[set[Hashable]] = [{*one.parts, one.total} for one in sums]
        near = [key for key in counts if any({key, exposed} <= names for names in together)]
        free = [key for key in near if key not in hidden] or [key for key in counts if key not in hidden]
        if not free:
            return hidden
        hidden.add(_smallest(counts, free))


def _hide_in_sums(
    counts: Mapping[RowKey, RowCount], sums: Iterable[Sum], hidden: set[RowKey], least: int
) -> None:
    """Hide another part of each sum with one hidden part, or whose hidden parts are small together."""
    changed = True
    while changed:
        changed = False
        for one in sums:
            names: list[RowKey] = list(one.parts)  # type: ignore[arg-type]
            total: RowKey = one.total  # type: ignore[assignment]
            inside = [name for name in (*names, total) if name in hidden]
            together = sum(counts[name].n for name in inside if name != total)
            if not inside or (len(inside) > 1 and (together >= least or total in hidden)):
                continue
            free = [name for name in names if name not in hidden and counts[name].n]
            if not free and total in hidden:
                continue  # nothing is left to hide
            hidden.add(_smallest(counts, free) if free else total)
            changed = True


def _first_exposed(
    counts: Mapping[RowKey, RowCount], sums: list[Sum], hidden: set[RowKey], asked: Collection[RowKey]
) -> RowKey | None:
    """The first row to protect whose counts a reader can infer too closely."""
    from datareview.analysis.disclosure import bounds_of

    kinds: tuple[dict[Hashable, int], ...] = (
        {key: row.n for key, row in counts.items()},
        {key: row.at for key, row in counts.items()},
        {key: row.n - row.at for key, row in counts.items()},
    )
    for count in kinds:
        known = bounds_of(count, sums, hidden)
        for key in sorted(asked, key=str):
            if known[key].high - known[key].low < WIDTH:
                return key
    return None


def _smallest(counts: Mapping[RowKey, RowCount], keys: Iterable[RowKey]) -> RowKey:
    return min(keys, key=lambda key: (counts[key].n == 0, counts[key].n, str(key)))
