from datareview.check_in_cards.models import CardDay, CardPoints, CheckInCard
from datareview.check_in_cards.services import points_measure
from datareview.plans.models import GroupMember, Plan
from tests.access import Page, Post, by, day, one

SEES_MAYA = "ana tom sol cora pia ada"
DELIVERS = by("sol cora", sees="ana tom pia ada")


def _card(side) -> None:
    plan = Plan.objects.get(pk=side.plan.pk)
    CheckInCard.objects.create(plan=plan, periods=["Reading", "Math"], most=2, started_by=plan.started_by)
    Plan.objects.filter(pk=plan.pk).update(measure=points_measure(side.school))


def _alone(side) -> None:
    GroupMember.objects.filter(group=side.plan_group).delete()


def _rated(side) -> None:
    _card(side)
    CardPoints.objects.create(
        card=side.plan.check_in_card,
        day=side.school.today(),
        period="Math",
        points=1,
        most=2,
        given_by=side.plan.started_by,
    )


PAGES = [
    Page("check-in-card-show", one("plan"), by(SEES_MAYA), given=_card),
    Page("check-in-card-edit", one("plan"), DELIVERS),
]

POSTS = [
    Post(
        "check-in-card-edit",
        one("plan"),
        DELIVERS,
        given=_alone,
        data=lambda side: {"periods": "Reading\nMath", "most": 2, "baseline": 50, "goal": 80},
        effect=lambda side: list(
            CheckInCard.objects.filter(plan=side.plan).values_list("periods", "plan__measure__key")
        ),
        becomes=[(["Reading", "Math"], "daily-points")],
    ),
    Post(
        "check-in-points",
        one("plan"),
        by(SEES_MAYA),
        given=_card,
        data=lambda side: {"day": day(side, 0), "period": "Math", "points": 1},
        effect=lambda side: list(
            CardPoints.objects.filter(card__plan=side.plan).values_list("period", "points", "given_by")
        ),
        becomes=lambda side: [("Math", 1, side.me.pk)],
    ),
    Post(
        "check-in-check",
        one("plan"),
        DELIVERS,
        given=_rated,
        data=lambda side: {"day": day(side, 0), "way": "out"},
        effect=lambda side: list(
            CardDay.objects.filter(card__plan=side.plan).values_list("out_by", flat=True)
        ),
        becomes=lambda side: [side.me.pk],
    ),
]
