from datareview.flags.models import Rule
from tests.access import KEY, Page, Post, by
from tests.factories.district import Side
from tests.factories.scorecards import make_scorecard


def _kept(side: Side) -> None:
    make_scorecard(side.school)


def _rule(side: Side) -> list:
    kept = Rule.objects.filter(school=side.school, kind="scorecard").first()
    return [kept.uuid if kept else KEY]


PAGES = [
    Page("scorecard-new", who=by("cora ada zoe zac", rest=403)),
    Page("scorecard-show", _rule, by("cora pia ada"), given=_kept),
]
POSTS = [
    Post(
        "scorecard-new",
        who=by("cora ada zoe zac", rest=403),
        query=lambda side: {"outcome": "absence", "indicators": "absence:at_least:10"},
        data=lambda side: {"name": "Card", "watch": 1, "act": 2, "lowest_grade": -1, "highest_grade": 12},
        effect=lambda side: list(
            Rule.objects.filter(school=side.own.school, kind="scorecard").values_list("name", flat=True)
        ),
        becomes=["Card"],
    ),
]
