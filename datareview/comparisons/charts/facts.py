"""What every chart of scores is about, and what all of them say beneath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import pandas as pd

    from datareview.comparisons.queries.windows import ScoreWindow
    from datareview.records.models import Measure, Student

POINTS = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class ScoreFacts:
    """Scores of ``students`` on ``measure`` in two windows; ``before`` is None if there is only one.

    ``scores`` are `frames.score_frame` of all ``windows``, and ``pairs`` `frames.compared` of the two. ``page`` gives the
    address of the same page with other students in the table.
    """

    who: str
    students: dict[int, Student]
    measure: Measure
    windows: tuple[ScoreWindow, ...]
    before: ScoreWindow | None
    after: ScoreWindow
    scores: pd.DataFrame
    pairs: pd.DataFrame
    last: dt.date | None
    page: Callable[[str], str]

    @property
    def both(self) -> pd.DataFrame:
        """Students with a score in both windows."""
        return self.pairs.dropna(subset=["change"])

    @property
    def leveled(self) -> pd.DataFrame:
        """Students with a level in both windows."""
        return self.pairs.dropna(subset=["before_level", "after_level"])

    def number(self, value: float) -> str:
        """A score with the measure's decimals."""
        return formats.number(value, self.measure.decimals)

    def source(self, shown: int) -> str:
        """How many of the students are in the chart, and how new the data are."""
        words = ngettext(
            "%(shown)d of %(all)d student.", "%(shown)d of %(all)d students.", len(self.students)
        )
        found = words % {"shown": shown, "all": len(self.students)}
        if self.last is None:
            return found
        return found + " " + _("Data to %(day)s.") % {"day": formats.short_day(self.last)}


def with_interval(share: tuple[float, float, float]) -> str:
    """A share in percent with its interval: 67% (57% to 76%)."""
    middle, low, high = (formats.percent(POINTS * one, 0) for one in share)
    return _("%(share)s (%(low)s to %(high)s)") % {"share": middle, "low": low, "high": high}


def at_or_above(measure: Measure) -> str:
    """What the upper two levels of a measure say, inside a sentence."""
    if measure.derived_from == measure.DerivedFrom.ATTENDANCE:
        return _("absent less than one day in ten")
    if measure.derived_from == measure.DerivedFrom.INCIDENTS:
        return _("with one incident or none")
    return _("at or above benchmark")
