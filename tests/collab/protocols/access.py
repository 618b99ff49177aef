from collab.protocols.models import Protocol
from collab.protocols.services import fingerprint
from tests.access import LEADS, READERS, STAFF, TEAM, Page, Post, by, now, one
from tests.factories.district import Side


def _copies(side: Side) -> list:
    return list(Protocol.objects.filter(copied_from=side.protocol).values_list("team", flat=True))


def _edited(side: Side) -> dict:
    return {
        "name": "Ours, shorter",
        "purpose": "",
        "seen": fingerprint(side.protocol),
        "steps-TOTAL_FORMS": 1,
        "steps-INITIAL_FORMS": 0,
        "steps-0-title": "Listen",
        "steps-0-minutes": 4,
        "steps-0-kind": "explore",
        "steps-0-speaker": "all",
        "steps-0-capture": "notes",
        "steps-0-ORDER": 1,
    }


PAGES = [
    Page("protocol-list", who=by(STAFF)),
    Page("protocol-detail", one("protocol"), by(READERS)),
    Page("protocol-edit", one("protocol"), by(TEAM, sees="pia ada")),
]

POSTS = [
    Post(
        "protocol-copy",
        one("protocol"),
        by(LEADS),
        data=lambda side: {"team": side.team.uuid},
        effect=_copies,
        becomes=lambda side: [side.team.pk],
    ),
    Post(
        "protocol-edit",
        one("protocol"),
        by(TEAM, sees="pia ada"),
        data=_edited,
        effect=lambda side: list(side.protocol.steps.values_list("title", "minutes")),
        becomes=[("Listen", 4)],
        tolerates="seen",
    ),
    Post(
        "protocol-retire",
        one("protocol"),
        by(TEAM, sees="pia ada"),
        effect=now("protocol", "is_retired"),
        becomes=True,
    ),
]
