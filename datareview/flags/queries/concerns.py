"""The values of the concern by which a candidate was raised: scores, days present or incidents by week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.sparkline import sparkline
from datareview.flags.models import Candidate
from datareview.records.absence import friday_of
from datareview.records.models import AttendanceDay, Domain, Incident, Measure, Score
from datareview.trends.queries.weeks import percent_by_week
from teams.access.prepared import many_ids
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

SEEN = dt.timedelta(days=120)
OF_A_MEASURE = ("name", "higher_is_better", "scale_min", "scale_max")


@dataclass(frozen=True, slots=True)
class Concern:
    """The values of a candidate's concern with their name; ``low`` and ``high`` are the ends of their scale."""

    name: str
    points: list[tuple[dt.date, float]]
    higher_is_better: bool = True
    low: float = 0.0
    high: float = inf

    def is_worse(self, value: float, than: float) -> bool:
        """Whether ``value`` is worse than another."""
        return value < than if self.higher_is_better else value > than

    @property
    def newest(self) -> float | None:
        """The newest value; None without one."""
        return self.points[-1][1] if self.points else None

    @property
    def svg(self) -> str:
        """The values as a small drawing; "" without any."""
        days, values = [day for day, _value in self.points], [value for _day, value in self.points]
        return sparkline(values, days) if self.points else ""


def concerns_of(candidates: Sequence[Candidate], today: dt.date) -> dict[int, Concern]:
    """Map candidate ids to the first flag's measure, incidents, or days present; a constant number of queries.

    A watch "until worse than" is about the measure that was chosen with it. Of each student only the rows are read that
    the concern is about.
    """
    return _concerns(candidates, _measures_of(candidates), today)


def _concerns(
    candidates: Sequence[Candidate], measures: dict[int, Measure], today: dt.date
) -> dict[int, Concern]:
    since = today - SEEN
    scored = {one.student_id for one in candidates if one.pk in measures}
    others = [one for one in candidates if one.pk not in measures]
    scores = _scores(scored, {measure.pk for measure in measures.values()}, since)
    marked_students = {one.student_id for one in others}
    days = AttendanceDay.objects.that_count().filter(student__in=marked_students, day__gte=since)
    weeks = percent_by_week(days, today) if others else {}
    incidents = _incidents({one.student_id for one in others if one.domain == Domain.BEHAVIOR}, since)
    found: dict[int, Concern] = {}
    for candidate in candidates:
        marked = weeks.get(candidate.student_id, [])
        if candidate.pk in measures:
            one = measures[candidate.pk]
            found[candidate.pk] = _concern_in(one, scores[candidate.student_id, one.pk])
        elif candidate.domain == Domain.BEHAVIOR:
            counts = incidents[candidate.student_id]
            points = [
                (day, counts.get(day, 0.0)) for day in sorted({*(day for day, _share in marked), *counts})
            ]
            found[candidate.pk] = Concern(_("Incidents, by week"), points, higher_is_better=False)
        else:
            found[candidate.pk] = Concern(_("% of days present, by week"), marked, high=100.0)
    return found


def _measures_of(candidates: Sequence[Candidate]) -> dict[int, Measure]:
    """Map candidate ids to the measure of their watch, or the first one of their flags."""
    found = {pk: measures[0] for pk, measures in _flagged(candidates).items()}
    chosen = {one.pk: one.worse_of_id for one in candidates if one.worse_than is not None and one.worse_of_id}
    measures = Measure.objects.in_bulk(set(chosen.values())) if chosen else {}
    return found | {pk: measures[of] for pk, of in chosen.items()}


def _flagged(candidates: Sequence[Candidate]) -> dict[int, list[Measure]]:
    """Map candidate ids to the measures of their flags, those of open and severe ones first."""
    links = Candidate.flags.through.objects.filter(
        candidate__in=many_ids(one.pk for one in candidates), flag__rule__measure__isnull=False
    )
    rows = links.order_by("flag__state", "-flag__severity", "flag")
    measure = "flag__rule__measure"
    names = ("pk", "uuid", *OF_A_MEASURE)
    found: dict[int, dict[int, Measure]] = defaultdict(dict)
    for pk, *about in rows.values_list("candidate_id", *(f"{measure}__{name}" for name in names)):
        one = Measure(**dict(zip(names, about, strict=True)))
        found[pk].setdefault(one.pk, one)
    return {pk: list(measures.values()) for pk, measures in found.items()}


def concerns_by_measure(candidate: Candidate) -> list[tuple[Measure, Concern]]:
    """The concern of a candidate in each measure of its flags as of today; two queries."""
    measures = _flagged([candidate]).get(candidate.pk, [])
    since, student = candidate.student.school.today() - SEEN, candidate.student_id
    scores = _scores({student}, {one.pk for one in measures}, since) if measures else {}
    return [(one, _concern_in(one, scores[student, one.pk])) for one in measures]


def _concern_in(measure: Measure, points: list[tuple[dt.date, float]]) -> Concern:
    return Concern(
        measure.name, points, measure.higher_is_better, low=measure.scale_min, high=measure.scale_max
    )


def measure_of(candidate: Candidate) -> Measure | None:
    """The measure that the concern of ``candidate`` is about, if any."""
    return _measures_of([candidate]).get(candidate.pk)


def concern_of(candidate: Candidate, measure: Measure | None = None, *, of_flags: bool = True) -> Concern:
    """The concern of one candidate as of today: in ``measure`` if given, else in that of its flags, if ``of_flags``."""
    measures = {candidate.pk: measure} if measure else _measures_of([candidate]) if of_flags else {}
    return _concerns([candidate], measures, candidate.student.school.today())[candidate.pk]


def worse_than_help(concern: Concern) -> str:
    """What a watch "until worse than" compares: the name of the values, the newest one, and which way is worse."""
    words = {
        "name": concern.name,
        "value": _("no value yet")
        if concern.newest is None
        else _("%(value)s now") % {"value": formats.number(concern.newest, 1)},
    }
    if concern.higher_is_better:
        return _("%(name)s: %(value)s. The student comes back below your number.") % words
    return _("%(name)s: %(value)s. The student comes back above your number.") % words


def check_worse_than(candidate: Candidate, value: float, measure: Measure | None = None) -> float:
    """Return ``value`` if it is on the concern's scale and its newest value is not worse already, else raise DomainError."""
    concern = concern_of(candidate, measure)
    if not concern.low <= value <= concern.high:
        raise DomainError(_off_scale(concern))
    if concern.newest is not None and concern.is_worse(concern.newest, value):
        raise DomainError(
            _("%(name)s: %(value)s already. Choose a point that is worse.")
            % {"name": concern.name, "value": formats.number(concern.newest, 1)}
        )
    return value


def _off_scale(concern: Concern) -> str:
    words = {"name": concern.name, "low": formats.number(concern.low), "high": formats.number(concern.high)}
    if concern.high == inf:
        return _("%(name)s: choose a number from %(low)s up.") % words
    return _("%(name)s: choose a number from %(low)s to %(high)s.") % words


def _scores(
    students: Collection[int], measures: Collection[int], since: dt.date
) -> defaultdict[tuple[int, int], list[tuple[dt.date, float]]]:
    found: defaultdict[tuple[int, int], list[tuple[dt.date, float]]] = defaultdict(list)
    rows = Score.objects.filter(student__in=students, measure__in=measures, taken_on__gte=since)
    for student_id, measure_id, day, value in rows.order_by("taken_on", "pk").values_list(
        "student_id", "measure_id", "taken_on", "value"
    ):
        found[student_id, measure_id].append((day, value))
    return found


def _incidents(students: Collection[int], since: dt.date) -> defaultdict[int, dict[dt.date, float]]:
    found: defaultdict[int, dict[dt.date, float]] = defaultdict(dict)
    rows = Incident.objects.filter(student__in=students, day__gte=since).order_by("day")
    for student_id, day in rows.values_list("student_id", "day"):
        friday = friday_of(day)
        found[student_id][friday] = found[student_id].get(friday, 0.0) + 1
    return found
