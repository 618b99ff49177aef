from datareview.plans.models import Plan
from tests.access import Page, Post, by, day

STARTS = by("sol cora", sees="ana tom pia ada")


def _candidate(side) -> dict:
    return {"candidate": side.candidate.uuid}


PAGES = [Page("plan-start", query=_candidate, who=STARTS)]

POSTS = [
    Post(
        "plan-start",
        who=STARTS,
        query=_candidate,
        data=lambda side: {
            "concern": "Misses Mondays",
            "strategy": side.other_strategy.uuid,
            "provider": side.staff.sol.uuid,
            "tier": 2,
            "weekdays": [0, 2],
            "minutes": 20,
            "measure": side.fluency.uuid,
            "baseline": 68,
            "goal": 100,
            "goal_on": day(side, 90),
            "review_on": day(side, 42),
            "despite": "on",  # she has a plan for the same need
        },
        effect=lambda side: list(
            Plan.objects.filter(candidate=side.candidate).values_list("student", "provider", "started_by")
        ),
        becomes=lambda side: [(side.maya.pk, side.staff.sol.pk, side.me.pk)],
    ),
]
