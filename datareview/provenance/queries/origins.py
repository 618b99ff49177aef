"""Where stored rows come from: the file with row and column, or who typed them; and what stood there before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from datareview.imports.models import Import, ImportChange
from datareview.imports.permissions import imports_visible_to
from teams.audit.models import AuditEvent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from datareview.records.models import Measure, Student
    from teams.directory.models import User

MOST_FORMER = 20
COLUMNS: dict[str, str] = {  # kind of file → the field that has its value
    Import.Kind.ATTENDANCE: "mark",
    Import.Kind.INCIDENTS: "kind",
    Import.Kind.COURSE_GRADES: "percent",
    Import.Kind.PAST_GRADES: "percent",
    Import.Kind.SCORES: "value",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from, or came from if it stood there before.

    ``file`` is its name, empty if somebody typed the value; then ``who`` and ``at`` are empty too if nobody is known to
    have. ``url`` is empty if the reader may not see the file. ``line`` is the row in it: 0 if the file has no row for it,
    None if that was not kept. ``text`` is the value; ``is_undone``: the value was kept when its file was undone.
    """

    file: str = ""
    url: str = ""
    line: int | None = None
    column: str = ""
    who: str = ""
    at: dt.datetime | None = None
    text: str = ""
    is_undone: bool = False


class Origins:
    """Reads the origins of a student's rows for one reader."""

    def __init__(self, user: User, student: Student) -> None:
        self._user = user
        self._student = student
        self._may_open: dict[int, bool] = {}

    def of_file(
        self, row: Import, line: int | None, *, measure: Measure | None = None, text: str = ""
    ) -> Origin:
        """A value that a file brought in its row ``line``."""
        if row.pk not in self._may_open:
            self._may_open[row.pk] = imports_visible_to(self._user).filter(pk=row.pk).exists()
        return Origin(
            file=row.name,
            url=row.get_absolute_url() if self._may_open[row.pk] else "",
            line=line,
            column=_column_of(row, measure),
            who=row.uploaded_by.short_name,
            at=row.applied_at,
            text=text,
            is_undone=row.state == Import.State.UNDONE,
        )

    def by_hand(self, name: str, pk: int) -> Origin:
        """A value that was typed: who recorded the last event about the row ``pk``, which events know as ``name``."""
        events = AuditEvent.objects.filter(subject_uuid=self._student.uuid, **{f"data__{name}": pk})
        event = events.select_related("actor").order_by("-pk").first()
        if event is None:
            return Origin()
        return Origin(who=event.actor.short_name if event.actor else "", at=event.at)

    def of_value(
        self, row: Any, show: Callable[[Any], str], measure: Measure | None = None
    ) -> tuple[Origin, list[Origin]]:
        """Where a score or an attendance mark comes from, and what stood there before, the newest first."""
        file = row.imported_by
        origin = self.of_file(file, row.line, measure=measure) if file else Origin()
        table, name = type(row).__name__.lower(), "mark" if measure is None else "value"
        former: list[Origin] = []
        while file and len(former) < MOST_FORMER:
            change = file.changes.filter(table=table, row_id=row.pk).first()
            if change is None or change.before is None:
                break
            before = change.before
            earlier = Import.objects.filter(pk=before.get("imported_by_id")).select_related("uploaded_by")
            file = earlier.first()
            text = show(before[name])
            former.append(
                self.of_file(file, before.get("line"), measure=measure, text=text)
                if file
                else Origin(text=text)
            )
        return origin, former

    def of_roster_row(
        self, row: Any, kind: str, show: Callable[[dict[str, Any]], str]
    ) -> tuple[Origin | None, list[Origin]]:
        """Where an incident or a grade that files brought comes from, and what stood there before, the newest first.

        ``show`` makes a text of the fields that a file changed. The origin is None if no file brought the row.
        """
        changes = ImportChange.objects.filter(
            of_import__school=self._student.school_id,
            of_import__kind=kind,
            table=type(row).__name__.lower(),
            row_id=row.pk,
        )
        rows = list(
            changes.select_related("of_import__uploaded_by").order_by("-of_import__applied_at", "-pk")[
                :MOST_FORMER
            ]
        )
        if not rows:
            return None, []
        origin = self.of_file(rows[0].of_import, rows[0].line)
        former = []
        for place, change in enumerate(rows):
            if change.before is None:
                break
            earlier = rows[place + 1] if place + 1 < len(rows) else None
            text = show(change.before)
            former.append(
                self.of_file(earlier.of_import, earlier.line, text=text) if earlier else Origin(text=text)
            )
        return origin, former


def _column_of(row: Import, measure: Measure | None) -> str:
    """The column of a file that has the values of ``measure``, or of its kind; "" if that was not kept."""
    if measure is not None:
        for column, name in (row.mapping.get("measures") or {}).items():
            if slugify(name)[:60] in (measure.key, slugify(measure.name)):
                return str(column)
    return str(row.mapping.get("columns", {}).get(COLUMNS.get(row.kind), "") or "")
