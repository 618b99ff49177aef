"""A few students whom somebody picked: each one's scores in two windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.palette import level_role
from datareview.charts.spec import Chart, Series, Table
from datareview.comparisons.charts.levels import below
from datareview.figures.charts.student import short_scale

if TYPE_CHECKING:
    from datareview.comparisons.charts.facts import ScoreFacts

NAMED = 12  # lines with a name beside them


def picked_chart(facts: ScoreFacts) -> Chart:
    """Draw a line for each student; the title says how many are below benchmark, or how many grew without one."""
    rows = facts.pairs.sort_values("after_value", kind="stable", na_position="last")
    windows = [window for window in (facts.before, facts.after) if window]
    names = [window.name for window in windows]
    series, table = [], []
    for pk, row in rows.iterrows():
        student = facts.students[int(str(pk))]
        values = [row["before_value"], row["after_value"]][-len(names) :]
        level = row["after_level"]
        series.append(
            Series(
                kind="line",
                name=student.name,
                x=names,
                y=values,
                role=level_role(int(level)) if np.isfinite(level) else "data",
                emphasis=True,
                labels=[*[""] * (len(names) - 1), student.name] if len(rows) <= NAMED else [],
                links=[student.get_absolute_url()] * len(names),
            )
        )
        table.append((student, [facts.number(value) if np.isfinite(value) else "–" for value in values]))
    return Chart(
        title=_title(facts),
        sentence=_("Each line is a student who was picked for this item."),
        y_label=facts.measure.unit or str(facts.measure),
        x_kind="category",
        series=series,
        y_range=short_scale(facts.measure),
        source=facts.source(len(rows)),
        table=Table(
            columns=(_("Student"), *names),
            rows=tuple((student.name, *cells) for student, cells in table),
            links=tuple((student.get_absolute_url(), *[""] * len(names)) for student, _cells in table),
        ),
    )


def _title(facts: ScoreFacts) -> str:
    levels = facts.pairs["after_level"].dropna()
    if len(levels):
        words = ngettext(
            "%(below)d of %(all)d student is below benchmark in %(window)s",
            "%(below)d of %(all)d students are below benchmark in %(window)s",
            len(levels),
        )
        return words % {"below": below(levels), "all": len(levels), "window": facts.after.name_in_text}
    both, sign = facts.both, 1 if facts.measure.higher_is_better else -1
    words = ngettext("%(up)d of %(all)d student improved", "%(up)d of %(all)d students improved", len(both))
    return words % {"up": int((sign * both["change"] > 0).sum()), "all": len(both)}
