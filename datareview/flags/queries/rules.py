"""Which rules judge a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.flags.conditions import measure_keys
from datareview.flags.models import Rule

if TYPE_CHECKING:
    from datareview.records.models import Measure


def rules_judging(measure: Measure) -> list[Rule]:
    """Rules that are on and judge ``measure``, alone or in one of their conditions, by name."""
    active = Rule.objects.filter(school=measure.school_id, is_on=True).order_by("name")
    return [
        rule
        for rule in active
        if rule.measure_id == measure.pk or measure.key in measure_keys(rule.parameters)
    ]
