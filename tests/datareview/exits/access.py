from datareview.exits.models import ExitDecision
from datareview.plans.models import Plan
from datareview.records.models import Score
from tests.access import Page, Post, by, day, one

SEES_MAYA = "ana tom cora pia ada"  # who delivered the plan no longer sees the student


def _ended(side) -> None:
    Score.objects.filter(student=side.maya, measure=side.plan.measure).delete()
    Plan.objects.filter(pk=side.plan.pk).update(state="ended", outcome="met", ended_on=day(side, -30))


PAGES = [Page("plan-exit", one("plan"), by(SEES_MAYA), given=_ended)]

POSTS = [
    Post(
        "plan-exit",
        one("plan"),
        by("cora", sees="ana tom pia ada"),
        given=_ended,
        data=lambda side: {"reason": "She reads to me every day"},
        effect=lambda side: list(
            ExitDecision.objects.filter(plan=side.plan).values_list("decided_by", "reason", "weeks")
        ),
        becomes=lambda side: [(side.me.pk, "She reads to me every day", 4)],
    ),
    Post(
        "plan-exit-score",
        one("plan"),
        by("cora", sees="ana tom pia ada"),
        given=_ended,
        data=lambda side: {"value": 88, "taken_on": day(side, 0)},
        effect=lambda side: list(
            Score.objects.filter(student=side.maya, source=Score.BY_HAND, taken_on=day(side, 0)).values_list(
                "value", flat=True
            )
        ),
        becomes=[88.0],
    ),
]
