from datareview.plans.models import GroupMember, PlanGroup
from tests.access import STAFF, Page, Post, by, day, now, one

SEES_GROUP = "ana tom sol cora pia ada"
ARRANGES = by("sol cora", sees="ana tom pia ada")


def _maya(side) -> dict:
    return {"student": side.maya.uuid}


def _for_another_strategy(side) -> None:
    """Nobody is in the group, and it is for a strategy that Maya's plan does not have."""
    GroupMember.objects.filter(group=side.plan_group).delete()
    PlanGroup.objects.filter(pk=side.plan_group.pk).update(strategy=side.other_strategy)


def _figures(side) -> dict:
    uuid = side.maya.uuid
    return {f"baseline-{uuid}": 70, f"goal-{uuid}": 100, "despite": "on"}


def _members(side) -> list:
    rows = GroupMember.objects.filter(group=side.plan_group, left_on=None)
    return list(rows.values_list("plan__student", "plan__started_by"))


PAGES = [
    Page("plan-group-change", one("plan_group"), ARRANGES),
    Page("group-session-log", one("plan_group"), ARRANGES),
    Page("plan-group-list", who=by(STAFF)),
    Page("plan-group-detail", one("plan_group"), by(SEES_GROUP)),
    Page("plan-group-start", who=by("sol cora zoe", rest=403), query=_maya),
    Page("plan-group-join", one("plan_group"), ARRANGES, query=_maya),
]

POSTS = [
    Post(
        "plan-group-start",
        who=by("sol cora", refused="zoe", rest=403),
        query=_maya,
        data=lambda side: {
            "name": "Number sense",
            "strategy": side.other_strategy.uuid,
            "provider": side.staff.sol.uuid,
            "tier": 2,
            "weekdays": [1, 3],
            "time": "08:05",
            "minutes": 20,
            "measure": side.fluency.uuid,
            "starts_on": day(side, 0),
            "goal_on": day(side, 90),
            "review_on": day(side, 42),
            "goal_rule": "growth",
            **_figures(side),
        },
        effect=lambda side: list(
            PlanGroup.objects.filter(school=side.school, name="Number sense").values_list(
                "started_by", "members__plan__student"
            )
        ),
        becomes=lambda side: [(side.me.pk, side.maya.pk)],
    ),
    Post(
        "plan-group-join",
        one("plan_group"),
        by("sol cora", sees="pia"),
        query=_maya,
        given=_for_another_strategy,
        data=_figures,
        effect=_members,
        becomes=lambda side: [(side.maya.pk, side.me.pk)],
    ),
    Post(
        "plan-group-leave",
        lambda side: [side.plan_group.uuid, side.plan_group.members.get().pk],
        ARRANGES,
        effect=lambda side: side.plan_group.members.filter(left_on=None).count(),
        becomes=0,
    ),
    Post(
        "group-session-log",
        one("plan_group"),
        ARRANGES,
        data=lambda side: {f"result-{side.plan.uuid}": "absent", "minutes": 20},
        effect=lambda side: list(side.plan.sessions.values_list("held_on", "result", "logged_by")),
        becomes=lambda side: [(side.school.today(), "absent", side.me.pk)],
    ),
    Post(
        "plan-group-change",
        one("plan_group"),
        ARRANGES,
        data=lambda side: {
            "name": "Fluency, now daily",
            "provider": side.plan_group.provider.uuid,
            "weekdays": [0, 1, 2, 3, 4],
            "minutes": 15,
            "why": "Too slow",
            "seen": 0,
        },
        effect=now("plan", "minutes", "memberships__group__name", "phase_changes__changed_by"),
        becomes=lambda side: (15, "Fluency, now daily", side.me.pk),
    ),
    Post(
        "plan-group-end",
        one("plan_group"),
        ARRANGES,
        effect=now("plan_group", "ended_on"),
        becomes=lambda side: side.school.today(),
    ),
]
