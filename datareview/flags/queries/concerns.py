"""The values of the concern by which a candidate was raised: scores, days present or incidents by week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.sparkline import sparkline
from datareview.records.absence import friday_of, group_by_week, percent_present
from datareview.records.models import AttendanceDay, Domain, Incident, Score
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from datareview.flags.models import Candidate


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
    def svg(self) -> str:
        """The values as a small drawing; "" without any."""
        days, values = [day for day, _value in self.points], [value for _day, value in self.points]
        return sparkline(values, days) if self.points else ""


def concerns_of(candidates: Sequence[Candidate], today: dt.date) -> dict[int, Concern]:
    """Map candidate ids to the first flag's measure, incidents, or days present; a constant number of queries."""
    since, ids = today - SEEN, {candidate.student_id for candidate in candidates}
    scores = _scores(ids, since)
    days = AttendanceDay.objects.that_count().filter(student__in=ids, day__gte=since).order_by("day")
    weeks = group_by_week(days.values_list("student_id", "day", "mark"), today)
    incidents = _incidents(ids, since)
    found: dict[int, Concern] = {}
    for candidate in candidates:
        flag = next((flag for flag in candidate.flags.all() if flag.rule.measure_id), None)
        marked = weeks.get(candidate.student_id, {})
        if flag and flag.rule.measure:
            points = scores[candidate.student_id, flag.rule.measure.pk]
            found[candidate.pk] = Concern(
                str(flag.rule.measure), points, higher_is_better=flag.rule.measure.higher_is_better
            )
        elif candidate.domain == Domain.BEHAVIOR:
            counts = incidents[candidate.student_id]
            points = [(day, counts.get(day, 0.0)) for day in sorted({*marked, *counts})]
            found[candidate.pk] = Concern(_("Incidents, by week"), points, higher_is_better=False)
        else:
            found[candidate.pk] = Concern(_("% of days present, by week"), percent_present(marked))
    return found


def newest_since(concern: Concern, day: dt.date) -> float | None:
    """The newest value after ``day``; None without one."""
    since = [value for at, value in concern.points if at > day]
    return since[-1] if since else None


def check_worse_than(candidate: Candidate, value: float) -> float:
    """Return ``value`` if the concern's newest value is not worse already, else raise DomainError."""
    concern = concerns_of([candidate], candidate.student.school.today())[candidate.pk]
    if concern.points and concern.is_worse(concern.points[-1][1], value):
        raise DomainError(
            _("%(name)s is %(value)s already. Choose a point that is worse.")
            % {"name": concern.name, "value": formats.number(concern.points[-1][1], 1)}
        )
    return value


def _scores(
    students: Collection[int], since: dt.date
) -> defaultdict[tuple[int, int], list[tuple[dt.date, float]]]:
    found: defaultdict[tuple[int, int], list[tuple[dt.date, float]]] = defaultdict(list)
    rows = Score.objects.filter(student__in=students, taken_on__gte=since).order_by("taken_on", "pk")
    for student_id, measure_id, day, value in rows.values_list(
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
