"""What a meeting shows on the wall."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from collab.agendas.models import Visibility
from collab.decisions.models import FistToFive
from collab.decisions.queries.decisions import CONCERN, decisions_on
from collab.room.queries.room import room_of

if TYPE_CHECKING:
    from collab.actions.models import Action
    from collab.agendas.models import AgendaItem
    from collab.agendas.queries.exhibit_views import ExhibitView
    from collab.decisions.models import Decision
    from collab.discussion.queries import Discussion
    from collab.findings.queries.results import ItemResults
    from collab.meetings.models import Meeting
    from teams.directory.models import Norm, User

MOST_SAID = 9  # contributions and groups with the most votes; all are counted


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A contribution, or a group of ``n``, with its votes. ``by`` is the author's short name, empty for a group."""

    text: str
    kind: str
    by: str
    votes: int
    n: int = 1


class Wall:
    """A meeting as everyone in the room may see it, opened by one of them. Parts are loaded when a template asks.

    It shows nothing of restricted items, nothing written privately, and nothing that only the reader sees.
    """

    CONCERN = CONCERN

    def __init__(self, user: User, meeting: Meeting) -> None:
        self.user, self.meeting, self.room = user, meeting, room_of(user, meeting)
        self.agenda = self.room.agenda

    @property
    def item(self) -> AgendaItem | None:
        """The current item, unless only some may read it."""
        item = self.agenda.open_item
        return None if item is None or item.visibility == Visibility.RESTRICTED else item

    @property
    def next_title(self) -> str:
        """The title of the next item, "" without one; one that only some may read is not named."""
        item = self.room.following
        if item and item.visibility == Visibility.RESTRICTED:
            return _("Restricted item")
        return item.title if item else ""

    @property
    def exhibits(self) -> list[ExhibitView]:
        """Charts of the current item."""
        return self.room.exhibits if self.item else []

    @property
    def results(self) -> list[ItemResults]:
        """The results that the current item shows, without links and without the reader's own classes."""
        found = self.room.results if self.item else []
        return [replace(one, own=[], may_open=False, may_enter=False, groups=()) for one in found]

    @cached_property
    def discussion(self) -> Discussion | None:
        """The discussion of the current item."""
        return self.room.discussion if self.item else None

    @cached_property
    def said(self) -> list[SaidLine]:
        """Groups and contributions of the current item, those with most votes first; none while all write privately."""
        if self.item is None or self.discussion is None or self.item.is_private:
            return []
        groups = [
            SaidLine(one.label, "", "", one.cluster.voted, len(one.contributions))  # type: ignore[attr-defined]
            for one in self.discussion.groups
            if one.cluster
        ]
        single = [
            SaidLine(row.text, kind.label, row.author.short_name, row.voted)  # type: ignore[attr-defined]
            for kind in self.discussion.kinds
            for row in kind.contributions
        ]
        return sorted([*groups, *single], key=lambda line: -line.votes)

    @property
    def shown(self) -> list[SaidLine]:
        """The first of ``said``."""
        return self.said[:MOST_SAID]

    @property
    def unseen(self) -> int:
        """How many of ``said`` are not ``shown``."""
        return len(self.said) - len(self.shown)

    @cached_property
    def decisions(self) -> list[Decision]:
        """Decisions on the current item; of a closed meeting, all. Each with its votes, lowest first, as ``hands``."""
        hands = Prefetch("votes", queryset=FistToFive.objects.order_by("fingers", "pk"), to_attr="hands")
        found = decisions_on(self.user, self._about)
        prefetch_related_objects(found, hands)
        return found

    @cached_property
    def actions(self) -> list[Action]:
        """Action items on the current item; of a closed meeting, all."""
        about = {item.pk for item in self._about}
        return [action for action in self.room.actions if action.item_id in about]

    @cached_property
    def earlier(self) -> list[Action]:
        """Earlier action items while the current item goes through them, without those that only some may see."""
        if not self.item or not self.room.reviews_actions:
            return []
        found = self.room.carried
        prefetch_related_objects(found, "item")
        return [
            one
            for one in found
            if (one.item.visibility != Visibility.RESTRICTED if one.item else one.student_id is None)
        ]

    @property
    def norms(self) -> list[Norm]:
        """The team's norms while the current item is about them."""
        return self.room.subject.norms if self.item else []

    @property
    def _about(self) -> list[AgendaItem]:
        if self.meeting.state == self.meeting.State.CLOSED:
            return [one for one in self.agenda.readable if one.visibility != Visibility.RESTRICTED]
        return [self.item] if self.item else []


def wall_of(user: User, meeting: Meeting) -> Wall:
    """The wall of ``meeting``, opened by ``user``."""
    return Wall(user, meeting)
