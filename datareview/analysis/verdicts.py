"""What a plan is judged by, and what its scores say: a case and its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.analysis.planrules import CHANGE, CONTINUE, MET, RAISE

if TYPE_CHECKING:
    import numpy as np

    from datareview.analysis.goals import GoalLine, Projection
    from datareview.analysis.planrules import PlanRule

MIN_DELIVERED = 80  # percent of the planned sessions
ENOUGH, LOW, UNLOGGED = "enough", "low", "unlogged"


@dataclass(frozen=True, slots=True)
class Cuts:
    """Chances (0 to 1) to reach the goal: a change is asked for below ``change``, a higher goal from ``higher``.

    From ``change`` to below ``together``, people look together. The defaults are where the words for a chance change
    (`goals.BAND_CUTS`), so that no plan is called on track whose goal is called unlikely.
    """

    change: float = 0.2
    together: float = 0.4
    higher: float = 0.9


@dataclass(frozen=True, slots=True)
class Dosage:
    """Sessions so far: planned by the schedule, of these held or not for a reason, and extra ones on other days."""

    planned: int
    held: int
    not_held: int
    extra: int = 0

    @property
    def not_logged(self) -> int:
        """Number of planned sessions without any log entry."""
        return max(self.planned - self.held - self.not_held, 0)

    @property
    def state(self) -> str:
        """Whether 80 % were held or made up: "enough", "low", or "unlogged" if what was not logged decides."""
        held = self.held + self.extra
        if 100 * held >= MIN_DELIVERED * self.planned:
            return ENOUGH
        return LOW if 100 * (held + self.not_logged) < MIN_DELIVERED * self.planned else UNLOGGED


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scores of a plan say, with the arithmetic.

    ``chance`` (0 to 1) is that of a new score on ``chance_day`` (ordinal) to be on the goal line or better; that day is
    the goal's, or nearer if the scores do not reach back as far as it lies ahead. ``projection`` has its figures.
    ``unseen`` is the number of days without a new score. ``whole`` is the verdict on all scores since the plan began
    if the present phase began later. ``is_provisional`` with fewer than ten points.
    """

    says: str
    status: str
    n: int
    weeks: float
    is_provisional: bool
    dosage: Dosage
    unseen: int = 0
    rules: tuple[PlanRule, ...] = ()
    chance: float | None = None
    chance_day: int | None = None
    projection: Projection | None = None
    whole: Verdict | None = None

    @property
    def dissent(self) -> tuple[PlanRule, ...]:
        """Rules that ask for a change where the verdict does not, or see none where it asks for one."""
        if self.says not in (CHANGE, CONTINUE, RAISE, MET):
            return ()
        return tuple(rule for rule in self.rules if (rule.says == CHANGE) != (self.says == CHANGE))


@dataclass(frozen=True, slots=True)
class PlanCase:
    """What one plan is judged by.

    ``days`` (ordinals) and ``values`` are scores of its measure in the measure's unit: several of one day become their
    median, missing and infinite ones are left out. ``since`` is the ordinal of the plan's start or its last phase
    change; earlier scores (the baseline) are left out. If ``start``, the plan's first day, is before ``since``, the
    whole plan is judged as well. ``now`` is the ordinal of today, by default the day of the last score. ``unseen`` is
    the number of days without a new score, days when the school was closed aside. Unless ``higher_is_better``,
    everything is mirrored. ``scale`` has the lowest and highest possible score, if known.
    """

    days: np.ndarray
    values: np.ndarray
    line: GoalLine
    dosage: Dosage
    since: int
    start: int | None = None
    now: int | None = None
    unseen: int = 0
    higher_is_better: bool = True
    scale: tuple[float, float] | None = None

    @property
    def sign(self) -> float:
        """1.0, or -1.0 if lower is better."""
        return 1.0 if self.higher_is_better else -1.0
