"""Forecasts of a scope, made only for measures whose accuracy on held-back scores, checked monthly, suffices."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.forecasts import compare_forecasts
from datareview.analysis.goals import MIN_POINTS
from datareview.analysis.pooling import project_pooled
from datareview.trends.models import ForecastCheck

if TYPE_CHECKING:
    from datareview.runs.models import TrendRun
    from datareview.trends.frames.scope import ScopeData
    from datareview.trends.models import TrendScope

LEVEL = 0.80
CHECKED_FOR = dt.timedelta(days=28)
TOO_FEW_FOR = dt.timedelta(days=7)  # a measure with too few held-back scores is checked again sooner
LEAST_AHEAD = 14  # days; a window that ends sooner counts as over

Checks = dict[int, ForecastCheck]


def refresh_checks(run: TrendRun, scope: TrendScope, known: ScopeData) -> Checks:
    """The latest check of each measure of ``scope``; checks older than a month are repeated."""
    checks: Checks = {}
    rows = ForecastCheck.objects.filter(scope=scope, made_on__lte=run.as_of).order_by("made_on")
    for check in rows:
        checks[check.measure_id] = check
    scores = known.scores
    for measure_id in np.unique(scores["measure_id"].to_numpy(np.int64)).tolist():
        latest = checks.get(measure_id)
        if latest is None or _is_old(latest, run):
            own = scores[scores["measure_id"] == measure_id]
            checks[measure_id] = _check(measure_id, own, run, scope, known)
    return checks


def signature_of(checks: Checks) -> str:
    """The fields of the checks that results depend on, as text."""
    return repr([(pk, check.is_shown, check.factor) for pk, check in sorted(checks.items())])


def with_projections(rows: pd.DataFrame, known: ScopeData, checks: Checks) -> pd.DataFrame:
    """Add projected scores at the end of the next window to trend rows, for measures whose forecasts are shown.

    A projection needs six scores, and reaches at most as far ahead as they reach back. After the last window of a
    school year there is none.
    """
    rows = rows.assign(**dict.fromkeys(("projected_value", "projected_low", "projected_high"), np.nan))
    shown = [pk for pk, check in checks.items() if check.is_shown]
    until, today = known.until, dt.date.fromordinal(known.until)
    ends_on = known.windows.end_after(today + dt.timedelta(days=LEAST_AHEAD), today=today)
    end = ends_on.toordinal() if ends_on else until
    reach = np.minimum(end, until + (rows["last_on"] - rows["first_on"]))
    enough = rows["measure_id"].isin(shown) & (rows["n"] >= MIN_POINTS) & (reach >= until + LEAST_AHEAD)
    rows["projected_on"] = np.where(enough, reach, np.nan)
    scores = known.scores
    for measure_id in shown:
        which = enough & (rows["measure_id"] == measure_id)
        if which.any():
            rows = _project(
                rows, which, scores[scores["measure_id"] == measure_id], known, checks[measure_id]
            )
    lost = rows["projected_value"].isna()
    rows.loc[lost, "projected_on"] = np.nan
    return _with_chances(rows, known).round({"projected_value": 6, "projected_low": 6, "projected_high": 6})


def _is_old(check: ForecastCheck, run: TrendRun) -> bool:
    age = run.as_of - check.made_on
    return (
        age > CHECKED_FOR
        or (not check.best and age > TOO_FEW_FOR)
        or check.method_version != run.method_version
    )


def _check(
    measure_id: int, scores: pd.DataFrame, run: TrendRun, scope: TrendScope, known: ScopeData
) -> ForecastCheck:
    found = compare_forecasts(_series(scores), level=LEVEL, scale=_scale(known, measure_id))
    table = found.table.astype(object).where(found.table.notna(), None)
    results = {
        name: {figure: value if value is None else round(float(value), 6) for figure, value in row.items()}
        for name, row in table.to_dict("index").items()
    }
    fields = {
        "n": found.n,
        "results": results,
        "best": found.best or "",
        "is_shown": found.is_shown,
        "factor": None if found.factor is None else round(found.factor, 6),
        "method_version": run.method_version,
    }
    return ForecastCheck.objects.update_or_create(
        measure_id=measure_id, scope=scope, made_on=run.as_of, defaults=fields
    )[0]


def _series(scores: pd.DataFrame) -> pd.DataFrame:
    return scores.rename(columns={"student_id": "series"})[["series", "day", "value"]].assign(group=0)


def _scale(known: ScopeData, measure_id: int) -> tuple[float, float]:
    row = known.measures[known.measures["measure_id"] == measure_id]
    return row["scale_min"].item(), row["scale_max"].item()


def _project(
    rows: pd.DataFrame, which: pd.Series, scores: pd.DataFrame, known: ScopeData, check: ForecastCheck
) -> pd.DataFrame:
    own = rows[which]
    targets = pd.DataFrame({"series": own["student_id"], "day": own["projected_on"]}, index=own.index)
    made = project_pooled(
        _series(scores), targets, level=LEVEL, factor=check.factor, scale=_scale(known, check.measure_id)
    )
    factor = check.factor or 1.0
    return rows.assign(
        projected_value=rows["projected_value"].where(~which, made["value"]),
        projected_low=rows["projected_low"].where(~which, made["low"]),
        projected_high=rows["projected_high"].where(~which, made["high"]),
        projected_sd=rows.get("projected_sd", pd.Series(np.nan, index=rows.index)).where(
            ~which, made["sd"] * factor
        ),
    )


def _with_chances(rows: pd.DataFrame, known: ScopeData) -> pd.DataFrame:
    """Add the benchmark on the day of the projection, and the chance that a score reaches it."""
    from scipy import stats

    if "projected_sd" not in rows:
        return rows.assign(projected_cut=np.nan, chance=np.nan)
    days = rows["projected_on"].dropna().unique()
    windows = {day: known.windows.key_on(dt.date.fromordinal(int(day))) for day in days}
    key = pd.MultiIndex.from_arrays([rows["measure_id"], rows["projected_on"].map(windows)])
    cuts = known.cuts.set_index(["measure_id", "window"])["at"]
    cut = cuts.reindex(key).to_numpy(float)
    up = rows["measure_id"].map(known.measures.set_index("measure_id")["higher_is_better"]).to_numpy(bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (
            np.where(up, 1.0, -1.0)
            * (rows["projected_value"].to_numpy() - cut)
            / rows["projected_sd"].to_numpy()
        )
    chance = np.round(stats.norm.cdf(z), 6)
    return rows.assign(projected_cut=cut, chance=chance).drop(columns="projected_sd")
