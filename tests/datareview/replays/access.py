from tests.access import Page, by
from tests.factories.district import Side
from tests.factories.drafts import worried


def _rule(side: Side) -> list:
    return [side.flag.rule.uuid]


PAGES = [
    Page("rule-replay", _rule, by("cora ada", sees="pia")),
    Page("new-rule-replay", who=by("cora ada zoe zac", rest=403), query=lambda side: {"draft": worried()}),
]
