from datareview.regrouping.models import Regrouping
from datareview.regrouping.services import note_version
from tests.access import TEAM, Page, Post, by, now, one

WHO = by(TEAM)


def _on_group(side) -> list:
    return [side.groups.uuid, side.empty.pk]


def _many(side) -> int:
    return Regrouping.objects.filter(assessment=side.assessment).count()


PAGES = [
    Page("regrouping-form", one("assessment"), WHO, query=lambda side: {"standard": side.standard.uuid}),
    Page("regrouping-detail", one("groups"), WHO),
    Page("regrouping-lists", one("groups"), WHO),
]

POSTS = [
    Post(
        "regrouping-form",
        one("assessment"),
        WHO,
        query=lambda side: {"standard": side.standard.uuid},
        effect=_many,
        becomes=2,
    ),
    Post(
        "regrouping-detail",
        one("groups"),
        WHO,
        data=lambda side: {"version": 0, "check_on": "2098-05-05"},
        effect=lambda side: str(Regrouping.objects.get(pk=side.groups.pk).check_on),
        becomes="2098-05-05",
    ),
    Post(
        "regrouping-extend",
        one("groups"),
        WHO,
        data=lambda side: {"band": "close"},
        effect=lambda side: side.groups.groups.count(),
        becomes=5,
    ),
    Post("regrouping-remove", one("groups"), WHO, effect=_many, becomes=0),
    Post(
        "group-note",
        _on_group,
        WHO,
        data=lambda side: {"tried": "Games", "saw": "Joy", "seen": note_version(side.empty)},
        effect=now("empty", "tried"),
        becomes="Games",
    ),
    Post(
        "group-remove",
        _on_group,
        WHO,
        effect=lambda side: side.groups.groups.count(),
        becomes=3,
    ),
]
