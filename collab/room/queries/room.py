"""The live room for one reader: agenda, current item, discussion and results."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING

from collab.actions.queries.actions import actions_on, carried_actions
from collab.agendas.queries.exhibit_views import exhibits_for
from collab.agendas.queries.items import ItemsFor, parked_in
from collab.decisions.permissions import may_check
from collab.decisions.queries.decisions import decisions_on, keeping
from collab.discussion.queries import discussion_of
from collab.feedback.queries import feedback_of
from collab.findings.queries.results import results_shown_at
from collab.followup.models import Cause, Question
from collab.followup.queries.causes import missing_for_data_item, tally_of
from collab.meetings.models import Attendance, Meeting
from collab.meetings.queries.participants import participants_of
from collab.meetings.queries.roles import roles_of_meeting
from collab.protocols.models import Capture, StepKind
from collab.room.queries.readiness import blocker_of
from collab.student_work.queries.work import work_on
from collab.subjects.queries import Subject, reviews_actions, subject_of
from teams.access.prepared import prepared_rows
from teams.directory.cycles import LONGEST_BREAK, first_school_day
from teams.directory.queries.days import closed_days

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.actions.models import Action
    from collab.agendas.models import Topic
    from collab.agendas.queries.exhibit_views import ExhibitView
    from collab.agendas.queries.items import ItemForReader
    from collab.decisions.models import Decision
    from collab.discussion.queries import Discussion
    from collab.feedback.queries import MeetingFeedback
    from collab.findings.queries.results import ItemResults
    from collab.followup.models import TeachingChange
    from collab.followup.queries.causes import Tally
    from collab.meetings.queries.participants import Person
    from collab.meetings.queries.roles import RoleOf
    from collab.student_work.queries.work import ItemWork
    from teams.directory.models import Norm, User


class Room:
    """A meeting's page for one reader. Parts are loaded when a template asks for them, once.

    After a change every browser re-fetches one region, so only that region's data is loaded.
    """

    def __init__(self, user: User, meeting: Meeting) -> None:
        self.user, self.meeting, self.agenda = user, meeting, ItemsFor(user, meeting)

    @property
    def following(self) -> ItemForReader | None:
        """The next item."""
        waiting, current = self.agenda.waiting, self.agenda.current
        after = [item for item in waiting if current is None or item.position > current.position]
        return next(iter(after or waiting), None)

    @cached_property
    def exhibits(self) -> list[ExhibitView]:
        """Exhibits of the current item."""
        return exhibits_for(self.user, self.agenda.open_item, self.meeting) if self.agenda.open_item else []

    @cached_property
    def results(self) -> list[ItemResults]:
        """The results that the current item shows."""
        item = self.agenda.open_item
        return results_shown_at(self.user, item, self.agenda) if item else []

    @cached_property
    def work(self) -> ItemWork | None:
        """The student work on the current item."""
        item = self.agenda.open_item
        return work_on(self.user, item, self.meeting) if item else None

    @property
    def waits_for_predictions(self) -> bool:
        """Whether something on the current item is revealed once everyone has predicted."""
        return any(one.waits_for for one in self.exhibits) or any(one.waits_for for one in self.results)

    @cached_property
    def subject(self) -> Subject:
        """What the current item is about, with what can be done right there."""
        current = self.agenda.current
        if current is None or current.row is None:
            return Subject()
        return subject_of(
            self.user, current.row, self.meeting, figures_wait=current.figures_wait, opens=self.place == 1
        )

    @property
    def shows_data(self) -> bool:
        """Whether the current item has data to notice and wonder about; on others those boards wait for a first card."""
        item = self.agenda.open_item
        looks = bool(item and (item.kind == StepKind.EXPLORE or item.capture == Capture.CAUSE))
        return looks or bool(self.exhibits or self.results)

    @property
    def reviews_actions(self) -> bool:
        """Whether the current item goes through earlier action items."""
        return reviews_actions(self.agenda.open_item)

    @cached_property
    def discussion(self) -> Discussion | None:
        """The discussion of the current item."""
        return discussion_of(self.user, self.agenda.open_item) if self.agenda.open_item else None

    @cached_property
    def causes(self) -> list[Cause]:
        """Causes on the current item."""
        return list(self.agenda.open_item.causes.select_related("author")) if self.agenda.open_item else []

    @cached_property
    def changes(self) -> list[TeachingChange]:
        """Teaching changes on the current item."""
        return (
            list(self.agenda.open_item.changes.select_related("teacher__user"))
            if self.agenda.open_item
            else []
        )

    @property
    def tally(self) -> Tally:
        """How many of the meeting's causes are in instruction, among items the user may read."""
        return tally_of(self.agenda.readable)

    @cached_property
    def missing(self) -> str:
        """What the current item needs before it can end, as a sentence."""
        is_live = self.meeting.state == Meeting.State.LIVE
        return missing_for_data_item(self.agenda.open_item) if self.agenda.open_item and is_live else ""

    @property
    def may_check(self) -> bool:
        """Whether the user may say how far the decision that the current item checks was carried out."""
        item = self.agenda.open_item
        return bool(item and item.topic.decision and may_check(self.user, item.topic.decision))

    @property
    def may_keep(self) -> bool:
        """Whether the user may keep the decision that the current item checks until another check."""
        item = self.agenda.open_item
        is_live = self.meeting.state == Meeting.State.LIVE
        return bool(is_live and item and item.topic.decision and self.agenda.may_take_part)

    @property
    def kept(self) -> Decision | None:
        """The decision by which the current item keeps the one that it checks."""
        item = self.agenda.open_item
        return keeping(item, self.decisions) if item and item.topic.decision else None

    @cached_property
    def waits_for(self) -> str:
        """Why the current item is not finished; moving on then needs confirmation."""
        if self.meeting.state != Meeting.State.LIVE or self.agenda.current is None:
            return ""
        # a facilitator who may not read the item still sees that people are not ready
        item = self.agenda.open_item or self.meeting.items.get(uuid=self.agenda.current.uuid)
        return blocker_of(item, self.meeting)

    @cached_property
    def stands_for(self) -> Person | None:
        """The facilitator if present and not the user, who then steers as a stand-in; else None."""
        chosen = [one for one in self.people if one.staff.pk == self.meeting.facilitator_id and one.is_here]
        return chosen[0] if chosen and chosen[0].staff.user_id != self.user.pk else None

    @cached_property
    def my_roles(self) -> list[str]:
        """The user's roles in this meeting."""
        return [role for one in self.people if one.staff.user_id == self.user.pk for role in one.roles]

    @property
    def place(self) -> int:
        """Position of the current item, from 1; 0 if there is none."""
        current = self.agenda.current
        return [item.uuid for item in self.agenda.items].index(current.uuid) + 1 if current else 0

    @cached_property
    def decisions(self) -> list[Decision]:
        """Decisions of this meeting."""
        return decisions_on(self.user, self.agenda.readable)

    @cached_property
    def questions(self) -> list[Question]:
        """Questions of this meeting to the leaders."""
        return prepared_rows(_questions, [item.pk for item in self.agenda.readable])

    @cached_property
    def parked(self) -> list[Topic]:
        """Topics parked in this meeting."""
        return parked_in(self.meeting)

    @cached_property
    def actions(self) -> list[Action]:
        """Action items of this meeting, for minutes also as they were when it closed."""
        return actions_on(self.agenda.readable, self.meeting.closed_at)

    @cached_property
    def carried(self) -> list[Action]:
        """Action items carried from earlier meetings."""
        return carried_actions(self.user, self.meeting)

    @cached_property
    def people(self) -> list[Person]:
        """Members and guests."""
        return participants_of(self.meeting)

    @cached_property
    def roles(self) -> list[RoleOf]:
        """The meeting's roles and their holders."""
        return roles_of_meeting(self.meeting)

    @cached_property
    def norm(self) -> Norm | None:
        """One of the team's norms, a different one with each item."""
        norms = list(self.meeting.team.norms.all())
        return norms[max(self.place - 1, 0) % len(norms)] if norms else None

    @cached_property
    def feedback(self) -> MeetingFeedback | None:
        """Feedback on the meeting; None before it starts."""
        return feedback_of(self.user, self.meeting) if self.meeting.state in ("live", "closed") else None

    @property
    def may_reopen(self) -> bool:
        """Whether the user may reopen the closed meeting."""
        return self.meeting.is_just_closed and self.meeting.approved_at is None and self.agenda.may_run

    @property
    def used_minutes(self) -> int:
        """Minutes from start to close, or until now."""
        now = self.agenda.now
        start = self.meeting.started_at or now
        return round(((self.meeting.closed_at or now) - start).total_seconds() / 60)

    @property
    def check_on(self) -> dt.date:
        """Default check date of a new decision, a school day."""
        return first_school_day(self.agenda.today + dt.timedelta(weeks=4), self._closed)

    @property
    def due_on(self) -> dt.date:
        """Default due date of a new action item, a school day."""
        return first_school_day(self.agenda.today + dt.timedelta(weeks=1), self._closed)

    @cached_property
    def _closed(self) -> set[dt.date]:
        last = self.agenda.today + dt.timedelta(weeks=4) + LONGEST_BREAK
        return closed_days([self.meeting.team.school_id], self.agenda.today, last)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """Attendance choices."""
        return [(str(mark), str(label)) for mark, label in Attendance.Mark.choices]

    @property
    def unreached(self) -> int:
        """Number of topics that would return to the queue if the meeting closed now."""
        return sum(not item.is_step for item in self.agenda.waiting)

    @property
    def current_seconds(self) -> int:
        """Total seconds on the current item's clock."""
        current = self.agenda.current
        if current is None or not current.ends_at or not current.started_at:
            return 0
        return round((current.ends_at - current.started_at).total_seconds())

    @property
    def here(self) -> int:
        """Number of people present."""
        return len(self.names_here)

    @property
    def names_here(self) -> list[str]:
        """The short names of the people present."""
        return [person.staff.user.short_name for person in self.people if person.is_here]

    @property
    def wants_causes(self) -> bool:
        """Whether the current item collects causes and teaching changes."""
        item = self.agenda.open_item
        return bool(item and (item.capture == Capture.CAUSE or self.causes or self.changes))


def _questions(item_ids: list[int]) -> QuerySet[Question]:
    return Question.objects.filter(item__in=item_ids).select_related("asked_by")


def room_of(user: User, meeting: Meeting) -> Room:
    """The room of ``meeting`` for ``user``."""
    return Room(user, meeting)
