"""Which students a decision is measured on, and their values before and after it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from collab.decisions.models import Decision
from datareview.records.permissions import students_of_team, students_visible_to
from datareview.records.queries.order import by_name
from datareview.regrouping.models import RegroupedGroup
from datareview.trends.queries.cohort_scores import RECENT, cohort_choices, last_scores, team_cohort
from datareview.trends.queries.period_values import attendance_shares, grade_averages, incident_rates

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from datareview.records.models import Measure, Student
    from teams.directory.models import Team, User

NAMED = "named"
SHORTEST, LONGEST = 14, RECENT.days  # days of attendance and incidents before and after
BY_DAYS = {
    Decision.Gauge.ATTENDANCE.value: attendance_shares,
    Decision.Gauge.INCIDENTS.value: incident_rates,
}


def decision_cohorts(team: Team) -> list[tuple[str, str]]:
    """Groups of a team's students, as (key, name): all, below, sections, teaching groups, and chosen by name."""
    return [
        *cohort_choices(team),
        *((_key(group), _name(group)) for group in _groups(team)),
        (NAMED, _("Students chosen by name")),
    ]


def nameable_students(user: User, team: Team) -> QuerySet[Student]:
    """The students of ``team`` whom the user may choose by name."""
    visible = students_visible_to(user).values("pk")
    return students_of_team(team).filter(pk__in=visible).order_by(*by_name(), "pk")


def students_in(team: Team, key: str, measure: Measure | None) -> list[int]:
    """Ids of the students in the group with ``key`` (`decision_cohorts`); empty if it is unknown or by name."""
    if key.startswith("group:"):
        kept = [group.pk for group in _groups(team) if _key(group) == key]
        rows = students_of_team(team).filter(regrouped__group__in=kept)
        return list(rows.values_list("pk", flat=True))
    if key == "below" and measure is None:
        return []
    return list(team_cohort(team, key, measure).values_list("pk", flat=True))  # type: ignore[arg-type]


def values_before(decision: Decision, ids: Collection[int], today: dt.date) -> dict[int, float]:
    """Map student ids to their values up to ``today``: the last score or grades, or those of as many days as will follow."""
    if decision.measure:
        return last_scores(ids, decision.measure, until=today)
    if decision.gauge == Decision.Gauge.GRADES:
        return grade_averages(ids, today - RECENT, today)
    ahead = ((decision.check_on or today) - today).days
    days = dt.timedelta(days=min(max(ahead, SHORTEST), LONGEST) - 1)
    return BY_DAYS[decision.gauge](ids, today - days, today)


def values_after(decision: Decision, ids: Collection[int]) -> dict[int, float]:
    """Map student ids to their values from the day after the baseline to the check date."""
    if decision.baseline_on is None or decision.check_on is None:
        return {}
    if decision.measure:
        return last_scores(ids, decision.measure, until=decision.check_on, after=decision.baseline_on)
    first = decision.baseline_on + dt.timedelta(days=1)
    if decision.gauge == Decision.Gauge.GRADES:
        return grade_averages(ids, first, decision.check_on)
    return BY_DAYS[decision.gauge](ids, first, decision.check_on)


def _groups(team: Team) -> list[RegroupedGroup]:
    """The team's teaching groups that are checked from today on, or were in the last four months."""
    since = team.school.today() - RECENT
    lasting = Q(regrouping__check_on=None) | Q(regrouping__check_on__gte=since)
    rows = RegroupedGroup.objects.filter(
        lasting, regrouping__assessment__team=team, regrouping__assessment__deleted_at=None
    )
    return list(
        rows.select_related("regrouping__assessment", "regrouping__standard").order_by(
            "regrouping", "position"
        )
    )


def _key(group: RegroupedGroup) -> str:
    return f"group:{group.regrouping.uuid}:{group.position}"


def _name(group: RegroupedGroup) -> str:
    return f"{group.get_band_display()}: {group.regrouping}"
