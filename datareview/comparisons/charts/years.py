"""The share at or above benchmark in each window, of one cohort now, in earlier years, and of those before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.spec import Chart, Series, Table
from datareview.comparisons.charts.facts import POINTS, ScoreFacts, at_or_above, with_interval
from datareview.records.models.measures import AT
from teams.lib import formats

if TYPE_CHECKING:
    import pandas as pd

    from datareview.comparisons.queries.windows import ScoreWindow


@dataclass(frozen=True, slots=True)
class YearLine:
    """A line of one school year: its name, and the levels of its students by window."""

    name: str
    is_now: bool
    points: dict[str, tuple[ScoreWindow, int, int]]  # season → window, how many at or above, of how many


def line_of(
    name: str, frame: pd.DataFrame, windows: tuple[ScoreWindow, ...], year: int, least: int
) -> YearLine:
    """The line of the school year that began in ``year``; windows with fewer than ``least`` levels are left out."""
    points = {}
    for place, window in enumerate(windows):
        levels = frame.loc[frame["window"] == place, "level"].dropna()
        if window.year == year and len(levels) >= least:
            points[window.season] = (window, int((levels >= AT).sum()), len(levels))
    return YearLine(name, windows[-1].year == year, points)


def over_years(facts: ScoreFacts, lines: list[YearLine]) -> Chart:
    """Draw a line for each year over the windows of a year, this year's with its interval."""
    from datareview.analysis.equity import wilson_interval

    lines = [line for line in lines if line.points]
    seasons = list(dict.fromkeys(window.season for window in facts.windows))
    shares = {
        (line.name, season): (at / n, *wilson_interval(at, n))
        for line in lines
        for season, (_window, at, n) in line.points.items()
    }
    series = []
    for line in lines:
        known = [season for season in seasons if season in line.points]
        values = {season: shares[line.name, season] for season in known}
        if line.is_now and len(known) > 1:
            series.append(
                Series(
                    kind="band",
                    name=_("95% interval"),
                    x=known,
                    low=[POINTS * values[season][1] for season in known],
                    high=[POINTS * values[season][2] for season in known],
                    role="trend",
                )
            )
        series.append(
            Series(
                kind="line",
                name=line.name,
                x=seasons,
                y=[POINTS * values[season][0] if season in values else None for season in seasons],
                role="accent" if line.is_now else "expected",
                emphasis=True,
                labels=[*[""] * (len(seasons) - 1), line.name],
            )
        )
    if not lines:
        title = _("Too few students have a level")
        return Chart(
            title=title,
            sentence=_("A line needs at least as many students as the school’s smallest group to report."),
            source=facts.source(0),
        )
    return Chart(
        title=_title(facts, lines, shares),
        sentence=_("The share %(at)s in each window; earlier levels are by the grade of that year.")
        % {"at": at_or_above(facts.measure)},
        y_label=_("%% %(at)s") % {"at": at_or_above(facts.measure)},
        x_kind="category",
        series=series,
        y_range=(0.0, POINTS),
        source=facts.source(
            max((n for line in lines if line.is_now for _w, _at, n in line.points.values()), default=0)
        ),
        table=Table(
            columns=(_("Window"), *(line.name for line in lines)),
            rows=tuple(
                (season, *(_cell(line, season, shares.get((line.name, season))) for line in lines))
                for season in seasons
            ),
        ),
    )


def _cell(line: YearLine, season: str, share: tuple[float, float, float] | None) -> str:
    if share is None:
        return "–"
    return _("%(share)s of %(n)s") % {
        "share": with_interval(share),
        "n": formats.number(line.points[season][2]),
    }


def _title(
    facts: ScoreFacts, lines: list[YearLine], shares: dict[tuple[str, str], tuple[float, float, float]]
) -> str:
    """The newest share of this year with its interval, and the same window of the other lines."""
    now = next((line for line in lines if line.is_now), None)
    if now is None:
        return _("%(measure)s in earlier years") % {"measure": facts.measure}
    season = list(now.points)[-1]
    found = _("%(share)s %(at)s in %(window)s") % {
        "share": with_interval(shares[now.name, season]),
        "at": at_or_above(facts.measure),
        "window": now.points[season][0].season_in_text,
    }
    others = [line for line in lines if line is not now and season in line.points]
    return found + "".join(
        _("; %(who)s: %(share)s")
        % {"who": line.name, "share": formats.percent(POINTS * shares[line.name, season][0], 0)}
        for line in others
    )
