"""The values of the concern by which a candidate was raised: scores, days present or incidents by week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.sparkline import sparkline
from datareview.flags.models import Candidate
from datareview.records.absence import friday_of
from datareview.records.models import AttendanceDay, Domain, Incident, Score
from datareview.trends.queries.weeks import percent_by_week
from teams.access.prepared import many_ids
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

SEEN = dt.timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Concern:
    """The values of a candidate's concern with their name."""

    name: str
    points: list[tuple[dt.date, float]]
    higher_is_better: bool = True

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

    Of each student only the rows are read that the concern is about.
    """
    since = today - SEEN
    measures = _measures_of(candidates)
    scored = {one.student_id for one in candidates if one.pk in measures}
    others = [one for one in candidates if one.pk not in measures]
    scores = _scores(scored, {measure_id for measure_id, _name, _better in measures.values()}, since)
    marked_students = {one.student_id for one in others}
    days = AttendanceDay.objects.that_count().filter(student__in=marked_students, day__gte=since)
    weeks = percent_by_week(days, today) if others else {}
    incidents = _incidents({one.student_id for one in others if one.domain == Domain.BEHAVIOR}, since)
    found: dict[int, Concern] = {}
    for candidate in candidates:
        marked = weeks.get(candidate.student_id, [])
        if candidate.pk in measures:
            measure_id, name, better = measures[candidate.pk]
            found[candidate.pk] = Concern(
                name, scores[candidate.student_id, measure_id], higher_is_better=better
            )
        elif candidate.domain == Domain.BEHAVIOR:
            counts = incidents[candidate.student_id]
            points = [
                (day, counts.get(day, 0.0)) for day in sorted({*(day for day, _share in marked), *counts})
            ]
            found[candidate.pk] = Concern(_("Incidents, by week"), points, higher_is_better=False)
        else:
            found[candidate.pk] = Concern(_("% of days present, by week"), marked)
    return found


def _measures_of(candidates: Sequence[Candidate]) -> dict[int, tuple[int, str, bool]]:
    """Map candidate ids to the first measure of their flags, open and severe ones first.

    Each is its id, its name and whether more is better.
    """
    links = Candidate.flags.through.objects.filter(
        candidate__in=many_ids(one.pk for one in candidates), flag__rule__measure__isnull=False
    )
    measure = "flag__rule__measure"
    rows = links.order_by("flag__state", "-flag__severity", "flag").values_list(
        "candidate_id", measure, f"{measure}__name", f"{measure}__higher_is_better"
    )
    found: dict[int, tuple[int, str, bool]] = {}
    for candidate_id, *about in rows:
        found.setdefault(candidate_id, tuple(about))
    return found


def concern_of(candidate: Candidate) -> Concern:
    """The concern of one candidate as of today."""
    return concerns_of([candidate], candidate.student.school.today())[candidate.pk]


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


def check_worse_than(candidate: Candidate, value: float) -> float:
    """Return ``value`` if the concern's newest value is not worse already, else raise DomainError."""
    concern = concern_of(candidate)
    if concern.newest is not None and concern.is_worse(concern.newest, value):
        raise DomainError(
            _("%(name)s: %(value)s already. Choose a point that is worse.")
            % {"name": concern.name, "value": formats.number(concern.newest, 1)}
        )
    return value


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
