"""How fresh a school's data are, and in words what is said of a panel's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from datareview.freshness.models import FreshnessLimits
from datareview.records.models import AttendanceDay, CourseGrade, Measure, Score
from teams.directory.cycles import days_between, is_school_day
from teams.directory.models import years_of
from teams.directory.queries.days import closed_days
from teams.lib import formats
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from teams.directory.models import School

ATTENDANCE, GRADES, PROBES = "attendance", "grades", "probes"
SOURCES: dict[str, StrOrPromise] = {
    ATTENDANCE: gettext_lazy("Attendance"),
    GRADES: gettext_lazy("Course grades"),
    PROBES: gettext_lazy("Progress probes"),
}
KINDS = {ATTENDANCE: "attendance", GRADES: "course_grades", PROBES: "scores"}  # of files
KEPT = 60  # seconds for which pages say the same of a school


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of one source: to which day there are data (None: there are none), when a file was applied last, how old they are.

    ``age`` and ``limit`` are school days for attendance, days for the others.
    """

    source: str
    upto: dt.date | None
    loaded: dt.datetime | None
    age: int
    limit: int

    @property
    def name(self) -> str:
        """The source in words."""
        return str(SOURCES[self.source])

    @property
    def is_stale(self) -> bool:
        """Whether the data are older than the school allows; without any there is nothing that could be."""
        return self.upto is not None and self.age > self.limit

    @property
    def stale_words(self) -> str:
        """How old stale data are, in words; "" if they are not stale."""
        return stale_in_words(self.source, self.age) if self.is_stale else ""

    @property
    def words(self) -> str:
        """To when there are data, and when they were loaded."""
        if self.upto is None:
            return _("no data yet")
        found = _("data to %(day)s") % {"day": formats.short_day(self.upto)}
        if self.loaded:
            found += ", " + _("loaded %(at)s") % {"at": formats.moment(self.loaded)}
        return found


def freshness_of(school: School) -> list[Freshness]:
    """The freshness of each source at a school; five queries, or none within a minute of the last ones."""
    key = freshness_key(school)
    if (found := cache.get(key)) is None:
        found = _read(school)
        cache.set(key, found, KEPT)
    return [one for one in found if one.upto]


def freshness_key(school: School) -> str:
    """Under which key the cache has a school's freshness."""
    return f"freshness-{school.pk}-{school.today()}"


def limits_of(school: School) -> dict[str, int]:
    """After how many days each source is stale."""
    found = FreshnessLimits.objects.filter(school=school).first() or FreshnessLimits()
    return {source: getattr(found, source) for source in SOURCES}


def staleness_of(school: School, source: str, upto: dt.date) -> str:
    """How old data to ``upto`` are, in words, if that is more than the school allows; else "".

    One query, or none within a minute of the last.
    """
    key = f"{freshness_key(school)}-limits"
    if (limits := cache.get(key)) is None:
        limits = limits_of(school)
        cache.set(key, limits, KEPT)
    age = age_of(source, upto, school)
    return stale_in_words(source, age) if age > limits[source] else ""


def forget_freshness(school: School) -> None:
    """Let the next page read the school's freshness and limits again."""
    cache.delete_many([freshness_key(school), f"{freshness_key(school)}-limits"])


def limits_version(limits: dict[str, int]) -> str:
    """A text that changes as soon as one of the limits does."""
    return version_of(*(limits[source] for source in SOURCES))


def stale_in_words(source: str, age: int) -> str:
    """How old stale data are, in words."""
    number = {"n": formats.number(age)}
    if source == ATTENDANCE:
        return ngettext("stale: %(n)s school day old", "stale: %(n)s school days old", age) % number
    return ngettext("stale: %(n)s day old", "stale: %(n)s days old", age) % number


def age_of(source: str, upto: dt.date, school: School) -> int:
    """How old data to ``upto`` are: school days since then for attendance, days for the others.

    Days outside a school year make nothing older: in the summer there is nothing to load.
    """
    since, today = upto + dt.timedelta(days=1), school.today()
    if since > today:
        return 0
    years = years_of(school.pk)
    days = [
        day
        for day in days_between(since, today)
        if not years or any(first <= day <= last for _pk, first, last in years)
    ]
    if source != ATTENDANCE or not days:
        return len(days)
    closed = closed_days([school.pk], days[0], days[-1])
    return sum(is_school_day(day, closed) for day in days)


def _read(school: School) -> list[Freshness]:
    limits = limits_of(school)
    loaded = dict(
        school.imports.filter(state="applied").order_by().values_list("kind").annotate(Max("applied_at"))
    )
    return [
        Freshness(
            source,
            upto := _newest(source, school),
            loaded.get(KINDS[source]),
            age_of(source, upto, school) if upto else 0,
            limits[source],
        )
        for source in SOURCES
    ]


def _newest(source: str, school: School) -> dt.date | None:
    """The day of the newest value, of no later day than today."""
    today = school.today()
    if source == ATTENDANCE:
        days = (
            AttendanceDay.objects.that_count().filter(student__school=school, day__lte=today).order_by("-day")
        )
        return days.values_list("day", flat=True).first()
    if source == GRADES:
        grades = CourseGrade.objects.filter(enrollment__section__school=school, as_of__lte=today)
        return grades.aggregate(newest=Max("as_of"))["newest"]
    scores: Any = Score.objects.filter(measure=OuterRef("pk"), taken_on__lte=today).order_by("-taken_on")
    probes = Measure.objects.in_use().filter(school=school, kind=Measure.Kind.PROBE)
    newest = probes.annotate(newest=Subquery(scores.values("taken_on")[:1])).values_list("newest", flat=True)
    return max((day for day in newest.order_by() if day), default=None)
