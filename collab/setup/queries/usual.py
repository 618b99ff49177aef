"""What most schools begin with, as far as a school does not have it yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.flags.models import Rule
from datareview.measures.presets import measure_presets
from datareview.records.models import Measure
from datareview.rules.presets import presets
from datareview.strategies.library import starting_strategies
from datareview.strategies.models import Strategy
from teams.calendar.queries import suggestion_for
from teams.calendar.usual_bells import kind_of_bells
from teams.calendar.usual_days import is_in_united_states

if TYPE_CHECKING:
    from typing import Any

    from datareview.measures.presets import MeasurePreset
    from datareview.rules.presets import Preset
    from teams.calendar.usual_days import UsualDays
    from teams.directory.models import School

# Of the preset rules, those that do not repeat each other.
USUAL_RULES = ("chronic-absence", "incidents", "core-courses", "below-benchmark")


@dataclass(frozen=True, slots=True)
class UsualOffer:
    """What the school lacks of what is usual; measures and rules of grades that it has not are in it, too.

    ``bells`` is the kind of bell schedule to suggest; None if the school has periods.
    """

    holidays: list[UsualDays]
    bells: str | None
    measures: list[MeasurePreset]
    rules: list[Preset]
    strategies: list[dict[str, Any]]

    def __bool__(self) -> bool:
        lacks_bells = self.bells is not None
        return bool(self.holidays or lacks_bells or self.measures or self.rules or self.strategies)


def usual_offer(school: School) -> UsualOffer:
    """What is usual and the school lacks, in five queries and those of `suggestion_for`."""
    measures = set(Measure.objects.filter(school=school).values_list("key", flat=True))
    rules = list(Rule.objects.filter(school=school).values_list("key", flat=True))
    rows = Strategy.objects.filter(school=school).values_list("key", "name")
    strategies = {text for row in rows for text in row if text}
    bells = kind_of_bells(school.highest_grade) if is_in_united_states(school.time_zone) else ""
    return UsualOffer(
        holidays=suggestion_for(school).holidays if not school.holidays.exists() else [],
        bells=None if school.periods.exists() else bells,
        measures=[preset for preset in measure_presets().values() if preset.key not in measures],
        rules=[presets()[key] for key in USUAL_RULES if not any(rule.startswith(key) for rule in rules)],
        strategies=[row for row in starting_strategies() if not {row["key"], row["name"]} & strategies],
    )


def fits_grades(school: School, lowest: int | None, highest: int | None) -> bool:
    """Whether the school has one of the grades; None is any."""
    return (highest is None or school.lowest_grade <= highest) and (
        lowest is None or lowest <= school.highest_grade
    )
