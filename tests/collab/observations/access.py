import datetime as dt

from collab.observations.models import PeerObservation
from teams.lib import clock
from tests.access import KEY, STAFF, Page, Post, by, day, now, one
from tests.factories.district import Side

PAIR = by("tom gil")


def _agreed(side: Side) -> None:
    """The two agreed on a visit this morning."""
    begins = side.school.at(side.school.today(), dt.time(0, 1))
    PeerObservation.objects.filter(pk=side.observation.pk).update(state="agreed", starts_at=begins)


def _shared(side: Side) -> None:
    """The lesson is over, and Tom shares the observation with his team."""
    rows = PeerObservation.objects.filter(pk=side.observation.pk)
    rows.update(state="seen", starts_at=clock.now(), shared_at=clock.now())


def _seen(side: Side) -> None:
    """The lesson is over."""
    PeerObservation.objects.filter(pk=side.observation.pk).update(state="seen", starts_at=clock.now())


def _asked(side: Side) -> list:
    rows = PeerObservation.objects.filter(message="On Friday?")
    return list(rows.values_list("host__user", "observer__user"))


def _is_shared(side: Side) -> bool:
    return now("observation", "shared_at")(side) is not None


def _evidence(side: Side) -> list:
    return list(side.observation.evidence.values_list("text", flat=True))


def _of_moe(side: Side) -> None:
    """The host was Moe, who moved to the other school."""
    moved = getattr(side.staff, "moe", side.staff.tom)
    PeerObservation.objects.filter(pk=side.observation.pk).update(host=moved)


PAGES = [
    Page("observation-list", who=by(STAFF)),
    Page("observation-new", who=by("ana tom gil sol cora pia gus dan moe zed zoe zia", rest=403)),
    Page("observation-detail", one("observation"), PAIR),
]

POSTS = [
    Post(
        "observation-new",
        who=by("ana sol cora pia gus dan", refused="gil tom moe zed zoe zia", rest=403),
        data=lambda side: {"way": "host", "colleague": side.staff.gil.uuid, "message": "On Friday?"},
        effect=_asked,
        becomes=lambda side: [(side.me.pk, side.gil.pk)],
    ),
    Post(
        "observation-agree",
        one("observation"),
        by("gil", sees="tom"),
        data=lambda side: {"day": day(side, 2), "time": "09:00", "focus": "Who answers?", "version": 0},
        effect=now("observation", "state", "starts_at"),
        becomes=lambda side: (
            "agreed",
            side.school.at(side.school.today() + dt.timedelta(days=2), dt.time(9)),
        ),
    ),
    Post(
        "observation-off",
        one("observation"),
        PAIR,
        data=lambda side: {"reply": "Not this week"},
        effect=now("observation", "state", "reply"),
        becomes=("off", "Not this week"),
    ),
    Post(
        "observation-off",
        one("observation"),
        by("gil"),
        given=_of_moe,
        effect=now("observation", "state"),
        becomes="off",
    ),
    Post(
        "observation-seen",
        one("observation"),
        PAIR,
        given=_agreed,
        effect=now("observation", "state"),
        becomes="seen",
    ),
    Post(
        "observation-debrief",
        one("observation"),
        by("tom gil", sees="ana"),
        data=lambda side: {"debrief": "Half of them", "next_step": "Wait longer", "version": 0, "over": ""},
        given=_shared,
        effect=now("observation", "state", "debrief", "next_step"),
        becomes=("talked", "Half of them", "Wait longer"),
    ),
    Post(
        "observation-share",
        one("observation"),
        by("tom", sees="gil"),
        data=lambda side: {"shared": "yes"},
        given=_seen,
        effect=_is_shared,
        becomes=True,
    ),
    Post(
        "observation-share",
        one("observation"),
        by("tom", sees="gil ana"),
        data=lambda side: {"shared": "no"},
        given=_shared,
        effect=_is_shared,
        becomes=False,
    ),
    Post(
        "evidence-add",
        one("observation"),
        by("gil", sees="tom ana"),
        data=lambda side: {"kind": "seen", "text": "Six hands", "client_key": KEY},
        given=_shared,
        effect=_evidence,
        becomes=["Four hands are up", "Six hands"],
    ),
    Post(
        "evidence-remove",
        one("observation", "evidence"),
        by("gil", sees="tom ana"),
        given=_shared,
        effect=_evidence,
        becomes=[],
    ),
]
