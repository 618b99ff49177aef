"""Levels in two windows, and how students moved between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from datareview.charts.palette import level_role
from datareview.charts.spec import Chart, Series, Table
from datareview.figures.charts.cohort import WindowSpread, spread_chart
from datareview.figures.charts.level_counts import LevelCount, count_levels, part_at, stacked_levels
from datareview.records.models.measures import ALL_LEVELS, AT
from teams.lib import formats

if TYPE_CHECKING:
    import pandas as pd

    from datareview.comparisons.charts.facts import ScoreFacts
    from datareview.records.models import Measure


def levels_by_window(facts: ScoreFacts) -> Chart:
    """Draw how many are at each level in both windows; the title compares the same students."""
    sides = [("before", facts.before), ("after", facts.after)]
    counts, spreads = [], []
    for side, window in sides:
        if window is None:
            continue
        levels = facts.pairs[f"{side}_level"].dropna()
        shown = "before" if side == "before" else "now"
        pages = {level: facts.page(part_at(shown, level)) for level in ALL_LEVELS}
        counts.append(LevelCount(window.name, count_levels(levels), pages))
        spreads.append(WindowSpread(window.name, facts.pairs[f"{side}_value"].dropna().tolist()))
    spreads = [one for one in spreads if one.values]
    now = counts[-1]
    if not any(one.total for one in counts) and spreads:
        return spread_chart(facts.measure, spreads, source=facts.source(len(spreads[-1].values)))
    title = _("%(measure)s: no scores yet") % {"measure": facts.measure}
    if now.total:
        words = {"below": now.below, "all": now.total, "window": facts.after.name_in_text}
        title = _finding(facts.measure) % words + _same_students(facts)
    return stacked_levels(facts.measure, counts, title=title, source=facts.source(now.total))


def movement(facts: ScoreFacts) -> Chart:
    """Draw who moved from which level to which, between the two windows."""
    pairs, words = facts.leveled, facts.measure.words_of_levels
    names = [facts.before.name if facts.before else "", facts.after.name]
    if pairs.empty:
        title = _("No one has a level in both windows")
        why = _("This measure has no benchmarks for these grades, or was taken only once.")
        if facts.measure.derived_from:
            why = _("Nothing is recorded of an earlier period to compare with.")
        return Chart(title=title, sentence=why, x_kind="category", source=facts.source(0))
    moves = {
        (was, now): int(((pairs["before_level"] == was) & (pairs["after_level"] == now)).sum())
        for was in words
        for now in words
    }
    up = sum(many for (was, now), many in moves.items() if now > was)
    down = sum(many for (was, now), many in moves.items() if now < was)
    figures = {
        "before": facts.before.name_in_text if facts.before else "",
        "now": facts.after.name_in_text,
        "up": up,
        "down": down,
        "all": len(pairs),
        "same": len(pairs) - up - down,
    }
    series = [
        Series(
            kind="flow",
            name=words[now],
            x=list(words.values()),
            y=[moves[was, now] for was in words],
            role=level_role(now),
            links=[facts.page(part_at("moved", was, now)) if moves[was, now] else "" for was in words],
        )
        for now in words
    ]
    return Chart(
        title=_("From %(before)s to %(now)s, %(up)d moved up a level and %(down)d down, of %(all)d")
        % figures,
        sentence=_sentence(facts.measure) % figures,
        x_kind="category",
        x_label=names[0],
        y_label=names[1],
        series=series,
        source=facts.source(len(pairs)),
        table=Table(
            columns=(names[0], *(f"{names[1]}: {word}" for word in words.values())),
            rows=tuple(
                (word, *(formats.number(moves[was, now]) for now in words)) for was, word in words.items()
            ),
            links=tuple(
                ("", *(facts.page(part_at("moved", was, now)) if moves[was, now] else "" for now in words))
                for was in words
            ),
        ),
    )


def _finding(measure: Measure) -> str:
    """How many need a closer look, with places for the numbers."""
    if measure.derived_from == measure.DerivedFrom.ATTENDANCE:
        return _("%(below)d of %(all)d have missed one day in ten or more: %(window)s")
    if measure.derived_from == measure.DerivedFrom.INCIDENTS:
        return _("%(below)d of %(all)d have had two incidents or more: %(window)s")
    return _("%(below)d of %(all)d are below benchmark in %(window)s")


def _sentence(measure: Measure) -> str:
    """How many stayed, and what else moves a level, with a place for the number."""
    if measure.derived_from:
        return _("%(same)d stayed at their level.")
    return _(
        "%(same)d stayed at their level. Each window has its own benchmark, so a level can fall while the score rises."
    )


def _same_students(facts: ScoreFacts) -> str:
    """The end of a title: how many of the same students were below the benchmark before."""
    both = facts.leveled
    if both.empty or facts.before is None:
        return ""
    figures = {
        "below": below(both["before_level"]),
        "now": below(both["after_level"]),
        "all": len(both),
        "window": facts.before.name_in_text,
    }
    if len(both) == int(facts.pairs["after_level"].notna().sum()):
        return _(", %(below)d of the same %(all)d in %(window)s") % figures
    return _("; of %(all)d tested both times, %(now)d now and %(below)d in %(window)s") % figures


def below(levels: pd.Series) -> int:
    """How many are below the benchmark."""
    return int(np.count_nonzero(levels.to_numpy() < AT))
