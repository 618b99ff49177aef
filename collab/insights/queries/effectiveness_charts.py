"""Charts of meeting effectiveness: minutes and ratings over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.spec import Chart, Series, Table
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt

    from collab.insights.queries.meeting_effectiveness import MeetingRow, Share


def minutes_chart(rows: list[MeetingRow], minutes: Share) -> Chart | None:
    """Planned and used minutes over time; None below two meetings, or if nothing was timed."""
    if len(rows) < 2 or not any(row.used for row in rows):
        return None
    days = [row.day for row in rows]
    return Chart(
        title=_difference(round(minutes.part - minutes.whole)),
        sentence=_(
            "%(used)s of %(planned)s planned min used over %(n)s meetings. The dashed line is the plan."
        )
        % {
            "used": formats.number(minutes.part),
            "planned": formats.number(minutes.whole),
            "n": len(rows),
        },
        y_label=_("min"),
        series=[
            Series("line", _("Planned"), days, [row.planned for row in rows], role="goal", dashed=True),
            Series("points", _("Used"), days, [row.used for row in rows]),
            Series("line", _("Used"), days, [row.used for row in rows], emphasis=True),
        ],
        y_range=(0, max(max(row.planned, row.used) for row in rows) + 5),
        table=Table(
            (_("Meeting"), _("Planned"), _("Used")),
            tuple((_short(row.day), row.planned, row.used) for row in rows),
        ),
    )


def _difference(more: int) -> str:
    if more > 0:
        return ngettext("%(n)s min more than planned", "%(n)s min more than planned", more) % {"n": more}
    if more < 0:
        return ngettext("%(n)s min less than planned", "%(n)s min less than planned", -more) % {"n": -more}
    return _("As long as planned")


def rating_chart(rows: list[MeetingRow]) -> Chart | None:
    """Percent of yes over time; None below two meetings with enough answers."""
    rated = [(row.day, row.yes) for row in rows if row.yes is not None]
    if len(rated) < 2:
        return None
    (_day, first), (_day, last) = rated[0], rated[-1]
    return Chart(
        title=_("%(last)s “yes” in the last meeting, %(first)s in the first")
        % {"last": formats.percent(last), "first": formats.percent(first)},
        sentence=_(
            "Share of “yes” answers to the four closing questions, in the %(n)s meetings with four "
            "answers or more."
        )
        % {"n": len(rated)},
        y_label=_("% yes"),
        y_range=(0, 100),
        series=[Series("line", _("Yes"), [day for day, _yes in rated], [yes for _day, yes in rated])],
        table=Table((_("Meeting"), _("% yes")), tuple((_short(day), yes) for day, yes in rated)),
    )


def _short(day: dt.date) -> str:
    return formats.short_day(day)
