"""Incidents by kind, place, weekday or time: on how many of the school days there was at least one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.spec import Chart, Series, Table
from datareview.comparisons.charts.facts import POINTS, with_interval
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from datareview.comparisons.choices import IncidentBy

MOST_ROWS = 12


def incident_chart(rows: Sequence[tuple[dt.date, str]], by: IncidentBy, *, days: int) -> Chart:
    """Draw the share of ``days`` with an incident of each part, most frequent first, from (day, part) of each incident."""
    from datareview.analysis.equity import wilson_interval

    if not rows or not days:
        return Chart(title=_("No incidents recorded this year"), sentence="")
    on_days = Counter(part for _day, part in set(rows))
    counts = Counter(part for _day, part in rows)
    parts = sorted(on_days, key=lambda part: (-on_days[part], part))[:MOST_ROWS]
    shares = {part: (on_days[part] / days, *wilson_interval(on_days[part], days)) for part in parts}
    every = len({day for day, _part in rows})
    figures = {"days": every, "all": days, "most": parts[0], "on": on_days[parts[0]]}
    return Chart(
        title=_("Incidents on %(days)d of %(all)d school days; most often %(most)s, on %(on)d") % figures,
        sentence=_("Each row is the share of school days with at least one incident, with its interval.")
        + " "
        + _("People record more in some places than in others."),
        x_kind="category",
        y_label=_("% of school days"),
        y_range=(0.0, max(10.0, *(POINTS * high for _share, _low, high in shares.values()))),
        series=[
            Series(
                kind="interval",
                name=str(by.label),
                x=parts,
                y=[POINTS * shares[part][0] for part in parts],
                low=[POINTS * shares[part][1] for part in parts],
                high=[POINTS * shares[part][2] for part in parts],
            )
        ],
        source=_("%(n)s incidents.") % {"n": formats.number(len(rows))},
        table=Table(
            columns=(str(by.label), _("Incidents"), _("School days with one"), _("Share of school days")),
            rows=tuple(
                (
                    part,
                    formats.number(counts[part]),
                    formats.number(on_days[part]),
                    with_interval(shares[part]),
                )
                for part in parts
            ),
        ),
    )
