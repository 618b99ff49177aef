"""Checks of plans that have ended well: due, kept, or gone back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from datareview.exits.models import ExitDecision
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.plans.queries.points import recent_points_of
from datareview.records.models import Student
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.figures.queries.student import Points
    from teams.directory.models import School, User

WEEKS = (4, 8)
LAPSES = dt.timedelta(weeks=4)  # a check that nobody could make by then
BEFORE_END = dt.timedelta(weeks=6)
STATES = {None: "score", True: "kept", False: "back"}
WELL_ENDED = (Plan.Outcome.MET, Plan.Outcome.FADED)


@dataclass(frozen=True, slots=True)
class ExitCheck:
    """The check of a plan some ``weeks`` after its end.

    ``state`` is "waiting" before its day, "score" if no value has come after ``since``, "kept" or "back". ``since`` is the
    end, or the day of the check before. ``value`` is the median of the newest values after it, ``level`` what is to be
    kept, and ``least`` how bad it may get.
    """

    plan: Plan
    weeks: int
    since: dt.date
    due_on: dt.date
    state: str
    value: float | None
    level: float
    least: float
    decision: ExitDecision | None

    @property
    def asks(self) -> bool:
        """Whether someone must do something."""
        return self.decision is None and self.state in ("score", "back")

    @property
    def sentence(self) -> str:
        """What the check found, with its figures."""
        figures = {
            "level": formats.number(self.level, 1),
            "least": formats.number(self.least, 1),
            "value": formats.number(self.value, 1) if self.value is not None else "",
            "day": formats.short_day(self.due_on),
            "since": formats.short_day(self.since),
            "weeks": self.weeks,
        }
        if self.state == "waiting":
            return _("After %(weeks)s weeks: on %(day)s.") % figures
        if self.state == "score":
            return _("After %(weeks)s weeks: no value since %(since)s. Take a score.") % figures
        if self.state == "kept":
            return _("After %(weeks)s weeks: %(value)s, kept. The level to keep is %(level)s.") % figures
        return (
            _(
                "After %(weeks)s weeks: %(value)s, gone back. The level to keep is %(level)s; %(least)s would still do."
            )
            % figures
        )


def exit_checks(plans: Iterable[Plan], today: dt.date) -> dict[int, list[ExitCheck]]:
    """Map ids of ended plans to their checks; the number of queries grows with measures, not with plans."""
    plans = [plan for plan in plans if plan.ended_on]
    by_measure: dict[int, list[Plan]] = defaultdict(list)
    for plan in plans:
        by_measure[plan.measure_id].append(plan)
    decided = {
        (one.plan_id, one.ended_on, one.weeks): one
        for one in ExitDecision.objects.filter(plan__in=plans).select_related("decided_by")
    }
    found: dict[int, list[ExitCheck]] = {}
    for same in by_measure.values():
        since = min(plan.ended_on for plan in same if plan.ended_on) - BEFORE_END
        points = recent_points_of({plan.student_id for plan in same}, same[0].measure, since, today)
        for plan in same:
            found[plan.pk] = [
                _check(plan, weeks, points.get(plan.student_id, []), today, decided) for weeks in WEEKS
            ]
    return found


def plans_to_check(user: User, school: School) -> list[Plan]:
    """Plans of the school that ended well four to twelve weeks ago, whose student is here and has no new one on it."""
    today = school.today()
    again = Plan.objects.running().filter(student=OuterRef("student"), measure=OuterRef("measure"))
    last = dt.timedelta(weeks=WEEKS[-1]) + LAPSES
    rows = plans_visible_to(user).filter(
        ~Exists(again),
        state=Plan.State.ENDED,
        outcome__in=WELL_ENDED,
        ended_on__range=(today - last, today - dt.timedelta(weeks=WEEKS[0])),
        student__school=school,
        student__status=Student.Status.ACTIVE,
    )
    return list(
        rows.select_related("student__school", "strategy", "measure", "provider__user").order_by(
            "ended_on", "pk"
        )
    )


def checks_that_ask(user: User, school: School) -> list[ExitCheck]:
    """The newest due check of each plan that asks for a look: gone back first, then those that need a score."""
    plans = plans_to_check(user, school)
    asking = []
    for checks in exit_checks(plans, school.today()).values():
        due = [one for one in checks if one.state != "waiting"]
        if due and due[-1].asks:
            asking.append(due[-1])
    return sorted(asking, key=lambda one: (one.state != "back", one.due_on, one.plan.pk))


def _check(
    plan: Plan,
    weeks: int,
    points: Points,
    today: dt.date,
    decided: dict[tuple[int, dt.date, int], ExitDecision],
) -> ExitCheck:
    from datareview.analysis.maintenance import level_kept

    ended_on = plan.ended_on or today
    due_on = ended_on + dt.timedelta(weeks=weeks)
    before = [value for day, value in points if day <= ended_on]
    earlier = max((one for one in (0, *WEEKS) if one < weeks), default=0)
    since, last = ended_on + dt.timedelta(weeks=earlier), due_on + LAPSES
    found = level_kept(
        before,
        [value for day, value in points if since < day <= last],
        baseline=plan.baseline,
        goal=plan.goal,
        sem=plan.measure.sem,
        higher_is_better=plan.measure.higher_is_better,
    )
    state = "waiting" if today < due_on else STATES[found.is_kept]
    return ExitCheck(
        plan,
        weeks,
        since,
        due_on,
        state,
        found.value,
        found.level,
        found.least,
        decided.get((plan.pk, ended_on, weeks)),
    )
