"""Check a file of incidents: one in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.cell_words.conduct import read_consequence, read_severity
from datareview.checking.services.cells import with_days
from datareview.records.models import Incident
from teams.tables.cells import missing_cells
from teams.tables.times import read_time

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from datareview.checking.services.roster_cells import RosterCells, Stored

INCIDENT_FIELDS: tuple[str, ...] = ("severity", "place", "consequence", "days")
MOST_DAYS = 400


def incident_rows(cells: RosterCells) -> Stored:
    """Read incidents, and return the stored ones by student, day, time and kind.

    A row without a time is about the stored incident of that kind on that day, if there is one and only one.
    """
    cells.students()
    cells.frame = with_days(cells.row, cells.frame, cells.problems)
    cells.keep("day", [day.date() for day in cells.frame["day"]])
    cells.needed("kind", 60)
    cells.text("place", 60)
    message = _("This time can’t be read. Write times like 14:05 or 2:05 PM.")
    _words(cells, "time", read_time, "no-time", message)
    message = _("Unknown severity. Write minor, moderate or major.")
    _words(cells, "severity", read_severity, "unknown-severity", message)
    message = _("Unknown consequence. Write none, conference, detention, ISS or OSS.")
    _words(cells, "consequence", read_consequence, "unknown-consequence", message)
    cells.number("days", most=MOST_DAYS, places=1)
    stored: Stored = {}
    times: dict[tuple[int, dt.date, str], list[dt.time | None]] = {}
    spelled: dict[str, str] = {}
    rows = Incident.objects.filter(student__school=cells.row.school).order_by("pk")
    for one in rows.values("pk", "student_id", "day", "time", "kind", *INCIDENT_FIELDS):
        kind = spelled.setdefault(one["kind"].casefold(), one["kind"])
        stored.setdefault((one["student_id"], one["day"], one["time"], kind), (one["pk"], one))
        times.setdefault((one["student_id"], one["day"], kind), []).append(one["time"])
    kinds = [" ".join(kind.split()) for kind in cells.frame["kind"]]
    cells.keep("kind", [spelled.setdefault(kind.casefold(), kind) for kind in kinds])
    columns = [cells.frame[name] for name in ("student_id", "day", "kind")]
    found: list[Any] = []
    for student, day, kind, time in zip(*columns, cells.column("time"), strict=True):
        there = times.get((student, day, kind), [])
        found.append(there[0] if time is None and len(there) == 1 else time)
    cells.keep("time", found)
    return stored


def _words(cells: RosterCells, name: str, read: Callable[[str], object], code: str, message: str) -> None:
    """Replace the words of a column by what they stand for; an empty cell keeps what is stored."""
    if cells.columns.get(name):
        texts = cells.texts(name)
        cells.keep(name, texts.map(read))
        cells.drop(cells.frame[name].isna() & ~missing_cells(texts, cells.options), name, code, message)
