import datetime as dt
import uuid

from datareview.hand_scores.models import SetAsideScore
from datareview.plans.models import Plan
from datareview.progress.models import Review, Session
from datareview.progress.services.changes import plan_version
from datareview.records.models import Score
from tests.access import KEY, STAFF, Page, Post, by, day, now, one

SEES_MAYA = "ana tom sol cora pia ada"
DELIVERS = by("sol cora", sees="ana tom pia ada")


def _of_moe(side) -> None:
    """The plan was delivered by Moe, who has moved to the other school."""
    moved = getattr(side.staff, "moe", side.staff.tom)
    Plan.objects.filter(pk=side.plan.pk).update(provider=moved)


def _session(side) -> uuid.UUID:
    return uuid.uuid5(side.plan.uuid, "session")


def _logged(side) -> None:
    Session.objects.create(
        uuid=_session(side),
        plan=side.plan,
        held_on=side.school.today() - dt.timedelta(days=40),
        minutes=17,
        logged_by=side.sol,
    )


def _aside(side) -> uuid.UUID:
    return uuid.uuid5(side.plan.uuid, "aside")


def _scored_twice(side) -> None:
    of = {"student": side.maya, "measure": side.fluency, "taken_on": side.school.today()}
    Score.objects.create(**of, source="by hand", value=70)
    SetAsideScore.objects.create(**of, uuid=_aside(side), value=71, set_aside_by=side.sol)


def _review(side) -> uuid.UUID:
    return uuid.uuid5(side.plan.uuid, "review")


def _reviewed(side) -> None:
    """Cora went on with the plan for five weeks."""
    later = side.school.today() + dt.timedelta(days=35)
    Review.objects.create(
        uuid=_review(side),
        plan=side.plan,
        due_on=side.plan.review_on,
        decision="continue",
        reason="Growing",
        decided_by=side.cora,
        changed={"next": later.isoformat()},
    )
    Plan.objects.filter(pk=side.plan.pk).update(review_on=later)


PAGES = [
    Page("plan-change", one("plan"), DELIVERS),
    Page("plan-list", who=by(STAFF)),
    Page("plan-detail", one("plan"), by(SEES_MAYA)),
    Page("plan-review", one("plan"), DELIVERS),
]

POSTS = [
    Post(
        "session-log",
        one("plan"),
        DELIVERS,
        data=lambda side: {"held_on": day(side, 0), "result": "held", "minutes": 25, "client_key": KEY},
        effect=lambda side: list(side.plan.sessions.values_list("logged_by", "minutes")),
        becomes=lambda side: [(side.me.pk, 25)],
    ),
    Post(
        "session-log",
        one("plan"),
        by("cora", sees="ana tom pia ada"),
        data=lambda side: {"held_on": day(side, 0), "result": "held", "minutes": 25, "client_key": KEY},
        given=_of_moe,
        effect=lambda side: list(side.plan.sessions.values_list("logged_by", "minutes")),
        becomes=lambda side: [(side.me.pk, 25)],
    ),
    Post(
        "session-remove",
        lambda side: [side.plan.uuid, _session(side)],
        DELIVERS,
        given=_logged,
        effect=lambda side: side.plan.sessions.filter(uuid=_session(side)).count(),
        becomes=0,
    ),
    Post(
        "plan-reopen",
        one("plan"),
        by("cora", sees="ana tom pia ada"),  # who delivered no longer sees the student
        data=lambda side: {"reason": "It came back", "next_review_on": day(side, 35)},
        given=lambda side: Plan.objects.filter(pk=side.plan.pk).update(
            state="ended", outcome="met", ended_on=side.school.today()
        ),
        effect=now("plan", "state", "outcome", "ended_on"),
        becomes=("active", "", None),
    ),
    Post(
        "score-enter",
        one("plan"),
        DELIVERS,
        data=lambda side: {"taken_on": day(side, 0), "value": 71},
        effect=lambda side: list(side.maya.scores.filter(source="by hand").values_list("measure", "value")),
        becomes=lambda side: [(side.fluency.pk, 71)],
    ),
    Post(
        "plan-change",
        one("plan"),
        DELIVERS,
        data=lambda side: {
            "weekdays": [0, 1, 2, 3],
            "minutes": 30,
            "provider": side.plan.provider.uuid,
            "tier": 3,
            "goal": 95,
            "goal_on": side.plan.goal_on,
            "why": "Too slow",
            "seen": plan_version(side.plan),
        },
        effect=now("plan", "tier", "minutes", "phase_changes__changed_by"),
        becomes=lambda side: (3, 30, side.me.pk),
    ),
    Post(
        "score-count",
        lambda side: [side.plan.uuid, _aside(side)],
        DELIVERS,
        given=_scored_twice,
        effect=lambda side: list(side.maya.scores.filter(source="by hand").values_list("value", flat=True)),
        becomes=[71],
    ),
    Post(
        "plan-review",
        one("plan"),
        DELIVERS,
        data=lambda side: {
            "decision": "change",
            "reason": "Too slow",
            "what_changes": "Four times a week",
            "next_review_on": day(side, 35),
            "due_on": day(side, 7),
        },
        effect=now("plan", "review_on", "reviews__decided_by"),
        becomes=lambda side: (side.school.today() + dt.timedelta(days=35), side.me.pk),
    ),
    Post(
        "review-undo",
        lambda side: [_review(side)],
        DELIVERS,
        given=_reviewed,
        effect=now("plan", "review_on", "reviews__undone_by"),
        becomes=lambda side: (side.school.today() + dt.timedelta(days=7), side.me.pk),
    ),
]
