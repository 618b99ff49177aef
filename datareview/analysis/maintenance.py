"""Whether a student keeps the level that they had at the end of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from statistics import median
from typing import TYPE_CHECKING

from datareview.analysis.door import door
from datareview.analysis.inputs import Number, Truth

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 3  # values whose median is compared
SHARE_OF_GAIN = 0.25  # that may be lost before the level counts as gone back


@dataclass(frozen=True, slots=True)
class Maintained:
    """The level to keep, the worst value that still keeps it, and the value since the end (None: no score yet)."""

    level: float
    least: float
    value: float | None

    @property
    def is_kept(self) -> bool | None:
        """Whether the value keeps the level, None without a value."""
        if self.value is None:
            return None
        return self.value >= self.least if self.least <= self.level else self.value <= self.least


@door(
    before=Number(),
    since=Number(),
    baseline=Number(needed=True),
    goal=Number(needed=True),
    sem=Number(low=0),
    higher_is_better=Truth(),
)
def level_kept(
    before: Sequence[float],
    since: Sequence[float],
    *,
    baseline: float,
    goal: float,
    sem: float | None = None,
    higher_is_better: bool = True,
) -> Maintained:
    """Compare the newest scores since the end of a plan with the level that it ended at.

    Parameters
    ----------
    before, since : sequence of float
        Scores up to the end and after it, in order of time, in the measure's unit.
    baseline, goal : float
        Where the plan began and what it aimed at.
    sem : float, optional
        Standard error of measurement of one score.
    higher_is_better : bool
        If False, everything is mirrored.

    Returns
    -------
    Maintained
        Without a value if there is no score since the end.

    Notes
    -----
    The level is the median of the last three scores before the end, but no better than the goal: what was reached
    beyond it need not be kept. The value is the median of the newest three scores since. It keeps the level unless
    it is worse by more than the larger of one standard error of measurement and a quarter of the planned gain,
    |goal - baseline|. The median of three scores has a standard error of about 0.67 SEM and the difference of two
    such medians one of about 0.95 SEM, so a student who stays exactly at the level is called gone back in about one
    of seven checks by the error alone if the quarter is smaller than the SEM. A quarter of the gain is a convention
    of this program, not a finding of research.

    References
    ----------
    Standard error of a median of three normal values: David & Nagaraja (2003), Order Statistics, 3rd ed., ch. 3.
    """
    sign = 1 if higher_is_better else -1
    before, since = ([one for one in scores if isfinite(one)] for scores in (before, since))
    at_end = median(before[-FEW:]) if before else goal
    level = sign * min(sign * goal, sign * at_end)
    margin = max(sem or 0.0, SHARE_OF_GAIN * abs(goal - baseline))
    return Maintained(level, level - sign * margin, median(since[-FEW:]) if since else None)
