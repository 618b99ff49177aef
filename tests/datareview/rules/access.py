from datareview.flags.models import Rule
from tests.access import OFFICE, STRANGERS, Page, Post, by
from tests.factories.district import Side


def _rule(side: Side) -> list:
    return [side.flag.rule.uuid]


def _adopted(key: str):
    return lambda side: list(
        Rule.objects.filter(school=side.own.school, key=key).values_list("is_on", flat=True)
    )


CUT_POINTS = {
    "watch": 6,
    "act": 12,
    "severe": 20,
    "min_days": 20,
    "margin": 2,
    "is_on": "on",
    "lowest_grade": 0,
    "highest_grade": 5,
}

PAGES = [
    Page("rule-list", who=by(OFFICE, rest=403)),
    Page("rule-new", who=by("cora ada zoe zac", rest=403)),
    Page("rule-edit", _rule, by("cora ada", sees="pia")),
]


def _change(side: Side) -> None:
    """Add a second version of the side's rule, so that there is a change to undo."""
    rule = Rule.objects.get(school=side.school, key="attendance")
    Rule.objects.create(school=side.school, key=rule.key, version=2, name=rule.name, kind=rule.kind)


def _changed(side: Side) -> list:
    return [Rule.objects.get(school=side.school, key="attendance", version=2).uuid]


POSTS = [
    Post(
        "rules-change",
        who=by("cora ada zoe zac", rest=403),
        data=lambda side: {"do": "off", "row": side.own.flag.rule.uuid},
        effect=lambda side: Rule.objects.get(pk=side.own.flag.rule_id).is_on,
        becomes=False,
    ),
    Post(
        "rule-undo",
        _changed,
        by("cora ada", sees="pia"),
        given=_change,
        effect=lambda side: (
            Rule.objects.filter(school=side.school, key="attendance").latest("version").version
        ),
        becomes=3,
    ),
    Post(
        "rule-adopt",
        lambda side: ["chronic-absence"],
        by("cora ada zoe zac", rest=403),
        effect=_adopted("chronic-absence"),
        becomes=[True],
    ),
    Post(
        "rule-adopt",
        lambda side: ["below-benchmark"],
        by("cora ada", rest=403, blind=STRANGERS),
        data=lambda side: {"measure": side.fluency.uuid},
        effect=_adopted("below-benchmark-orf"),
        becomes=[True],
    ),
    Post(
        "rule-new",
        who=by("cora ada zoe zac", rest=403),
        data=lambda side: {
            "name": "Worried",
            "severity": 2,
            "domain": "attendance",
            **dict.fromkeys(("match", "match-1", "match-2", "match-3"), "all"),
            "data-1-1": "absence",
            "cut-1-1": 15,
            "lowest_grade": 0,
            "highest_grade": 5,
        },
        effect=lambda side: list(Rule.objects.filter(kind="conditions").values_list("name", flat=True)),
        becomes=["Worried"],
    ),
    Post(
        "rule-edit",
        _rule,
        by("cora ada", sees="pia"),
        data=lambda side: CUT_POINTS,
        effect=lambda side: list(
            Rule.objects.filter(school=side.school, key="attendance", is_on=True).values_list(
                "version", "parameters__act"
            )
        ),
        becomes=[(2, 12)],
    ),
]
