"""A meeting as one person sees it: its agenda, the item on the table, what was said and decided."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING

from collab.agendas.queries.exhibit_views import exhibits_for
from collab.agendas.queries.items import ItemsFor, parked_in
from collab.discussion.queries import discussion_of
from collab.followup.models import Cause, Question
from collab.followup.queries.actions import actions_on, carried_actions
from collab.followup.queries.causes import missing_for_data_item, tally_of
from collab.followup.queries.decisions import decisions_on
from collab.meetings.models import Attendance, Meeting
from collab.meetings.queries.participants import participants_of
from collab.meetings.queries.roles import roles_of_meeting
from collab.protocols.models import Capture
from collab.room.queries.feedback import feedback_of
from collab.room.queries.readiness import blocker_of

if TYPE_CHECKING:
    from collab.agendas.models import Topic
    from collab.agendas.queries.exhibit_views import ExhibitView
    from collab.agendas.queries.items import ItemForReader
    from collab.discussion.queries import Discussion
    from collab.followup.models import Action, Decision, TeachingChange
    from collab.followup.queries.causes import Tally
    from collab.meetings.queries.participants import Person
    from collab.meetings.queries.roles import RoleOf
    from collab.room.queries.feedback import MeetingFeedback
    from teams.directory.models import Norm, User


class Room:
    """A meeting's page for one person. Every part is read when a template asks for it, and once.

    A change in the room makes every browser fetch one region: only what stands there is read.
    """

    def __init__(self, user: User, meeting: Meeting) -> None:
        self.user, self.meeting, self.agenda = user, meeting, ItemsFor(user, meeting)

    @property
    def following(self) -> ItemForReader | None:
        """The item that comes next."""
        waiting, current = self.agenda.waiting, self.agenda.current
        after = [item for item in waiting if current is None or item.position > current.position]
        return next(iter(after or waiting), None)

    @cached_property
    def exhibits(self) -> list[ExhibitView]:
        """The exhibits of the item on the table."""
        return exhibits_for(self.user, self.agenda.open_item, self.meeting) if self.agenda.open_item else []

    @cached_property
    def talk(self) -> Discussion | None:
        """What was said on it."""
        return discussion_of(self.user, self.agenda.open_item) if self.agenda.open_item else None

    @cached_property
    def causes(self) -> list[Cause]:
        """Why, as the team sees it."""
        return list(self.agenda.open_item.causes.select_related("author")) if self.agenda.open_item else []

    @cached_property
    def changes(self) -> list[TeachingChange]:
        """What each teacher does differently because of it."""
        return (
            list(self.agenda.open_item.changes.select_related("teacher__user"))
            if self.agenda.open_item
            else []
        )

    @property
    def tally(self) -> Tally:
        """How much of what was found today teachers can change; of what the user may read."""
        return tally_of(self.agenda.readable)

    @cached_property
    def missing(self) -> str:
        """What the item still needs before it can end."""
        is_live = self.meeting.state == Meeting.State.LIVE
        return missing_for_data_item(self.agenda.open_item) if self.agenda.open_item and is_live else ""

    @cached_property
    def waits_for(self) -> str:
        """What people are still at on the item on the table, so that going on takes a second click."""
        if self.meeting.state != Meeting.State.LIVE or self.agenda.current is None:
            return ""
        # who steers is told that people are not ready also where the item is closed to them, not what it is about
        item = self.agenda.open_item or self.meeting.items.get(uuid=self.agenda.current.uuid)
        return blocker_of(item, self.meeting)

    @cached_property
    def stands_for(self) -> Person | None:
        """The facilitator, if somebody else who is here: then the user steers only as a stand-in."""
        chosen = [one for one in self.people if one.staff.pk == self.meeting.facilitator_id and one.is_here]
        return chosen[0] if chosen and chosen[0].staff.user_id != self.user.pk else None

    @cached_property
    def my_roles(self) -> list[str]:
        """What the user does in this meeting."""
        return [role for one in self.people if one.staff.user_id == self.user.pk for role in one.roles]

    @property
    def place(self) -> int:
        """Which item of the agenda is on the table, counted from 1."""
        current = self.agenda.current
        return [item.uuid for item in self.agenda.items].index(current.uuid) + 1 if current else 0

    @cached_property
    def decisions(self) -> list[Decision]:
        """What was decided in this meeting."""
        return list(decisions_on(self.user, self.agenda.readable))

    @cached_property
    def questions(self) -> list[Question]:
        """What this meeting asks the leaders."""
        return list(Question.objects.filter(item__in=self.agenda.readable).select_related("asked_by"))

    @cached_property
    def parked(self) -> list[Topic]:
        """What was put aside in this meeting."""
        return parked_in(self.meeting)

    @cached_property
    def actions(self) -> list[Action]:
        """What was promised in this meeting."""
        return list(actions_on(self.agenda.readable))

    @cached_property
    def carried(self) -> list[Action]:
        """What was promised before it."""
        return list(carried_actions(self.user, self.meeting))

    @cached_property
    def people(self) -> list[Person]:
        """Members and guests."""
        return participants_of(self.meeting)

    @cached_property
    def roles(self) -> list[RoleOf]:
        """Who facilitates, writes, keeps the time, brings the data."""
        return roles_of_meeting(self.meeting)

    @cached_property
    def norm(self) -> Norm | None:
        """One norm at a time: another with each item."""
        norms = list(self.meeting.team.norms.all())
        return norms[max(self.place - 1, 0) % len(norms)] if norms else None

    @cached_property
    def pulse(self) -> MeetingFeedback | None:
        """How the meeting was."""
        return feedback_of(self.user, self.meeting) if self.meeting.state in ("live", "closed") else None

    @property
    def may_reopen(self) -> bool:
        """Whether its closing can be taken back."""
        return self.meeting.is_just_closed and self.meeting.approved_at is None and self.agenda.may_run

    @property
    def used_minutes(self) -> int:
        """Minutes since the start, or until the close."""
        now = self.agenda.now
        start = self.meeting.started_at or now
        return round(((self.meeting.closed_at or now) - start).total_seconds() / 60)

    @property
    def check_on(self) -> dt.date:
        """The day on which a decision made now is looked at again, unless the team chooses another."""
        return self.agenda.today + dt.timedelta(weeks=4)

    @property
    def due_on(self) -> dt.date:
        """The day by which what is promised now is due, unless the team chooses another."""
        return self.agenda.today + dt.timedelta(weeks=1)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """How somebody can take part."""
        return [(str(mark), str(label)) for mark, label in Attendance.Mark.choices]

    @property
    def unreached(self) -> int:
        """Topics that would wait for the next meeting if this one closed now."""
        return sum(not item.is_step for item in self.agenda.waiting)

    @property
    def current_seconds(self) -> int:
        """What the current item's clock started with."""
        current = self.agenda.current
        if current is None or not current.ends_at or not current.started_at:
            return 0
        return round((current.ends_at - current.started_at).total_seconds())

    @property
    def here(self) -> int:
        """How many take part now."""
        return sum(person.is_here for person in self.people)

    @property
    def cause_kinds(self) -> list[tuple[str, str]]:
        """Where a cause can lie."""
        return [(str(kind), str(label)) for kind, label in Cause.Kind.choices]

    @property
    def wants_causes(self) -> bool:
        """Whether the current item goes from data to teaching."""
        item = self.agenda.open_item
        return bool(item and (item.capture == Capture.CAUSE or self.causes or self.changes))


def room_of(user: User, meeting: Meeting) -> Room:
    """The room of ``meeting`` for ``user``."""
    return Room(user, meeting)
