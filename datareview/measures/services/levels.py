"""Refuse levels that cannot be, or for which there are other cut points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.records.models import Measure
from datareview.records.models.measures import ALL_LEVELS, AT, LEVELS, MOST_LEVELS
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_levels(names: list[str]) -> None:
    """Refuse levels without those around the benchmark, with a gap, or of one name."""
    levels = Measure(level_names=names).words_of_levels
    lengths = (0, len(LEVELS), MOST_LEVELS, len(ALL_LEVELS))
    if len(names) not in lengths or not {AT - 1, AT} <= levels.keys():
        raise DomainError(_("Name at least the level below the benchmark and the level at it."))
    if [*levels] != [*range(min(levels), max(levels) + 1)]:
        raise DomainError(_("Name the levels in order, without an empty one between them."))
    if len(levels) > MOST_LEVELS:
        raise DomainError(_("Name at most %(n)d levels.") % {"n": MOST_LEVELS})
    if len({name.casefold() for name in levels.values()}) < len(levels):
        raise DomainError(_("Give each level a name of its own."))


def refuse_other_levels(measure: Measure, names: Sequence[str]) -> None:
    """Refuse other levels than those that the benchmarks have cut points for."""
    would_be = Measure(level_names=list(names))
    if measure.words_of_levels.keys() != would_be.words_of_levels.keys() and measure.benchmarks.exists():
        raise DomainError(
            _("With benchmarks, the number of levels can’t change. Empty the benchmarks first.")
        )
