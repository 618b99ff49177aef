"""Attendance and incidents of a group, by week and by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, Max, Sum, Value, When
from django.utils.translation import gettext as _

from datareview.figures.charts.cohort import weekly_chart
from datareview.records.absence import DAYS_ABSENT, friday_of
from datareview.records.models import AttendanceDay, Incident
from teams.access.prepared import many_ids
from teams.directory.queries.days import closed_days
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from datareview.charts.spec import Chart
    from datareview.records.models.attendance import AttendanceDayQuerySet
    from teams.directory.models import School


def weeks_chart(students: Collection[int], school: School) -> Chart:
    """The chart of attendance by week, complete weeks only."""
    weeks: dict[dt.date, list[int]] = {}
    first = school.year_start()
    closed = closed_days([school.pk], first)
    marked_days = _days(_marks(students, first))
    days = [row for row in marked_days if row[0] not in closed]
    for day, missed, marked in days:
        week = weeks.setdefault(friday_of(day), [0, 0])
        week[0], week[1] = week[0] + missed, week[1] + marked
    today = school.today()
    points = [
        (friday, 100 - 50 * missed / marked, marked)
        for friday, (missed, marked) in weeks.items()
        if friday <= today
    ]
    if not points:
        return weekly_chart([], title=_("Attendance: no days marked yet"), sentence="", source="")
    chronic, judged = _chronic(_marks(students, first, {day for day, *_sums in marked_days} & closed))
    title = _("%(n)d of %(all)d have missed one day in ten or more") % {"n": chronic, "all": judged}
    if not judged:
        title = _("Attendance: too early to judge chronic absence")
    friday, share, _marked = points[-1]
    sentence = _("%(share)s of days were attended in the week to %(day)s.")
    source = _("%(judged)d of %(all)d students with 20 days or more. %(marked)s marks, data to %(last)s.")
    figures = {
        "share": formats.percent(share, 1),
        "day": formats.short_day(friday),
        "last": formats.short_day(days[-1][0]),  # the title counts the days of this week too
        "judged": judged,
        "all": len(students),
        "marked": formats.number(sum(marked for _day, _missed, marked in days)),
    }
    return weekly_chart(points, title=title, sentence=sentence % figures, source=source % figures)


def missed_by_day(students: Collection[int], school: School) -> list[tuple[dt.date, int, int]]:
    """(day, half days absent, number of marks) of each day of this school year on which the school was open, in order."""
    first = school.year_start()
    closed = closed_days([school.pk], first)
    return [row for row in _days(_marks(students, first)) if row[0] not in closed]


def halves_by_student(
    students: Collection[int], first: dt.date, last: dt.date | None, closed: Collection[dt.date]
) -> list[tuple[int, int, int, dt.date]]:
    """(student id, half days absent, number of marks, last day) from ``first`` to ``last``, without ``closed`` days."""
    marks = _marks(students, first, closed)
    marks = marks.filter(day__lte=last) if last else marks
    rows = (
        marks.order_by().values("student").annotate(halves=Sum(_HALVES), marked=Count("pk"), last=Max("day"))
    )
    return list(rows.values_list("student", "halves", "marked", "last"))


# Half days absent by mark, as integers so that sums are exact.
_HALVES = Case(
    *(When(mark=mark, then=Value(round(2 * days))) for mark, days in DAYS_ABSENT.items() if days),
    default=Value(0),
)


def _marks(
    students: Collection[int], first: dt.date, closed: Collection[dt.date] = ()
) -> AttendanceDayQuerySet:
    """Marks from the day ``first`` that count, but for the days ``closed``."""
    return AttendanceDay.objects.that_count(closed).filter(student__in=many_ids(students), day__gte=first)


def _days(marks: AttendanceDayQuerySet) -> list[tuple[dt.date, int, int]]:
    """(day, half days absent, number of marks) in order, summed by the database.

    Weeks are formed in Python: SQLite has no week function, and Django's calls Python once per mark.
    """
    rows = marks.values("day").annotate(halves=Sum(_HALVES), marked=Count("pk")).order_by("day")
    return list(rows.values_list("day", "halves", "marked"))


def _chronic(marks: AttendanceDayQuerySet) -> tuple[int, int]:
    """Number of students absent on 10 % or more of at least 20 marked days, and of students with that many days."""
    judged = marks.values("student").annotate(halves=Sum(_HALVES), marked=Count("pk")).filter(marked__gte=20)
    found = judged.annotate(
        is_chronic=Case(When(marked__lte=F("halves") * 5, then=Value(1)), default=Value(0))
    ).aggregate(chronic=Sum("is_chronic"), judged=Count("student"))
    return found["chronic"] or 0, found["judged"]


def incidents_by_kind(students: Collection[int], school: School) -> list[tuple[str, int]]:
    """Number of this year's incidents by kind, most frequent first."""
    rows = Incident.objects.filter(student__in=many_ids(students), day__gte=school.year_start()).values(
        "kind"
    )
    return [
        (row["kind"], row["many"]) for row in rows.annotate(many=Count("pk")).order_by("-many", "kind")[:6]
    ]
