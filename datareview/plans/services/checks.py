"""Rules that the figures and days of every plan obey."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.records.models import Measure

FARTHEST = dt.timedelta(days=366)
LONGEST = dt.timedelta(days=2 * 366)


class Conflicts(DomainError):
    """Something speaks against saving; ``sentences`` say what. Saving again with ``despite`` saves."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def check_figures(measure: Measure, baseline: float, goal: float) -> None:
    """Raise DomainError unless baseline and goal are on the measure's scale, and the goal is better."""
    for name, value in ((_("baseline"), baseline), (_("goal"), goal)):
        if not measure.scale_min <= value <= measure.scale_max:
            raise DomainError(
                _("The %(name)s must be on the scale of %(measure)s, %(low)s to %(high)s.")
                % {
                    "name": name,
                    "measure": measure,
                    "low": formats.number(measure.scale_min),
                    "high": formats.number(measure.scale_max),
                }
            )
    better = goal > baseline if measure.higher_is_better else goal < baseline
    if not better:
        raise DomainError(_("The goal must be better than the baseline."))


def check_days(
    today: dt.date, starts_on: dt.date, goal_on: dt.date, review_on: dt.date, weekdays: Sequence[int]
) -> None:
    """Raise DomainError unless the days of a plan are in order, not too far away, and it is delivered on some."""
    if abs(starts_on - today) > FARTHEST:
        raise DomainError(_("The first day must be within a year from today."))
    if starts_on >= goal_on:
        raise DomainError(_("The goal date must come after the first day."))
    if goal_on - starts_on > LONGEST:
        raise DomainError(_("A plan can last up to two years. Choose an earlier goal date."))
    if not max(today, starts_on) < review_on <= goal_on:
        raise DomainError(_("The review must be after today and the first day, and by the goal date."))
    if not weekdays:
        raise DomainError(_("Choose the days on which it is delivered."))
