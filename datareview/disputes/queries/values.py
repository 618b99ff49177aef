"""The values of a student that can be disputed: as choices, as they are now, and who answers for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.disputes.models import Dispute
from datareview.flags.queries.concerns import measure_of
from datareview.records.models import AttendanceDay, CourseGrade, Domain, Incident, Score
from teams.audit.models import AuditEvent
from teams.directory.models import Staff
from teams.lib import formats
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from datareview.flags.models import Candidate
    from datareview.records.models import Measure, Section, Student
    from teams.directory.models import User

MOST_OF_A_KIND = 20
MOST_DAYS = 60
_OF_DOMAIN: dict[str, Dispute.Kind] = {
    Domain.ATTENDANCE: Dispute.Kind.ATTENDANCE,
    Domain.BEHAVIOR: Dispute.Kind.INCIDENT,
}


@dataclass(frozen=True, slots=True)
class StudentValue:
    """A value of a student: ``text`` is how pages show it; ``key`` names it in forms and addresses."""

    key: str
    kind: str
    subject: str
    day: dt.date
    text: str
    measure: Measure | None = None
    section: Section | None = None
    incident: Incident | None = None
    row: Any = None

    def __str__(self) -> str:
        return f"{formats.day(self.day)}: {self.text}"


def values_of(student: Student, wanted: str = "") -> list[StudentValue]:
    """The newest values of ``student``: scores by measure, grades by course, incidents, attendance; four queries.

    Also an older one, if ``wanted`` is its key.
    """
    kind, _dash, number = wanted.partition("-")
    older = {kind: int_or_none(number) or 0}
    return [
        *_scores(student, older.get("score", 0)),
        *_grades(student, older.get("grade", 0)),
        *_incidents(student, older.get("incident", 0)),
        *_days(student, older.get("day", 0)),
    ]


def newest_of_concern(candidate: Candidate, values: Iterable[StudentValue]) -> str:
    """The key of the newest of ``values`` that the concern of ``candidate`` is about, absences first; "" without one."""
    measure = measure_of(candidate)
    kind = _OF_DOMAIN.get(candidate.domain, Dispute.Kind.GRADE)
    about = [
        one for one in values if (one.measure == measure if measure else one.kind == kind and not one.measure)
    ]
    absences = [one for one in about if one.kind == Dispute.Kind.ATTENDANCE and one.row.mark != "present"]
    return max(absences or about, key=lambda one: one.day).key if about else ""


def texts_now(dispute: Dispute) -> list[str]:
    """The values that are stored now where the disputed one was; empty if it is gone."""
    of_day: dict[str, Any] = {"student": dispute.student_id}
    if dispute.kind == Dispute.Kind.SCORE:
        scores = Score.objects.filter(measure=dispute.measure, taken_on=dispute.day, **of_day)
        return [score_text(one) for one in scores.select_related("measure")]
    if dispute.kind == Dispute.Kind.GRADE:
        grades = CourseGrade.objects.filter(
            enrollment__student=dispute.student_id, enrollment__section=dispute.section, as_of=dispute.day
        )
        return [str(one) for one in grades]
    if dispute.kind == Dispute.Kind.INCIDENT:
        return [incident_text(dispute.incident)] if dispute.incident else []
    return [
        one.get_mark_display() for one in AttendanceDay.objects.that_count().filter(day=dispute.day, **of_day)
    ]


def owner_of(value: StudentValue, student: Student) -> User | None:
    """Who entered or loaded ``value``, if they still work at the school; else None."""
    who: User | None = None
    if value.kind == Dispute.Kind.INCIDENT:
        who = value.row.recorded_by
    elif value.kind in (Dispute.Kind.SCORE, Dispute.Kind.ATTENDANCE) and value.row.imported_by:
        who = value.row.imported_by.uploaded_by
    elif value.kind == Dispute.Kind.SCORE:
        entered = AuditEvent.objects.filter(
            subject_uuid=student.uuid, verb="score-entered", data__score=value.row.pk
        ).select_related("actor")
        event = entered.order_by("-pk").first()
        who = event.actor if event else None
    if who is None or not Staff.objects.active().filter(user=who, school=student.school_id).exists():
        return None
    return who


def _scores(student: Student, older: int) -> Iterator[StudentValue]:
    rows = Score.objects.filter(student=student).select_related("measure", "imported_by__uploaded_by")
    many: dict[int, int] = {}
    for one in rows.order_by("measure__name", "measure", "-taken_on", "-pk"):
        many[one.measure_id] = many.get(one.measure_id, 0) + 1
        if many[one.measure_id] <= MOST_OF_A_KIND or one.pk == older:
            yield StudentValue(
                f"score-{one.pk}",
                Dispute.Kind.SCORE,
                str(one.measure),
                one.taken_on,
                score_text(one),
                measure=one.measure,
                row=one,
            )


def _grades(student: Student, older: int) -> Iterator[StudentValue]:
    is_shown = Q(as_of__gte=student.school.year_start()) | Q(pk=older)
    rows = CourseGrade.objects.filter(is_shown, enrollment__student=student)
    order = ("enrollment__section__name", "enrollment__section", "-as_of")
    for one in rows.select_related("enrollment__section").order_by(*order):
        section = one.enrollment.section
        yield StudentValue(
            f"grade-{one.pk}", Dispute.Kind.GRADE, str(section), one.as_of, str(one), section=section, row=one
        )


def _incidents(student: Student, older: int) -> Iterator[StudentValue]:
    is_shown = Q(day__gte=student.school.year_start()) | Q(pk=older)
    rows = Incident.objects.filter(is_shown, student=student).select_related("recorded_by")
    for one in _newest(rows.order_by("-day", "-pk"), MOST_OF_A_KIND, older):
        yield StudentValue(
            f"incident-{one.pk}",
            Dispute.Kind.INCIDENT,
            _("Incidents"),
            one.day,
            incident_text(one),
            incident=one,
            row=one,
        )


def _days(student: Student, older: int) -> Iterator[StudentValue]:
    rows = (
        AttendanceDay.objects.that_count().filter(student=student).select_related("imported_by__uploaded_by")
    )
    for one in _newest(rows.order_by("-day"), MOST_DAYS, older):
        yield StudentValue(
            f"day-{one.pk}",
            Dispute.Kind.ATTENDANCE,
            _("Attendance"),
            one.day,
            one.get_mark_display(),
            row=one,
        )


def _newest(rows: QuerySet[Any], most: int, older: int) -> Iterator[Any]:
    """The first ``most`` of ``rows``, and the one whose id is ``older``."""
    for place, one in enumerate(rows):
        if place < most or one.pk == older:
            yield one
        elif not older:
            return


def score_text(score: Score) -> str:
    """A score as pages show it."""
    return formats.number(score.value, score.measure.decimals)


def incident_text(incident: Incident) -> str:
    """An incident in a few words."""
    return f"{incident.kind}, {incident.get_severity_display()}"[:80]
