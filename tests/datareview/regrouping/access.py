from datareview.regrouping.models import Regrouping
from datareview.regrouping.services import form_groups, note_version
from tests.access import TEAM, Page, Post, by, now
from tests.factories.assessments import answer, make_assessment

WHO = by(TEAM)


def _check(side) -> None:
    side.check = make_assessment(side.team, "AAAA", title="Check for groups")
    answer(side.check, side.maya, "AABB")


def _groups(side) -> None:
    _check(side)
    side.groups = form_groups(side.check, None, actor=side.ana)
    side.empty = side.groups.groups.get(band="secure")


def _on_check(side) -> list:
    return [side.check.uuid]


def _on_groups(side) -> list:
    return [side.groups.uuid]


def _on_group(side) -> list:
    return [side.groups.uuid, side.empty.pk]


def _many(side) -> int:
    return Regrouping.objects.filter(assessment=side.check).count()


PAGES = [
    Page("regrouping-form", _on_check, WHO, given=_check),
    Page("regrouping-detail", _on_groups, WHO, given=_groups),
    Page("regrouping-lists", _on_groups, WHO, given=_groups),
]

POSTS = [
    Post("regrouping-form", _on_check, WHO, given=_check, effect=_many, becomes=1),
    Post(
        "regrouping-detail",
        _on_groups,
        WHO,
        given=_groups,
        data=lambda side: {"version": 0, "check_on": "2098-05-05"},
        effect=lambda side: str(Regrouping.objects.get(pk=side.groups.pk).check_on),
        becomes="2098-05-05",
    ),
    Post(
        "regrouping-extend",
        _on_groups,
        WHO,
        given=_groups,
        data=lambda side: {"band": "close"},
        effect=lambda side: side.groups.groups.count(),
        becomes=5,
    ),
    Post("regrouping-remove", _on_groups, WHO, given=_groups, effect=_many, becomes=0),
    Post(
        "group-note",
        _on_group,
        WHO,
        given=_groups,
        data=lambda side: {"tried": "Games", "saw": "Joy", "seen": note_version(side.empty)},
        effect=now("empty", "tried"),
        becomes="Games",
    ),
    Post(
        "group-remove",
        _on_group,
        WHO,
        given=_groups,
        effect=lambda side: side.groups.groups.count(),
        becomes=3,
    ),
]
