"""What the packet of a meeting shows to one reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.actions.queries.actions import carried_actions
from collab.agendas.queries.exhibit_views import exhibits_of
from collab.agendas.queries.subjects import student_of
from collab.meetings.queries.participants import participants_of

if TYPE_CHECKING:
    from collab.actions.models import Action
    from collab.agendas.queries.items import ItemForReader, ItemsFor
    from collab.meetings.queries.participants import Person
    from datareview.charts.spec import Chart
    from datareview.records.models import Student

WRITTEN_ON = 3  # minutes: shorter items get no room on the sheet to write on


@dataclass(frozen=True, slots=True)
class PacketItem:
    """An item, when it begins if each takes its minutes, and its charts that the reader may see now."""

    item: ItemForReader
    begins: dt.datetime
    charts: list[Chart]


@dataclass(frozen=True, slots=True)
class Packet:
    """The agenda on paper. ``students`` are those that its items are about."""

    items: list[PacketItem]
    people: list[Person]
    actions: list[Action]
    students: list[Student]

    @property
    def charts(self) -> list[tuple[str, Chart]]:
        """The charts of all items, each with the title of its item: a chart alone does not say whose it is."""
        return [(one.item.title, chart) for one in self.items for chart in one.charts]

    @property
    def written_on(self) -> list[PacketItem]:
        """Items with room to write on."""
        return [one for one in self.items if one.item.row and one.item.minutes >= WRITTEN_ON]


def packet_of(agenda: ItemsFor) -> Packet:
    """The packet of a meeting as the reader of ``agenda`` may see it; a constant number of queries."""
    meeting, readable = agenda.meeting, agenda.readable
    exhibits = exhibits_of(agenda.user, readable, meeting)
    rows, begins = [], meeting.starts_at
    for item in agenda.items:
        shown = exhibits[item.row.pk] if item.row else []
        rows.append(PacketItem(item, begins, [one.chart for one in shown if one.chart]))
        begins += dt.timedelta(minutes=item.minutes)
    return Packet(
        items=rows,
        people=participants_of(meeting),
        actions=carried_actions(agenda.user, meeting),
        students=[student for item in readable if (student := student_of(item))],
    )
