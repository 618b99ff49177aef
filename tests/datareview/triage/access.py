from datareview.flags.models import Candidate
from teams.lib import clock
from tests.access import STAFF, Elsewhere, Page, Post, by, day, now, one

SEES_MAYA = "ana tom sol cora pia ada"
DECIDED = {
    "effect": now("candidate", "state", "decided_by"),
    "becomes": lambda side: ("watch", side.me.pk),
}


def _watch(side) -> dict:
    return {"state": "watch", "note": "A new bus line", "watch_until": day(side, 14)}


PAGES = [
    Page("candidate-list", who=by(STAFF)),
    Page("candidate-detail", one("candidate"), by(SEES_MAYA)),
    Page("candidate-options", one("candidate"), by("cora pia", sees="ana tom sol ada"), status=302),
]

POSTS = [
    Post(
        "candidate-decide", one("candidate"), by("cora pia", sees="ana tom sol ada"), data=_watch, **DECIDED
    ),
    Post(
        "candidate-reopen",
        one("candidate"),
        by("cora pia", sees="ana tom sol ada"),
        given=lambda side: Candidate.objects.filter(pk=side.candidate.pk).update(
            state="no_action", decided_by=side.cora.pk, decided_at=clock.now()
        ),
        effect=now("candidate", "state", "decided_by"),
        becomes=("new", None),
    ),
    Post(
        "candidates-reopen",
        who=by("cora pia", refused="zoe zia", rest=403),
        data=lambda side: {"candidate": [side.candidate.uuid], "back": ""},
        given=lambda side: Candidate.objects.filter(pk=side.candidate.pk).update(
            state="no_action", decided_by=side.cora.pk, decided_at=clock.now()
        ),
        effect=now("candidate", "state", "decided_by"),
        becomes=("new", None),
    ),
    Post(
        "candidates-decide",
        who=by("cora pia", refused="zoe zia", rest=403),
        data=lambda side: {**_watch(side), "candidate": [side.candidate.uuid], "back": ""},
        **DECIDED,
    ),
]

ELSEWHERE = [
    Elsewhere("candidates-group", "It writes nothing: it opens the form of a group for those selected."),
]
