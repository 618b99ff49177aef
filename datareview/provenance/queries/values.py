"""A value of a student by its name, with where it comes from (`datareview.records.values` makes the names)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.disputes.models import Dispute
from datareview.disputes.queries.values import incident_text, score_text
from datareview.imports.models import Import
from datareview.provenance.queries.answers import check_result_of, checks_of_day, latest_of_standard
from datareview.provenance.queries.named import NamedValue, SourcedValue, day_named, numbered_day
from datareview.provenance.queries.origins import Origin, Origins
from datareview.records.models import (
    AttendanceDay,
    CourseGrade,
    Incident,
    Measure,
    Score,
    Section,
)
from datareview.records.queries.of_student import incidents_of
from datareview.records.values import value_address
from datareview.transcripts.models import PastGrade
from teams.lib import formats
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from collections.abc import Callable

    from datareview.records.models import Student
    from teams.directory.models import User

WEEK = dt.timedelta(days=7)
MARKS = AttendanceDay.Mark


def named_value(user: User, student: Student, name: str) -> NamedValue | None:
    """The value of ``student``, whom the user may see; None if there can be none of this name.

    One without values is not stored any more, for example because its file was undone. A constant number of queries, and
    few for each file that changed it.
    """
    kind, _dash, rest = name.partition("-")
    read = _READERS.get(kind)
    return read(_Reader(user, student), rest) if read else None


class _Reader:
    """A student's record as one reader sees it."""

    def __init__(self, user: User, student: Student) -> None:
        self.user = user
        self.student = student
        self.origins = Origins(user, student)

    def disputed(self, kind: str, **of: Any) -> Dispute | None:
        rows = self.student.disputes.filter(state=Dispute.State.OPEN, kind=kind, **of)
        return rows.select_related("asked_by", "measure", "section").first()


def _score(reader: _Reader, rest: str) -> NamedValue | None:
    pk, day = numbered_day(rest)
    measure = Measure.objects.filter(pk=pk, school=reader.student.school_id).first()
    if measure is None or day is None:
        return None
    rows = Score.objects.filter(student=reader.student, measure=measure, taken_on=day)
    dispute = reader.disputed(Dispute.Kind.SCORE, measure=measure, day=day)
    found = []
    for row in rows.select_related("imported_by__uploaded_by").order_by("pk"):
        row.measure = measure
        origin, former = reader.origins.of_value(
            row, lambda value: formats.number(value, measure.decimals), measure
        )
        if not row.imported_by:
            origin = reader.origins.by_hand("score", row.pk)
        found.append(SourcedValue(score_text(row), origin, day, former, f"score-{row.pk}", dispute))
    return NamedValue(str(measure), day, found)


def _mark(reader: _Reader, rest: str) -> NamedValue | None:
    day = day_named(rest)
    return None if day is None else NamedValue(_("Attendance"), day, _marks(reader, day, day))


def _marks(reader: _Reader, first: dt.date, last: dt.date) -> list[SourcedValue]:
    rows = AttendanceDay.objects.that_count().filter(student=reader.student, day__range=(first, last))
    found = []
    for row in rows.select_related("imported_by__uploaded_by").order_by("day"):
        origin, former = reader.origins.of_value(row, lambda mark: str(MARKS(mark).label))
        dispute = reader.disputed(Dispute.Kind.ATTENDANCE, day=row.day)
        found.append(SourcedValue(row.get_mark_display(), origin, row.day, former, f"day-{row.pk}", dispute))
    return found


def _week(reader: _Reader, rest: str) -> NamedValue | None:
    friday = day_named(rest)
    if friday is None:
        return None
    note = _("The share of the days of this week on which the student was here.")
    return NamedValue(
        _("Attendance"), None, _marks(reader, friday - WEEK + dt.timedelta(days=1), friday), note
    )


def _attendance(reader: _Reader, rest: str) -> NamedValue | None:
    """The marks of this year, counted by file: each day has its own page."""
    rows = AttendanceDay.objects.that_count().filter(
        student=reader.student, day__gte=reader.student.school.year_start()
    )
    counts = Counter(rows.values_list("imported_by", flat=True))
    files = Import.objects.select_related("uploaded_by").in_bulk([pk for pk in counts if pk])
    found = [
        SourcedValue(_days(many), reader.origins.of_file(files[pk], None) if pk else Origin())
        for pk, many in sorted(counts.items(), key=lambda item: -item[1])
    ]
    note = _(
        "The share of the marked days of this school year on which the student was here; a half day counts as half."
    )
    return NamedValue(_("Attendance"), None, found, note)


def _days(many: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", many) % {"n": formats.number(many)}


def _incident(reader: _Reader, rest: str) -> NamedValue | None:
    row = Incident.objects.filter(pk=int_or_none(rest) or 0).select_related("recorded_by").first()
    if row is None:
        return NamedValue(_("Incident"), None, [])
    if row.student_id != reader.student.pk:
        return None
    return NamedValue(row.kind, row.day, [_of_incident(reader, row)])


def _of_incident(reader: _Reader, row: Incident) -> SourcedValue:
    def show(before: dict[str, Any]) -> str:
        words = {
            "severity": lambda value: str(Incident.Severity(value).label),
            "consequence": lambda value: str(Incident.Consequence(value).label),
        }
        return ", ".join(words.get(name, str)(value) for name, value in before.items() if value)

    origin, former = reader.origins.of_roster_row(row, Import.Kind.INCIDENTS, show)
    typed = reader.origins.by_hand("incident", row.pk)
    if origin is None or (typed.at and origin.at and typed.at > origin.at):
        origin = typed
    if row.recorded_by and not origin.who and not origin.file:
        origin = Origin(who=row.recorded_by.short_name)
    dispute = reader.disputed(Dispute.Kind.INCIDENT, incident=row)
    return SourcedValue(incident_text(row), origin, row.day, former, f"incident-{row.pk}", dispute)


def _conduct(reader: _Reader, rest: str) -> NamedValue | None:
    friday = day_named(rest)
    if friday is None:
        return None
    rows = Incident.objects.filter(student=reader.student, day__gt=friday - WEEK, day__lte=friday)
    found = [_of_incident(reader, row) for row in rows.select_related("recorded_by").order_by("day", "pk")]
    note = _("The number of incidents of this week.")
    return NamedValue(_("Incidents"), None, found, note, nothing=_("No incident of this week is on record."))


def _incidents(reader: _Reader, rest: str) -> NamedValue | None:
    found = [
        SourcedValue(
            incident_text(row), None, row.day, url=value_address(reader.student.uuid, "incident", row.pk)
        )
        for row in incidents_of(reader.student)
    ]
    note = _("The number of incidents of this school year.")
    return NamedValue(
        _("Incidents"), None, found, note, nothing=_("No incident of this school year is on record.")
    )


def _grade(reader: _Reader, rest: str) -> NamedValue | None:
    pk, day = numbered_day(rest)
    section = Section.objects.filter(pk=pk, school=reader.student.school_id).first()
    if section is None or day is None:
        return None
    rows = CourseGrade.objects.filter(
        enrollment__student=reader.student, enrollment__section=section, as_of=day
    )
    dispute = reader.disputed(Dispute.Kind.GRADE, section=section, day=day)

    def show(values: dict[str, Any]) -> str:
        percent = values.get("percent")
        shown = formats.percent(float(percent), 0) if percent is not None else ""
        return f"{values.get('letter') or ''} {shown}".strip()

    found = []
    for row in rows:
        origin, former = reader.origins.of_roster_row(row, Import.Kind.COURSE_GRADES, show)
        text = show({"letter": row.letter, "percent": row.percent})
        found.append(SourcedValue(text, origin or Origin(), day, former, f"grade-{row.pk}", dispute))
    return NamedValue(str(section), day, found)


def _past_grade(reader: _Reader, rest: str) -> NamedValue | None:
    row = PastGrade.objects.filter(student=reader.student, pk=int_or_none(rest) or 0).first()
    if row is None:
        return NamedValue(_("Course grades of earlier terms"), None, [])

    def show(values: dict[str, Any]) -> str:
        percent = values.get("percent")
        shown = formats.percent(float(percent), 0) if percent is not None else ""
        return f"{values.get('letter') or ''} {shown}".strip()

    origin, former = reader.origins.of_roster_row(row, Import.Kind.PAST_GRADES, show)
    value = SourcedValue(str(row), origin or Origin(), row.ended_on, former)
    return NamedValue(f"{row.course}, {row.term}", None, [value])


_READERS: dict[str, Callable[[_Reader, str], NamedValue | None]] = {
    "score": _score,
    "day": _mark,
    "week": _week,
    "attendance": _attendance,
    "incident": _incident,
    "conduct": _conduct,
    "incidents": _incidents,
    "grade": _grade,
    "standard": lambda reader, rest: latest_of_standard(reader.user, reader.student, reader.origins, rest),
    "past": _past_grade,
    "result": lambda reader, rest: check_result_of(reader.user, reader.student, reader.origins, rest),
    "check": lambda reader, rest: checks_of_day(reader.user, reader.student, reader.origins, rest),
}
