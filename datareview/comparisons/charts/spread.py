"""Distributions: each student's score above a window, a grade or a class, and the middle half of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from datareview.charts.spec import Chart, Line, Series, Table
from datareview.figures.charts.student import short_scale
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.comparisons.charts.facts import ScoreFacts

LEAST = 5  # scores from which quartiles are drawn


@dataclass(frozen=True, slots=True)
class SpreadPart:
    """Students of one part of the cohort, by id, with their scores."""

    name: str
    scores: dict[int, float]

    def quartiles(self) -> tuple[float, float, float] | None:
        """The quartiles, or None with too few scores."""
        if len(self.scores) < LEAST:
            return None
        low, middle, high = np.percentile(list(self.scores.values()), (25, 50, 75))
        return float(low), float(middle), float(high)


def distribution(
    facts: ScoreFacts, parts: list[SpreadPart], *, cut: float | None, are_windows: bool, note: str = ""
) -> Chart:
    """Draw each part's scores as points over a box; ``cut`` is the benchmark where one holds for all."""
    parts = [part for part in parts if part.scores]
    boxes = [(part, quartiles) for part in parts if (quartiles := part.quartiles())]
    names = [part.name for part in parts]
    shown = len({pk for part in parts for pk in part.scores})
    if not parts:
        return Chart(title=_("No scores yet"), sentence=note, x_kind="category", source=facts.source(0))
    series = []
    if boxes:
        series.append(
            Series(
                kind="box",
                name=_("Middle half"),
                x=[part.name for part, _box in boxes],
                y=[middle for _part, (_low, middle, _high) in boxes],
                low=[low for _part, (low, _middle, _high) in boxes],
                high=[high for _part, (_low, _middle, high) in boxes],
                role="trend",
            )
        )
    scored = [(part.name, pk, value) for part in parts for pk, value in part.scores.items()]
    series.append(
        Series(
            kind="strip",
            name=_("Students"),
            x=[name for name, _pk, _value in scored],
            y=[value for _name, _pk, value in scored],
            labels=[f"{facts.students[pk]}: {facts.number(value)}" for _name, pk, value in scored],
            links=[facts.students[pk].get_absolute_url() for _name, pk, _value in scored],
        )
    )
    return Chart(
        title=_title(facts, boxes, are_windows=are_windows),
        sentence=" ".join(
            filter(None, [_("Each point is a student; a box is the middle half, its line the median."), note])
        ),
        y_label=facts.measure.unit or str(facts.measure),
        x_kind="category",
        series=_in_order(series, names),
        lines=[Line(axis="y", at=cut, label=_("benchmark"), role="benchmark")] if cut is not None else [],
        y_range=short_scale(facts.measure),
        source=facts.source(shown),
        table=Table(
            columns=(_("Scores"), *names),
            rows=(
                (_("Students"), *(formats.number(len(part.scores)) for part in parts)),
                *(
                    (
                        word,
                        *(
                            facts.number(found[place]) if (found := part.quartiles()) else "–"
                            for part in parts
                        ),
                    )
                    for word, place in (
                        (_("75th percentile"), 2),
                        (_("Median"), 1),
                        (_("25th percentile"), 0),
                    )
                ),
            ),
        ),
    )


def _in_order(series: list[Series], names: list[str]) -> list[Series]:
    """The series with most categories first: it gives their order, also of those without a box."""
    return sorted(
        series, key=lambda one: [names.index(str(x)) for x in dict.fromkeys(one.x)] != list(range(len(names)))
    )


def _title(
    facts: ScoreFacts, boxes: list[tuple[SpreadPart, tuple[float, float, float]]], *, are_windows: bool
) -> str:
    """The middle half of the first and the last part, which are the ones compared."""
    if not boxes:
        return _("%(measure)s: too few scores for quartiles") % {"measure": facts.measure}
    ends = [boxes[0], boxes[-1]] if len(boxes) > 1 else boxes
    first, last = [
        {"who": part.name, "low": facts.number(low), "high": facts.number(high)}
        for part, (low, _middle, high) in (ends[0], ends[-1])
    ]
    begin = (
        _("In %(who)s, half scored %(low)s to %(high)s")
        if are_windows
        else _("Half of %(who)s scored %(low)s to %(high)s")
    )
    end = _("; in %(who)s, %(low)s to %(high)s") if are_windows else _("; of %(who)s, %(low)s to %(high)s")
    return begin % first + (end % last if len(ends) > 1 else "")
