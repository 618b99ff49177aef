"""Set up a check-in card, give points, check in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.check_in_cards.models import MOST_POINTS, CardDay, CardPoints, CheckInCard
from datareview.check_in_cards.permissions import may_check, may_give_points, may_set_up
from datareview.check_in_cards.queries import POINTS_KEY, card_version, share_of
from datareview.hand_scores.services import NEW, enter_score
from datareview.plans.models import Plan
from datareview.progress.services.changes import plan_version
from datareview.progress.services.sessions import log_session
from datareview.records.models import Domain, Measure
from datareview.remeasuring.services import remeasure_plan
from teams.audit.services import record_event
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from teams.directory.models import School, User

MOST_PERIODS, MOST_EXPECTATIONS, LONGEST = 12, 6, 40


@transaction.atomic
def set_up_card(
    plan: Plan,
    *,
    actor: User,
    periods: Sequence[str],
    expectations: Sequence[str],
    most: int,
    baseline: float | None = None,
    goal: float | None = None,
    seen: str = "",
) -> CheckInCard:
    """Give a running plan a card, or change it. A new one measures the plan by the share of points from today on.

    ``baseline`` and ``goal`` are percentages, needed if the plan is measured by something else. Points that were given
    stay. Raises StaleEdit if ``seen`` is not the version of the card now, and what `remeasure_plan` raises.
    """
    plan = (
        Plan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("student__school", "measure", "provider__user")
        .get(pk=plan.pk)
    )
    if not may_set_up(actor, plan):
        raise PermissionDenied
    periods, expectations = _clean(periods), _clean(expectations)
    _check(periods, expectations, most)
    card = CheckInCard.objects.filter(plan=plan).first()
    if seen != card_version(card):
        theirs = ", ".join(card.periods) if card else ""
        raise StaleEdit(
            _("Someone changed this card while you were working. Theirs: %(theirs)s. Saving replaces theirs.")
            % {"theirs": theirs},
            current=theirs,
        )
    measure = points_measure(plan.student.school)
    if plan.measure_id != measure.pk:
        if baseline is None or goal is None:
            raise DomainError(_("Say what share of the points the student has now, and what the goal is."))
        remeasure_plan(
            plan,
            actor=actor,
            measure=measure,
            baseline=baseline,
            goal=goal,
            goal_on=plan.goal_on,
            why=_("check-in card"),
            seen=plan_version(plan),
        )
    card = card or CheckInCard(plan=plan, started_by=actor)
    card.version += 1 if card.pk else 0
    card.periods, card.expectations, card.most = periods, expectations, most
    card.save()
    record_event(actor, "check-in-card", plan, school=plan.student.school)
    return card


def points_measure(school: School) -> Measure:
    """The school's measure of cards, made with its first card."""
    return Measure.objects.get_or_create(
        school=school,
        key=POINTS_KEY,
        defaults={
            "name": _("Daily points"),
            "domain": Domain.BEHAVIOR,
            "kind": Measure.Kind.PROBE,
            "unit": "%",
            "decimals": 0,
        },
    )[0]


@transaction.atomic
def give_points(
    card: CheckInCard, *, actor: User, day: dt.date, period: str, points: int | None
) -> CardPoints | None:
    """Give the points of a period on a day, instead of those given before; None takes them away.

    After the day was checked out, only who checks out may: the score changes with it.
    """
    plan = _plan_of(card)
    if not may_give_points(actor, plan):
        raise PermissionDenied
    _check_day(plan, day)
    CheckInCard.objects.select_for_update(no_key=True).get(pk=card.pk)
    known = CardPoints.objects.filter(card=card, day=day, period=period).first()
    most = known.most if known else card.most
    if period not in card.periods and known is None:
        raise DomainError(_("The periods of the card have changed. Open it again."))
    is_out = CardDay.objects.filter(card=card, day=day).exclude(out_at=None).exists()
    if is_out and not may_check(actor, plan):
        raise DomainError(_("The day is checked out. Who delivers the plan can still change it."))
    if points is None:
        CardPoints.objects.filter(card=card, day=day, period=period).delete()
        found = None
    else:
        if not 0 <= points <= most:
            raise DomainError(_("From 0 to %(most)s points.") % {"most": formats.number(most)})
        found, _new = CardPoints.objects.update_or_create(
            card=card,
            day=day,
            period=period,
            defaults={"points": points, "most": most, "given_by": actor},
        )
    if is_out:
        _enter(card, plan, day, actor)
    return found


@transaction.atomic
def check_in(card: CheckInCard, *, actor: User, day: dt.date, back: bool = False) -> None:
    """Note that the student was checked in on a day, or take it back."""
    _check_at(card, actor, day, "in", back=back)


@transaction.atomic
def check_out(card: CheckInCard, *, actor: User, day: dt.date) -> None:
    """Check a student out: the share of the day's points is entered as a score, and the day counts as a session held.

    Again, after a change, enters the new share. Raises DomainError if no period has points.
    """
    plan = _check_at(card, actor, day, "out")
    _enter(card, plan, day, actor)
    if not plan.sessions.filter(held_on=day).exists():
        log_session(plan, actor=actor, held_on=day)


def _check_at(card: CheckInCard, actor: User, day: dt.date, way: str, *, back: bool = False) -> Plan:
    plan = _plan_of(card)
    if not may_check(actor, plan):
        raise PermissionDenied
    _check_day(plan, day)
    row, _new = CardDay.objects.select_for_update(no_key=True).get_or_create(card=card, day=day)
    if back or getattr(row, f"{way}_at") is None:
        setattr(row, f"{way}_at", None if back else clock.now())
        setattr(row, f"{way}_by", None if back else actor)
        row.save(update_fields=[f"{way}_at", f"{way}_by"])
        record_event(actor, f"checked-{way}", plan, school=plan.student.school, day=day.isoformat())
    return plan


def _enter(card: CheckInCard, plan: Plan, day: dt.date, actor: User) -> None:
    points = list(CardPoints.objects.filter(card=card, day=day))
    if not points:
        raise DomainError(_("No period has points yet."))
    share = round(share_of(points), 1)
    measure = points_measure(plan.student.school)
    if plan.measure_id == measure.pk:
        enter_score(plan.student, measure, actor=actor, taken_on=day, value=share, counts=NEW)


def _plan_of(card: CheckInCard) -> Plan:
    return Plan.objects.select_related("student__school", "measure", "provider__user", "strategy").get(
        pk=card.plan_id
    )


def _check_day(plan: Plan, day: dt.date) -> None:
    today = plan.student.school.today()
    if day > today:
        words = _("The date is in the future; today is %(today)s at the school.")
        raise DomainError(words % {"today": formats.short_day(today, with_year=True)})
    if day < plan.starts_on:
        raise DomainError(_("The plan had not begun on that day."))


def _clean(lines: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(line.strip()[:LONGEST] for line in lines if line.strip()))


def _check(periods: Sequence[str], expectations: Sequence[str], most: int) -> None:
    if not 1 <= len(periods) <= MOST_PERIODS:
        raise DomainError(_("Name one to twelve periods, one a line."))
    if len(expectations) > MOST_EXPECTATIONS:
        raise DomainError(_("Name at most six expectations."))
    if not 1 <= most <= MOST_POINTS:
        raise DomainError(_("From 1 to 5 points."))
