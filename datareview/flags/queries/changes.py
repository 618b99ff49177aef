"""Net changes since a point in time: flags opened or resolved, levels moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.models import Change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

    from datareview.flags.models import Flag
    from datareview.records.models import Measure, Student


@dataclass(frozen=True, slots=True)
class Move:
    """A student's level on a measure, before and now, from 1 to 4."""

    student: Student
    measure: Measure
    before: int
    after: int

    @property
    def is_up(self) -> bool:
        """Whether the level is higher now."""
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class NetChanges:
    """The net changes after ``at``; flags that opened and resolved again are not included."""

    at: dt.datetime
    opened: list[Flag]
    rose: list[Flag]
    resolved: list[Flag]
    moves: list[Move]

    @property
    def sentence(self) -> str:
        """The counts as a sentence for the user."""
        if not (self.opened or self.rose or self.resolved or self.moves):
            return _("Nothing has changed.")
        parts = [
            ngettext("%(n)d new flag", "%(n)d new flags", len(self.opened)) % {"n": len(self.opened)},
            ngettext("%(n)d cleared", "%(n)d cleared", len(self.resolved)) % {"n": len(self.resolved)},
            ngettext("%(n)d level moved", "%(n)d levels moved", len(self.moves)) % {"n": len(self.moves)},
        ]
        if self.rose:
            more = ngettext("%(n)d became more urgent", "%(n)d became more urgent", len(self.rose))
            parts.insert(1, more % {"n": len(self.rose)})
        return ", ".join(parts) + "."


def changes_since(students: QuerySet[Student], at: dt.datetime) -> NetChanges:
    """Net changes for ``students`` after ``at``, most urgent flags first; one query."""
    rows = (
        Change.objects.filter(student__in=students, seen_at__gt=at)
        .select_related("student", "measure", "flag__rule", "flag__student")
        .order_by("seen_at", "pk")
    )
    flags: dict[int, list[Change]] = {}
    levels: dict[tuple[int, int], list[Change]] = {}
    for row in rows:
        if row.flag_id is not None:
            flags.setdefault(row.flag_id, []).append(row)
        elif row.measure_id is not None:
            levels.setdefault((row.student_id, row.measure_id), []).append(row)
    return NetChanges(
        at=at,
        opened=_flags(flags.values(), lambda before, after: not before and after > 0),
        rose=_flags(flags.values(), lambda before, after: 0 < before < after),
        resolved=_flags(flags.values(), lambda before, after: before > 0 and not after),
        moves=_moves(levels.values()),
    )


def _flags(histories: Iterable[list[Change]], is_wanted: Callable[[int, int], bool]) -> list[Flag]:
    found = [
        rows[-1].flag for rows in histories if rows[-1].flag and is_wanted(rows[0].before, rows[-1].after)
    ]
    return sorted(found, key=lambda flag: (-flag.severity, -flag.pk))


def _moves(histories: Iterable[list[Change]]) -> list[Move]:
    moves = [
        Move(rows[-1].student, rows[-1].measure, rows[0].before, rows[-1].after)
        for rows in histories
        if rows[-1].measure and rows[0].before != rows[-1].after
    ]
    return sorted(moves, key=lambda move: (move.after, move.student.sort_key))
