"""A meeting's action items, those carried from earlier meetings, and what each links to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from collab.actions.models import Action, ActionVersion
from collab.actions.permissions import actions_visible_to
from collab.agendas.permissions import may_read
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.directory.queries.days import school_day_from
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from collab.agendas.models import AgendaItem
    from teams.directory.models import Team, User


@dataclass(frozen=True, slots=True)
class Opens:
    """Which pages linked from an action item the reader may open."""

    meeting: bool
    item: bool
    student: bool


def actions_on(items: Collection[AgendaItem], closed_at: dt.datetime | None = None) -> list[Action]:
    """Action items created on ``items``, with the students they are about; after ``closed_at`` for `as_agreed`."""
    found = prepared_rows(_created_on, [item.pk for item in items])
    if closed_at:
        since: dict[int, list[ActionVersion]] = {row.pk: [] for row in found}
        for version in prepared_rows(_changed_since, list(since), closed_at):
            since[version.action_id].append(version)
        for row in found:
            row.changed_since = since[row.pk]
    return found


def _created_on(item_ids: list[int]) -> QuerySet[Any]:
    rows = Action.objects.filter(item__in=item_ids).select_related("student", "plan__student")
    return lines_of(rows).order_by("pk")


def _changed_since(action_ids: list[int], closed_at: dt.datetime) -> QuerySet[ActionVersion]:
    rows = ActionVersion.objects.filter(action__in=action_ids, changed_at__gt=closed_at)
    return rows.select_related("owner__user").order_by("number")


def with_agreed(rows: QuerySet[Action], closed_at: dt.datetime) -> QuerySet[Action]:
    """``rows`` with their versions that were changed after ``closed_at``; see `as_agreed`."""
    since = ActionVersion.objects.filter(changed_at__gt=closed_at).select_related("owner__user")
    return rows.prefetch_related(Prefetch("versions", since.order_by("number"), to_attr="changed_since"))


def as_agreed(action: Action) -> Action | ActionVersion:
    """An action item of `with_agreed` as it was when its meeting closed: minutes don't change with later edits."""
    since: list[ActionVersion] = action.changed_since  # type: ignore[attr-defined]
    return since[0] if since else action


def carried_actions(user: User, meeting: Meeting) -> list[Action]:
    """Action items from earlier meetings that ``user`` may see: still open, or for minutes finished in it."""
    ended_at = meeting.closed_at if meeting.state == Meeting.State.CLOSED else None
    values = meeting.pk, meeting.team_id, meeting.started_at, ended_at
    return prepared_rows(_carried, reader_of(user), *values)


def _carried(
    user: User, meeting_id: int, team_id: int, started_at: dt.datetime | None, ended_at: dt.datetime | None
) -> QuerySet[Action]:
    rows = Action.objects.filter(team=team_id, created_at__lt=started_at or clock.now())
    rows = rows.exclude(item__meeting=meeting_id)
    if ended_at:
        rows = rows.filter(finished_at__range=(started_at, ended_at))
    elif started_at:
        rows = rows.open() | rows.filter(finished_at__gte=started_at)
    else:
        rows = rows.open()
    return lines_of(rows.filter(one_of(actions_visible_to(user)))).order_by("due_on", "pk")


def lines_of(rows: QuerySet[Action]) -> QuerySet[Action]:
    """``rows`` with what a line of a list shows of them."""
    return rows.select_related("owner__user", "team")


def opens_of(user: User, action: Action) -> Opens:
    """Which pages linked from ``action`` the user may open. An owner may not see all of them."""
    meeting = action.item.meeting if action.item else None
    student = action.plan.student if action.plan else action.student
    return Opens(
        meeting=meeting is not None and meetings_visible_to(user).filter(pk=meeting.pk).exists(),
        item=action.item is not None and may_read(user, action.item),
        student=student is not None and students_visible_to(user).filter(pk=student.pk).exists(),
    )


def next_due(team: Team) -> dt.date:
    """The day of the team's first planned meeting after today; without one, the first school day in a week."""
    today = team.school.today()
    after = team.school.at(today + dt.timedelta(days=1), dt.time.min)
    rows = Meeting.objects.filter(team=team, state=Meeting.State.PLANNED, starts_at__gte=after)
    coming = rows.order_by("starts_at").values_list("starts_at", flat=True).first()
    if coming:
        return coming.astimezone(team.school.tz).date()
    return school_day_from(team.school, today + dt.timedelta(weeks=1))


@dataclass(frozen=True, slots=True)
class ActionChange:
    """What one person changed about an action item: what it was before, and what it became."""

    before: ActionVersion
    after: ActionVersion | Action

    @property
    def words(self) -> str:
        """The changed wording; empty if that stayed."""
        return self.before.text if self.before.text != self.after.text else ""

    @property
    def is_new_owner(self) -> bool:
        """Whether someone else owns it since."""
        return self.before.owner_id != self.after.owner_id

    @property
    def is_new_day(self) -> bool:
        """Whether the due date moved."""
        return self.before.due_on != self.after.due_on

    @property
    def is_new_state(self) -> bool:
        """Whether it was finished, dropped or reopened."""
        return self.before.state != self.after.state

    @property
    def is_progress(self) -> bool:
        """Whether it was begun, or the note on where it stands is another."""
        return (self.before.started_at, self.before.note) != (self.after.started_at, self.after.note)


def history_of(action: Action) -> list[ActionChange]:
    """The changes of ``action``, newest first."""
    versions = list(action.versions.select_related("owner__user", "changed_by").order_by("number"))
    after: list[ActionVersion | Action] = [*versions, action]
    changes = [ActionChange(*pair) for pair in zip(versions, after[1:], strict=True)]
    return changes[::-1]


def carried_by(meeting: Meeting) -> QuerySet[Action]:
    """Open action items that were due by the day of ``meeting`` when it started, whatever was agreed on since."""
    started_at = meeting.started_at or clock.now()
    day = started_at.astimezone(meeting.team.school.tz).date()
    moved = ActionVersion.objects.filter(action=OuterRef("pk"), changed_at__gte=started_at, due_on__lte=day)
    rows = Action.objects.open().filter(team=meeting.team, created_at__lt=started_at)
    return rows.filter(Q(due_on__lte=day) | Exists(moved)).exclude(item__meeting=meeting)
