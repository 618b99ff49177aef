"""Goals: the goal line, the growth still needed, projections, and the chance of meeting a goal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.door import Columns, Paired, door
from datareview.analysis.inputs import AS_IS, Level, Number, Ordinal, Truth
from datareview.analysis.schema import INSUFFICIENT, NOT_CALCULATED, OK, ZERO_VARIANCE
from datareview.analysis.trends import fit_trends

MIN_POINTS = 6
ROUNDING = 1e-9  # relative to the scores: smaller residuals are rounding errors
BANDS = ("unlikely", "less-likely", "uncertain", "rather-likely", "likely")
BAND_CUTS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class GoalLine:
    """Line from (start_day, start) to (goal_day, goal); days are ordinals, values in the measure's unit.

    Raises ValueError if the goal's day is not after the start, or a figure is not finite.
    """

    start_day: int
    start: float
    goal_day: int
    goal: float

    def __post_init__(self) -> None:
        if self.goal_day <= self.start_day:
            raise ValueError("The goal's day must come after the start.")
        if not np.isfinite([self.start, self.goal]).all():
            raise ValueError("Start and goal must be numbers.")

    @property
    def slope(self) -> float:
        """Required growth in units per week, (G - y0) / (tG - t0)."""
        return (self.goal - self.start) / ((self.goal_day - self.start_day) / 7.0)

    def at(self, days: np.ndarray) -> np.ndarray:
        """The line's value on each day, g(t) = y0 + (G - y0)(t - t0) / (tG - t0); G after the goal's day."""
        days = np.minimum(np.asarray(days, float), self.goal_day)
        return self.start + self.slope * (days - self.start_day) / 7.0


@door(
    fits=Columns(
        status=AS_IS,
        n=Number(),
        mean_week=Number(),
        mean=Number(),
        slope=Number(),
        see=Number(),
        sxx=Number(),
        first_day=Number(),
        last_day=Number(),
    ),
    goals=Columns(
        goal=Number(),
        goal_day=Ordinal(is_optional=True),
        maybe={
            "higher_is_better": Truth(),
            "scale_min": Number(infinite=True),
            "scale_max": Number(infinite=True),
        },
    ),
    now=Ordinal(),
    level=Level(),
)
def project_goals(
    fits: pd.DataFrame, goals: pd.DataFrame, *, now: int | np.ndarray, level: float = 0.80
) -> pd.DataFrame:
    """Project each series to its goal's day, with the chance of meeting the goal and the growth needed from now on.

    Parameters
    ----------
    fits : DataFrame
        From `trends.fit_trends`.
    goals : DataFrame
        Same index: ``goal`` (measure's unit), ``goal_day`` (ordinal); optionally ``higher_is_better`` (True
        if absent), ``scale_min`` and ``scale_max`` (figures are capped to them; no cap where missing).
    now : int or array
        Ordinal of today, one for all or one each.
    level : float
        Level of the prediction interval, 0 to 1.

    Returns
    -------
    DataFrame
        Same index: ``status``, ``reason``, ``value``, ``low``, ``high``, ``chance`` (0 to 1), ``band``,
        ``needed`` (units per week from the line's value today to the goal), ``is_met`` (the line has reached the
        goal today; ``needed`` is then 0 or in the other direction). "insufficient_data" with fewer than 6 scores or without
        a goal; "undefined_zero_variance" if the scores do not scatter at all; "not_calculated" if the goal's day
        is past ("past") or further ahead than the scores reach back ("too far to project").

    Notes
    -----
    yhat = ybar + b (tG - tbar); s_pred² = s² [1 + 1/n + (tG - tbar)² / Sxx]; interval yhat ± t(n-2) s_pred;
    chance = 1 - T_{n-2}((G - yhat) / s_pred), mirrored where lower is better; needed = (G - yhat(now)) /
    (tG - now). Assumes a straight line and independent errors. Show the band of a chance, not its decimals.

    References
    ----------
    Draper & Smith (1998), Applied Regression Analysis, 3rd ed., section 3.1 (prediction of a new observation).
    """
    fit = fits.reindex(goals.index)
    day, goal = goals["goal_day"].to_numpy(float), goals["goal"].to_numpy(float)
    n = fit["n"].to_numpy(float)
    ahead = day / 7.0 - fit["mean_week"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = fit["mean"].to_numpy(float) + fit["slope"].to_numpy(float) * ahead
        sd = fit["see"].to_numpy(float) * np.sqrt(1 + 1 / n + ahead**2 / fit["sxx"].to_numpy(float))
        today = expected - fit["slope"].to_numpy(float) * (day - now) / 7.0
        needed = np.where(day > now, (goal - today) / ((day - now) / 7.0), np.nan)
        chance = stats.t.sf((goal - expected) / sd, n - 2)
        half = stats.t.ppf(0.5 + level / 2, n - 2) * sd
    span = fit["last_day"].to_numpy(float) - fit["first_day"].to_numpy(float)
    status, reason = _verdicts(fit, np.isfinite(goal) & np.isfinite(day), day, now, span)
    ok = status == OK
    up = (
        goals["higher_is_better"].to_numpy(bool) if "higher_is_better" in goals else np.ones(len(goals), bool)
    )
    low, high = _bound(goals, "scale_min", -np.inf), _bound(goals, "scale_max", np.inf)
    out = pd.DataFrame({"status": status, "reason": reason}, index=goals.index)
    for name, figure in {"value": expected, "low": expected - half, "high": expected + half}.items():
        out[name] = np.where(ok, np.clip(figure, low, high), np.nan)
    out["chance"] = np.where(ok, np.where(up, chance, 1.0 - chance), np.nan)
    out["band"] = chance_bands(out["chance"].to_numpy())
    drawn = (fit["status"] == OK).to_numpy()
    out["needed"] = np.where(drawn, needed, np.nan)
    out["is_met"] = drawn & (np.where(up, today - goal, goal - today) >= 0)
    return out


def _bound(goals: pd.DataFrame, name: str, otherwise: float) -> np.ndarray:
    if name not in goals:
        return np.full(len(goals), otherwise)
    bound = goals[name].to_numpy(float)
    return np.where(np.isnan(bound), otherwise, bound)


def _verdicts(
    fit: pd.DataFrame, has_goal: np.ndarray, day: np.ndarray, now: int | np.ndarray, span: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Status and reason; the first that applies."""
    status = fit["status"].to_numpy()
    see, mean, rise = (fit[name].to_numpy(float) for name in ("see", "mean", "slope"))
    with np.errstate(invalid="ignore"):
        exact = see <= ROUNDING * (np.abs(mean) + np.abs(rise) * np.sqrt(fit["sxx"].to_numpy(float)))
    flat = (status == ZERO_VARIANCE) | exact
    few = ~(fit["n"].to_numpy(float) >= MIN_POINTS) | ~(flat | (status == OK))
    cases = [~has_goal, few, day <= now, day > now + span, flat]
    found = [INSUFFICIENT, INSUFFICIENT, NOT_CALCULATED, NOT_CALCULATED, ZERO_VARIANCE]
    reasons = ["no goal", "too few scores", "past", "too far to project", "no spread"]
    return np.select(cases, found, OK), np.select(cases, reasons, "")


@dataclass(frozen=True, slots=True)
class Projection:
    """Projection of one trend to the goal's day; figures are None unless ``status`` is "ok"."""

    status: str
    reason: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    needed: float | None = None
    is_met: bool = False


@door(
    Paired("days", "values"),
    days=Ordinal(),
    values=Number(),
    line=AS_IS,
    now=Ordinal(),
    higher_is_better=Truth(),
    scale=Number(infinite=True),
    level=Level(),
)
def project(
    days: np.ndarray,
    values: np.ndarray,
    line: GoalLine,
    *,
    now: int,
    higher_is_better: bool = True,
    scale: tuple[float, float] | None = None,
    level: float = 0.80,
) -> Projection:
    """Project a new score of one series on the goal's day: `project_goals` for a single plan.

    Parameters
    ----------
    days, values : array
        Scores: day ordinals and values.
    line : GoalLine
        The goal line.
    now : int
        Ordinal of today; the projection reaches at most as far ahead as the scores reach back.
    higher_is_better : bool
        If False, the chance is mirrored.
    scale : (float, float), optional
        Lowest and highest possible score.
    level : float
        Level of the prediction interval, 0 to 1.

    References
    ----------
    Draper & Smith (1998), Applied Regression Analysis, 3rd ed., section 3.1.
    """
    frame = pd.DataFrame({"series": 0, "day": np.asarray(days, np.int64), "value": np.asarray(values, float)})
    low, high = scale or (-np.inf, np.inf)
    goal = pd.DataFrame(
        {
            "goal": [line.goal],
            "goal_day": [line.goal_day],
            "higher_is_better": [higher_is_better],
            "scale_min": [low],
            "scale_max": [high],
        }
    )
    return projections_of(project_goals(fit_trends(frame), goal, now=now, level=level))[0]


def projections_of(found: pd.DataFrame) -> list[Projection]:
    """Turn each row of `project_goals` into a `Projection`, in order."""
    return [
        Projection(
            row["status"],
            row["reason"],
            is_met=bool(row["is_met"]),
            **{name: _number(row[name]) for name in ("value", "low", "high", "chance", "needed")},
        )
        for row in found.to_dict("records")
    ]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


@door(chance=Number(0, 1, needed=True))
def chance_band(chance: float) -> str:
    """Word for a chance: unlikely under 20 %, less likely to 40, uncertain to 60, rather likely to 80, else likely."""
    return BANDS[int(np.searchsorted(BAND_CUTS, chance, side="right"))]


def chance_bands(chances: np.ndarray) -> np.ndarray:
    """`chance_band` of every chance; empty where one is missing."""
    at = np.searchsorted(BAND_CUTS, np.nan_to_num(chances), side="right")
    return np.where(np.isfinite(chances), np.array(BANDS)[at], "")
