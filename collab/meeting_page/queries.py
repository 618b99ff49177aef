"""What waits for one reader before a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.meetings.models import Meeting
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collab.actions.models import Action
    from collab.agendas.models import AgendaItem
    from collab.preparation.queries.agenda_page import Agenda


@dataclass(frozen=True, slots=True)
class ForMe:
    """Questions the reader has not answered, items they lead, and their overdue action items."""

    unanswered: list[AgendaItem]
    led: list[AgendaItem]
    overdue: list[Action]

    def __bool__(self) -> bool:
        return bool(self.unanswered or self.led or self.overdue)


def waits_for_reader(page: Agenda, carried: Sequence[Action]) -> ForMe:
    """What waits for the reader of a planned meeting's agenda, from what the page shows; no query of its own."""
    if page.meeting.state != Meeting.State.PLANNED or not page.agenda.may_take_part:
        return ForMe([], [], [])
    own, today = scope_of(page.user).employed_ids, page.agenda.today
    return ForMe(
        unanswered=[one.item for one in page.asked if one.mine is None],
        led=[item for item in page.agenda.readable if item.owner_id in own],
        overdue=[action for action in carried if action.owner_id in own and action.due_on < today],
    )
