from datareview.own_goals.models import OwnGoal
from tests.access import Page, Post, by, now, one

WHO_SEE_MAYA = by("ana tom sol cora pia ada")


def _values(side) -> dict:
    return {"words": "Read two chapters", "look_on": side.school.today()}


def _closed(side) -> None:
    OwnGoal.objects.filter(pk=side.own_goal.pk).update(state="met", closed_on="2026-11-01")


PAGES = [
    Page("own-goal-set", one("maya"), WHO_SEE_MAYA),
    Page("own-goal-edit", one("own_goal"), WHO_SEE_MAYA),
]

POSTS = [
    Post(
        "own-goal-set",
        one("maya"),
        WHO_SEE_MAYA,
        data=_values,
        effect=lambda side: OwnGoal.objects.filter(student=side.maya).count(),
        becomes=2,
    ),
    Post(
        "own-goal-edit",
        one("own_goal"),
        WHO_SEE_MAYA,
        data=lambda side: _values(side) | {"seen": 0},
        effect=now("own_goal", "words"),
        becomes="Read two chapters",
    ),
    Post(
        "own-goal-close",
        one("own_goal"),
        WHO_SEE_MAYA,
        data=lambda side: {"state": "met"},
        effect=now("own_goal", "state"),
        becomes="met",
    ),
    Post(
        "own-goal-reopen",
        one("own_goal"),
        WHO_SEE_MAYA,
        given=_closed,
        effect=now("own_goal", "state"),
        becomes="open",
    ),
    Post(
        "own-goal-remove",
        one("own_goal"),
        WHO_SEE_MAYA,
        effect=lambda side: OwnGoal.objects.filter(pk=side.own_goal.pk).exists(),
        becomes=False,
    ),
]
