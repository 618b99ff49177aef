"""Suggestions for a new group, and for students who join one."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datareview.delivery.queries.suggestions import Entrant, Figures, GoalRule, suggested_figures
from datareview.flags.permissions import candidates_visible_to
from datareview.plans.queries.offers import need_of, offered_strategies
from datareview.plans.queries.starting import (
    USUAL_WEEKDAYS,
    WEEKS_TO_GOAL,
    WEEKS_TO_REVIEW,
    measure_for,
    measured_in_words,
    offered_standards,
    plain,
    provider_loads,
)
from datareview.records.models import Measure, Student
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from datareview.standard_measures.queries import named_measure
from teams.access.permissions import staff_where
from teams.directory.queries.days import school_day_from
from teams.lib.parameters import day_or_none, uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from datareview.plans.models import PlanGroup
    from datareview.plans.queries.offers import OfferedStrategies
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class GroupStart:
    """Initial values of the form for a group, the figures of each entrant by student id, and the choices."""

    entrants: list[Entrant]
    initial: dict[str, Any]
    figures: dict[int, Figures]
    standards: list[Measure]
    measure_words: str
    offer: OfferedStrategies
    loads: dict[int, int]


def entrants_of(
    user: User, school: School, candidates: Iterable[str], students: Iterable[str]
) -> list[Entrant]:
    """Students who are to start together, named by candidates or themselves; those the user may not see are left out."""
    wanted = [uuid for text in candidates if (uuid := uuid_or_none(text))]
    rows = candidates_visible_to(user).filter(student__school=school, uuid__in=wanted)
    found: dict[int, Entrant] = {}
    for candidate in rows.select_related("student__school").order_by("-severity", "pk"):
        found.setdefault(candidate.student_id, Entrant(candidate.student, candidate))
    ids = [uuid for text in students if (uuid := uuid_or_none(text))]
    for student in _students(user, school, ids):
        found.setdefault(student.pk, Entrant(student))
    places = {pk: place for place, pk in enumerate(_in_order(found))}
    return sorted(found.values(), key=lambda entrant: places[entrant.student.pk])


def students_to_add(user: User, school: School, without: Collection[int]) -> list[Student]:
    """Enrolled students the user may see, but for those with an id in ``without``, by name."""
    rows = students_visible_to(user).filter(school=school, status=Student.Status.ACTIVE)
    return list(rows.exclude(pk__in=without).order_by(*by_name(), "pk"))


def group_start(user: User, school: School, entrants: list[Entrant], typed: Mapping[str, str]) -> GroupStart:
    """Suggest a group for ``entrants``, keeping what was ``typed``; the number of queries does not grow with them."""
    today = school.today()
    measure = _measure(school, entrants, typed)
    starts_on = _day(typed, "starts_on", school_day_from(school, today))
    goal_on = _day(typed, "goal_on", school_day_from(school, starts_on + dt.timedelta(weeks=WEEKS_TO_GOAL)))
    rule = typed.get("goal_rule") or GoalRule.GROWTH
    figures = suggested_figures(
        school,
        entrants,
        measure,
        starts_on=starts_on,
        goal_on=goal_on,
        rule=rule,
        own=_number(typed.get("own_goal")),
    )
    need = need_of(entrants[0].candidate if entrants else None, measure)
    offer = offered_strategies(school, need, {entrant.student.grade for entrant in entrants})
    strategy = offer.find(uuid_or_none(typed.get("strategy")))
    loads = provider_loads(school)
    own = staff_where(school, "deliver_plan").filter(user=user).first()
    initial = {
        "strategy": strategy.uuid if strategy else None,
        "tier": 2,
        "measure": measure.uuid if measure else None,
        "minutes": strategy.minutes if strategy else 20,
        "weekdays": USUAL_WEEKDAYS[min(strategy.sessions_per_week, 5) if strategy else 3],
        "provider": own.uuid if own and loads.get(own.pk) else None,
        "starts_on": starts_on,
        "goal_on": goal_on,
        "goal_rule": rule,
        "review_on": school_day_from(school, max(today, starts_on) + dt.timedelta(weeks=WEEKS_TO_REVIEW)),
        **initial_figures(entrants, figures),
    }
    standards = offered_standards(school, [entrant.student for entrant in entrants], measure)
    return GroupStart(entrants, initial, figures, standards, measured_in_words(measure), offer, loads)


def join_figures(group: PlanGroup, entrants: Sequence[Entrant]) -> dict[int, Figures]:
    """Suggested figures of students who join ``group`` today, on its measure and goal date."""
    school = group.school
    starts_on = max(school.today(), group.starts_on)
    return suggested_figures(school, entrants, group.measure, starts_on=starts_on, goal_on=group.goal_on)


def initial_figures(entrants: Iterable[Entrant], figures: Mapping[int, Figures]) -> dict[str, str]:
    """The initial values of the fields for each student's baseline and goal."""
    found = {}
    for entrant in entrants:
        theirs = figures[entrant.student.pk]
        found[figure_field("baseline", entrant.student.uuid)] = plain(theirs.baseline)
        found[figure_field("goal", entrant.student.uuid)] = plain(theirs.goal)
    return found


def figure_field(name: str, student: UUID) -> str:
    """The name of the field for one figure of a student: "baseline-…"."""
    return f"{name}-{student}"


def _students(user: User, school: School, ids: Iterable[UUID]) -> list[Student]:
    rows = students_visible_to(user).filter(school=school, uuid__in=list(ids))
    return list(rows.select_related("school"))


def _in_order(found: Mapping[int, Entrant]) -> list[int]:
    rows = Student.objects.filter(pk__in=found).order_by(*by_name(), "pk")
    return list(rows.values_list("pk", flat=True))


def _measure(school: School, entrants: Sequence[Entrant], typed: Mapping[str, str]) -> Measure | None:
    if chosen := named_measure(school, uuid_or_none(typed.get("measure"))):
        return chosen
    if entrants:
        return measure_for(entrants[0].student, entrants[0].candidate)
    in_use = Measure.objects.in_use().filter(school=school)
    return in_use.filter(kind=Measure.Kind.PROBE).first() or in_use.first()


def _day(typed: Mapping[str, str], name: str, otherwise: dt.date) -> dt.date:
    return day_or_none(typed.get(name)) or otherwise


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
