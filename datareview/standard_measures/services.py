"""Keep the measure of a standard once a plan stands on it."""

from __future__ import annotations

from datareview.records.models import Measure


def kept_measure(measure: Measure) -> Measure:
    """The stored row of ``measure``; that of a standard is added if it is the first to be used."""
    if measure.standard_id is None:
        return measure
    names = ("uuid", "school", "key", "name", "subject", "derived_from", "unit", "scale_max", "decimals")
    values = {name: getattr(measure, name) for name in names}
    return Measure.every.get_or_create(standard=measure.standard, defaults=values)[0]
