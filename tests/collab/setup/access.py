from datareview.strategies.models import Strategy
from tests.access import Elsewhere, Page, Post, by
from tests.factories.district import Side


def _grades(side: Side) -> list:
    school = type(side.own.school).objects.get(pk=side.own.school.pk)
    return [school.highest_grade, Strategy.objects.filter(school=school, key="long-words").exists()]


PAGES = [
    Page("setup-show", who=by("ada zac", rest=403)),
    Page("usual-adopt", who=by("ada zac", rest=403)),
]

POSTS = [
    Post(
        "usual-adopt",
        who=by("ada zac", rest=403),
        data=lambda side: {"lowest_grade": 0, "highest_grade": 7, "strategies": "on"},
        effect=_grades,
        becomes=[7, True],
    ),
]

ELSEWHERE = [
    Elsewhere("begin-show", "for a server without accounts only; tests/collab/setup/test_begin.py"),
]
