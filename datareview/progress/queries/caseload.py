"""The caseload: running plans with their progress, filtered by the query string."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import FilteredRelation, Prefetch, Q

from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to, provider_ids
from datareview.plans.queries.points import points_of_plans
from datareview.progress.models import PhaseChange, Review, Session
from datareview.progress.queries.progress import Progress, is_planned_on, progress_of_plans
from datareview.records.queries.order import by_name
from datareview.verdicts.queries.words import DELIVERY, LABELS
from teams.access.permissions import can, schools_at
from teams.directory.models import Staff
from teams.directory.queries.days import closed_days
from teams.directory.queries.substitutes import standing_in, substitute_names, substitute_of
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    import datetime as dt

    from django.core.paginator import Page
    from django.db.models import QuerySet

    from datareview.figures.queries.student import Points
    from teams.directory.models import School, User

A_PAGE = 50
ENDED = "ended"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan in the caseload; ``is_mine`` also for the provider's substitute, whom ``substitute`` names today."""

    plan: Plan
    progress: Progress
    is_due: bool
    is_mine: bool
    is_today: bool
    logged_today: Session | None
    click_key: uuid.UUID
    points: Points
    substitute: User | None = None

    @property
    def provider(self) -> str:
        """Who delivers the plan today: "Ana Kaplan for Tom Sanders" if someone stands in."""
        provider = self.plan.provider
        return standing_in(self.substitute, provider) if self.substitute else str(provider)


@dataclass(frozen=True, slots=True)
class Caseload:
    """The caseload page: plans, their numbers by verdict, and providers; ``ended`` only if those are asked for."""

    today: dt.date
    mine: list[PlanRow]
    others: Page[PlanRow]
    ended: Page[Plan] | None
    ended_total: int
    tallies: list[tuple[str, str, int]]
    due: int
    total: int
    providers: list[Staff]
    may_start: bool


def caseload_of(user: User, school: School, wanted: dict[str, str]) -> Caseload:
    """Plans the user may see, own running plans separately; a constant number of queries."""
    today = school.today()
    visible = plans_visible_to(user).filter(student__school=school)
    running, over = (visible.filter(state=state) for state in (Plan.State.ACTIVE, Plan.State.ENDED))
    rows = plan_rows(_narrowed(running, wanted), user, today)
    ended, wants_ended = _narrowed(over, wanted), wanted.get("show") == ENDED
    shown = [row for row in rows if not wants_ended and _is_wanted(row, wanted)]
    others = [row for row in shown if not row.is_mine]
    theirs = (over if wants_ended else running).values("provider")
    at = wanted.get("page", 1)
    return Caseload(
        today=today,
        mine=[row for row in shown if row.is_mine],
        others=Paginator(others, A_PAGE).get_page(at),
        ended=_ended_page(ended, at) if wants_ended else None,
        ended_total=ended.count(),
        tallies=[
            (key, str(name), many)
            for key, (name, _other) in (LABELS | DELIVERY).items()
            if (many := sum(row.progress.is_shown_as(key) for row in rows)) or wanted.get("show") == key
        ],
        due=sum(row.is_due for row in rows),
        total=len(rows),
        providers=list(Staff.objects.filter(pk__in=theirs).select_related("user")),
        may_start=can(user, "start_plan", school),
    )


def _ended_page(ended: QuerySet[Plan], at: int | str) -> Page[Plan]:
    """Plans that ended, the newest end first, each with the reviews that tell why."""
    reviews = Prefetch("reviews", Review.objects.standing().order_by("-pk"))
    whole = ended.select_related("student__school", "strategy", "provider__user", "measure")
    return Paginator(whole.prefetch_related(reviews).order_by("-ended_on", "-pk"), A_PAGE).get_page(at)


def _narrowed(plans: QuerySet[Plan], wanted: dict[str, str]) -> QuerySet[Plan]:
    if (tier := int_or_none(wanted.get("tier"))) is not None:
        plans = plans.filter(tier=tier)
    if (provider := int_or_none(wanted.get("provider"))) is not None:
        plans = plans.filter(provider=provider)
    return plans


def _is_wanted(row: PlanRow, wanted: dict[str, str]) -> bool:
    show = wanted.get("show", "")
    if show == "due":
        return row.is_due
    return show not in LABELS | DELIVERY or row.progress.is_shown_as(show)


def _whole(plans: QuerySet[Plan], user: User) -> list[Plan]:
    """Fetch the plans with all related rows that a verdict needs; the schools of ``user`` are known."""
    sessions = Session.objects.only("plan_id", "held_on", "result").order_by("held_on")
    changes = PhaseChange.objects.order_by("changed_on")
    found = list(
        plans.select_related("student", "strategy", "provider__user", "measure")
        .prefetch_related(
            Prefetch("sessions", queryset=sessions), Prefetch("phase_changes", queryset=changes)
        )
        .order_by("review_on", *by_name("student__"), "pk")
    )
    schools = {school.pk: school for school in schools_at(user)}
    for plan in found:
        if school := schools.get(plan.student.school_id):
            plan.student.school = school
    return found


def plan_rows(running: QuerySet[Plan], user: User, today: dt.date) -> list[PlanRow]:
    """Rows of the caseload: own plans of today, then due ones, then by day of review; a constant number of queries."""
    replacement = FilteredRelation(
        "provider__replacements",
        condition=Q(provider__replacements__starts_on__lte=today, provider__replacements__ends_on__gte=today),
    )
    plans = _whole(running.annotate(replacement=replacement, **substitute_names("replacement")), user)
    points = points_of_plans(plans, today)
    closed = closed_days(plan.student.school_id for plan in plans)
    progress = progress_of_plans(plans, points, today, closed)
    mine = provider_ids(user)
    rows = []
    for plan, made in zip(plans, progress, strict=True):
        logged = next((session for session in plan.sessions.all() if session.held_on == today), None)
        rows.append(
            PlanRow(
                plan=plan,
                progress=made,
                is_due=plan.review_on <= today,
                is_mine=plan.provider_id in mine,
                is_today=is_planned_on(plan, today, closed),
                logged_today=logged,
                click_key=uuid.uuid4(),
                points=points[plan.pk],
                substitute=substitute_of(plan),
            )
        )
    return sorted(
        rows, key=lambda row: (row.is_mine and not row.is_today, not row.is_due, row.plan.review_on)
    )
