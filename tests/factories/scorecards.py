"""A scorecard that is a rule, and what its page asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datareview.flags.models import Rule

if TYPE_CHECKING:
    from teams.directory.models import School

QUERY = {"outcome": "absence", "indicators": ["absence:at_least:10", "incidents:at_least:2"]}
ABSENT = {"data": "absence", "measure": "", "operator": "at_least", "cut": 10}
INCIDENTS = {"data": "incidents", "measure": "", "operator": "at_least", "cut": 2}


def scorecard(**given: Any) -> dict[str, Any]:
    """Settings: 3 points for 10 % of days absent, 2 for two incidents; half of those with 3 points or more had it."""
    band = {"n": 100, "rate_low": 0.4, "rate_high": 0.6}
    return {
        "domain": "attendance",
        "severity": 2,
        "match": "any",
        "groups": [{"match": "any", "conditions": [ABSENT, INCIDENTS]}],
        "outcome": "absence",
        "watch": 2,
        "act": 3,
        "card": {
            "status": "ok",
            "version": "Fall",
            "cohort": "",
            "n": 300,
            "base_rate": 0.2,
            "points": {"absence:at_least:10": 3, "incidents:at_least:2": 2},
            "bands": [
                {"low": 0, "high": 2, "events": 10, "rate": 0.1, **band},
                {"low": 3, "high": 5, "events": 50, "rate": 0.5, **band},
            ],
        },
        "record": {
            "how": "years",
            "n": 200,
            "positives": 60,
            "is_validated": True,
            "auc": 0.8,
            "low": 0.74,
            "high": 0.86,
            "learned": "Fall",
            "learned_n": 300,
            "tested": "Fall, next year",
            "week": 8,
            "bands": [{"n": 150, "events": 20}, {"n": 50, "events": 40}],
            "groups": [],
            "hidden": [],
        },
        **given,
    }


def make_scorecard(school: School) -> Rule:
    """A scorecard that a school keeps."""
    return Rule.objects.create(
        school=school, key="own-card", name="Card", kind="scorecard", parameters=scorecard(), is_on=False
    )
