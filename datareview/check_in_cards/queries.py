"""A check-in card on a day, its earlier days, and what a new card begins with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.check_in_cards.models import CardDay, CardPoints, CheckInCard
from datareview.check_in_cards.permissions import may_check, may_give_points, may_set_up
from teams.directory.models import Period
from teams.lib.parameters import day_or_none
from teams.lib.versions import version_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from datareview.plans.models import Plan
    from teams.directory.models import School, User

SHOWN = 20  # earlier days
POINTS_KEY = "daily-points"  # of the measure


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period of the day with its points (None: not yet) and what may be given."""

    name: str
    points: CardPoints | None
    choices: range


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """A card on a day; ``share`` is the percentage of the points of the periods that have some, None without any."""

    card: CheckInCard
    plan: Plan
    day: dt.date
    is_today: bool
    rows: list[PeriodRow]
    share: float | None
    rated: int
    state: CardDay | None
    earlier: list[tuple[dt.date, float, int]]
    may_give: bool
    may_check: bool
    may_set_up: bool


def card_of(plan: Plan) -> CheckInCard | None:
    """The card of ``plan``, if it has one; no query for a plan that was never measured by points."""
    if plan.measured_from is None and plan.measure.key != POINTS_KEY:
        return None
    return CheckInCard.objects.filter(plan=plan).first()


def check_in_page(user: User, card: CheckInCard, on: str | None) -> CheckInPage:
    """``card`` on the day named by ``on``, else today; days to come are today."""
    plan = card.plan
    today = plan.student.school.today()
    day = min(day_or_none(on) or today, today)
    points: dict[dt.date, dict[str, CardPoints]] = defaultdict(dict)
    for one in card.points.select_related("given_by"):
        points[one.day][one.period] = one
    here = points.get(day, {})
    names = list(dict.fromkeys([*card.periods, *here]))  # those that were renamed since stay on their day
    earlier = [(at, share_of(theirs.values()), len(theirs)) for at, theirs in points.items() if at != day]
    return CheckInPage(
        card=card,
        plan=plan,
        day=day,
        is_today=day == today,
        rows=[
            PeriodRow(name, here.get(name), range((here[name].most if name in here else card.most) + 1))
            for name in names
        ],
        share=share_of(here.values()) if here else None,
        rated=len(here),
        state=card.days.filter(day=day).first(),
        earlier=sorted(earlier, reverse=True)[:SHOWN],
        may_give=may_give_points(user, plan),
        may_check=may_check(user, plan),
        may_set_up=may_set_up(user, plan),
    )


def share_of(points: Iterable[CardPoints]) -> float:
    """The percentage of the points that could be had in the periods that have some."""
    points = list(points)
    return 100 * sum(one.points for one in points) / sum(one.most for one in points)


def usual_periods(school: School) -> list[str]:
    """The periods of the first day of the bell schedule, by name, without those for team meetings."""
    rows = Period.objects.filter(school=school, cycle_day=0, is_protected=False).order_by("starts_at")
    return list(rows.values_list("name", flat=True))


def card_version(card: CheckInCard | None) -> str:
    """A text that changes as soon as the card does."""
    return version_of(card.version) if card else ""
