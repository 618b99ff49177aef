from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.progress.services.changes import plan_version
from datareview.records.models import Measure
from datareview.remeasuring.services import remeasure_plan
from tests.access import Page, Post, by, day, one

MAY = by("sol cora", sees="ana tom pia ada")


def _accuracy(side) -> Measure:
    return Measure.objects.get_or_create(
        school=side.school,
        name="Accuracy",
        defaults={"domain": side.fluency.domain, "kind": side.fluency.kind, "scale_max": 100},
    )[0]


def _alone(side) -> None:
    _accuracy(side)
    GroupMember.objects.filter(group=side.plan_group).delete()


def _changed(side) -> None:
    _alone(side)
    plan = Plan.objects.get(pk=side.plan.pk)
    remeasure_plan(
        plan,
        actor=getattr(side, "cora", None) or side.zoe,
        measure=_accuracy(side),
        baseline=80,
        goal=97,
        goal_on=plan.goal_on,
        why="It is about accuracy",
        seen=plan_version(plan),
    )


def _figures(side) -> dict:
    uuid = side.maya.uuid
    return {
        f"baseline-{uuid}": 80,
        f"goal-{uuid}": 97,
        "measure": _accuracy(side).uuid,
        "goal_on": day(side, 60),
        "why": "It is about accuracy",
    }


def _measured(side) -> list:
    return list(Plan.objects.filter(pk=side.plan.pk).values_list("measure__name", "baseline", "goal"))


PAGES = [
    Page("plan-measure-change", one("plan"), MAY, given=_alone),
    Page("plan-group-measure-change", one("plan_group"), MAY),
]

POSTS = [
    Post(
        "plan-measure-change",
        one("plan"),
        MAY,
        given=_alone,
        data=lambda side: {**_figures(side), "seen": plan_version(side.plan)},
        effect=_measured,
        becomes=[("Accuracy", 80, 97)],
    ),
    Post(
        "plan-group-measure-change",
        one("plan_group"),
        MAY,
        given=_accuracy,
        data=lambda side: {**_figures(side), "seen": side.plan_group.version},
        effect=lambda side: list(
            PlanGroup.objects.filter(pk=side.plan_group.pk).values_list("measure__name", "version")
        ),
        becomes=lambda side: [("Accuracy", side.plan_group.version + 1)],
    ),
    Post(
        "plan-measure-undo",
        one("plan"),
        MAY,
        given=_changed,
        effect=_measured,
        becomes=lambda side: [(str(side.fluency), 63, 90)],
    ),
]
