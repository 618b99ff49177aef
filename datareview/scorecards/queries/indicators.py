"""What a scorecard can give points for: conditions at the usual cut points, never who a student is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datareview.flags.conditions import condition_code
from datareview.flags.queries.scorecards import MOST_INDICATORS
from datareview.records.models import Benchmark, Domain
from datareview.rules.queries import condition_in_words, measures_for_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import School

# What is compared, how, and from where.
STEPS = (
    ("absence", "at_least", 5),
    ("absence", "at_least", 10),
    ("absence", "at_least", 20),
    ("incidents", "at_least", 1),
    ("incidents", "at_least", 2),
    ("incidents", "at_least", 5),
    ("suspensions", "at_least", 1),
    ("mark", "less_than", 70),
    ("mark", "less_than", 60),
    ("failures", "at_least", 1),
    ("standards", "at_least", 2),
)
LEVELS = (2, 1)  # at most: below the benchmark, well below it
DOMAINS = {"absence": Domain.ATTENDANCE, "incidents": Domain.BEHAVIOR}


def indicators_for(school: School) -> dict[str, tuple[dict[str, Any], str]]:
    """Conditions by code, each with its words: those of all schools, and levels on each measure with benchmarks."""
    measured = set(Benchmark.objects.filter(measure__school=school).values_list("measure__key", flat=True))
    names = {one.key: one.name for one in measures_for_rules(school) if one.key in measured}
    found = [_condition(*step) for step in STEPS]
    found += [_condition("level", "at_most", cut, key) for key in names for cut in LEVELS]
    return {condition_code(one): (one, condition_in_words(one, names)) for one in found}


def usual_indicators(codes: Iterable[str]) -> list[str]:
    """Those that are ticked to begin with."""
    return list(codes)[:MOST_INDICATORS]


def _condition(data: str, operator: str, cut: int, measure: str = "") -> dict[str, Any]:
    return {"data": data, "measure": measure, "operator": operator, "cut": cut}


def settings_of(conditions: list[dict[str, Any]], outcome: str) -> dict[str, Any]:
    """The settings of a rule with these indicators, before anything is learned."""
    return {
        "domain": DOMAINS.get(outcome, Domain.ACADEMIC),
        "severity": 2,
        "match": "any",
        "groups": [{"match": "any", "conditions": conditions}],
        "outcome": outcome,
    }
