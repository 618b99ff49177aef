"""Create and edit action items, say where they stand, carry, finish, drop and reopen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.actions.models import Action, ActionVersion
from collab.actions.permissions import is_readable_by, may_change, may_finish
from collab.actions.queries.actions import next_due
from collab.agendas.queries.subjects import student_of
from collab.agendas.services.locking import authorize_and_lock
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.queries.participants import takes_part
from collab.meetings.services.locking import announce, lock_meeting
from datareview.records.permissions import students_visible_to
from teams.access.permissions import is_member
from teams.audit.services import record_event
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from uuid import UUID

    from collab.agendas.models import AgendaItem
    from datareview.plans.models import Plan
    from datareview.records.models import Student
    from teams.directory.models import Staff, Team, User


@transaction.atomic
def make_action(
    item: AgendaItem, *, actor: User, text: str, owner: Staff, due_on: dt.date, client_key: UUID
) -> Action:
    """Add an action item with an owner and due date. The same ``client_key`` again returns the same action item."""
    meeting = authorize_and_lock(item, actor)
    known = Action.objects.filter(client_key=client_key, made_by=actor).first()
    if known:
        return known
    if not takes_part(meeting, owner):
        raise DomainError(_("Choose someone on this team."))
    if due_on < meeting.team.school.today():
        raise DomainError(_("That day has passed. Choose a later one."))
    action = Action.objects.create(
        team=meeting.team,
        item=item,
        text=text,
        owner=owner,
        due_on=due_on,
        made_by=actor,
        plan=item.topic.plan,
        student=student_of(item),
        client_key=client_key,
    )
    announce(meeting, actor=actor, kind=EventKind.PROMISED, region=Region.DECISIONS)
    return action


@transaction.atomic
def create_action(
    team: Team,
    *,
    actor: User,
    text: str,
    owner: Staff,
    due_on: dt.date,
    client_key: UUID,
    student: Student | None = None,
    plan: Plan | None = None,
) -> Action:
    """Add an action item of ``team`` outside a meeting, about a student, a plan or neither.

    The actor and the owner are members and may see the student. Its other members who may not are not shown it.
    The same ``client_key`` again returns the same action item.
    """
    student = plan.student if plan else student
    live = Meeting.objects.filter(team=team, state=Meeting.State.LIVE).first()
    live = lock_meeting(live) if live else None
    if not is_member(actor, team):
        raise PermissionDenied
    if student and not students_visible_to(actor).filter(pk=student.pk, school=team.school_id).exists():
        raise PermissionDenied
    known = Action.objects.filter(client_key=client_key, made_by=actor).first()
    if known:
        return known
    if not team.is_active:
        raise DomainError(_("This team is archived."))
    if due_on < team.school.today():
        raise DomainError(_("That day has passed. Choose a later one."))
    action = Action(
        team=team,
        text=text.strip(),
        owner=owner,
        due_on=due_on,
        made_by=actor,
        student=student,
        plan=plan,
        client_key=client_key,
    )
    _check_owner(action, owner)
    action.save()
    record_event(actor, "added-action", action, school=team.school)
    _announce(live, actor, EventKind.PROMISED)
    return action


@transaction.atomic
def edit_action(
    action: Action, *, actor: User, text: str, owner: Staff, due_on: dt.date, version: int
) -> Action:
    """Reword an action item, move its due date, or give it to someone else. The earlier version is kept.

    Raises StaleEdit unless ``version`` is the current one. The new owner must be on the team, and may read the agenda
    item it is from.
    """
    live, action = _lock(action)
    if not may_change(actor, action):
        raise PermissionDenied
    if version != action.version:
        raise StaleEdit(_("Someone changed this action item while you were writing."), current=_words(action))
    if owner != action.owner:
        _check_owner(action, owner)
    if due_on != action.due_on and due_on < action.team.school.today():
        raise DomainError(_("That day has passed. Choose a later one."))
    changed = {"text": text.strip(), "owner": owner, "due_on": due_on}
    if any(getattr(action, name) != value for name, value in changed.items()):
        _change(action, actor, "edited-action", **changed)
        _announce(live, actor, EventKind.PROMISE_CHANGED)
    return action


def move_action(action: Action, *, actor: User, due_on: dt.date, version: int) -> Action:
    """Move an action item's due date. Raises StaleEdit unless ``version`` is the current one."""
    return edit_action(
        action, actor=actor, text=action.text, owner=action.owner, due_on=due_on, version=version
    )


@transaction.atomic
def report_progress(action: Action, *, actor: User, note: str) -> Action:
    """Mark an open action item as in progress, with a note on where it stands. A new note replaces the last one."""
    live, action = _lock(action)
    if not may_finish(actor, action):
        raise PermissionDenied
    if action.state != Action.State.OPEN:
        raise DomainError(_("This action item is no longer open. Reopen it first."))
    if action.started_at is None or action.note != note.strip():
        started_at = action.started_at or clock.now()
        _change(action, actor, "action-progress", started_at=started_at, note=note.strip())
        _announce(live, actor, EventKind.PROMISE_CHANGED)
    return action


@transaction.atomic
def carry_action(action: Action, *, actor: User) -> Action:
    """Move an open action item's due date to the team's next meeting. If it is due no earlier, nothing changes."""
    live, action = _lock(action)
    if not may_change(actor, action):
        raise PermissionDenied
    if action.state != Action.State.OPEN:
        raise DomainError(_("This action item is no longer open. Reopen it first."))
    due_on = next_due(action.team)
    if action.due_on < due_on:
        _change(action, actor, "edited-action", due_on=due_on)
        _announce(live, actor, EventKind.PROMISE_CHANGED)
    return action


@transaction.atomic
def finish_action(action: Action, *, actor: User, state: str, reason: str = "") -> Action:
    """Finish an action item, drop it with a reason, or reopen it. A repeated state changes nothing."""
    if state not in Action.State.values:
        raise DomainError(_("An action item is open, done or dropped."))
    live, action = _lock(action)
    if not may_finish(actor, action):
        raise PermissionDenied
    if state == Action.State.DROPPED and not reason.strip():
        raise DomainError(_("Say in a few words why you are dropping it, so the team doesn’t have to ask."))
    if action.state == state:
        return action
    _change(
        action,
        actor,
        f"action-{state}",
        state=state,
        reason=reason.strip() if state == Action.State.DROPPED else "",
        finished_at=None if state == Action.State.OPEN else clock.now(),
    )
    _announce(live, actor, EventKind.PROMISE_KEPT)
    return action


def keep_versions(actions: Iterable[Action], *, actor: User) -> None:
    """Keep locked action items as they are now. The caller then changes them, and adds one to each ``version``."""
    ActionVersion.objects.bulk_create(
        ActionVersion(
            action=action,
            number=action.version,
            changed_by=actor,
            **{name: getattr(action, name) for name in ActionVersion.KEPT},
        )
        for action in actions
    )


def _lock(action: Action) -> tuple[Meeting | None, Action]:
    """The team's live meeting, if there is one, and the action item, both locked."""
    # lock the meeting first, then the action item: closing a meeting locks in that order
    live = Meeting.objects.filter(team=action.team_id, state=Meeting.State.LIVE).first()
    live = lock_meeting(live) if live else None
    rows = Action.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("team__school", "owner__user", "item__meeting__team")
    return live, rows.get(pk=action.pk)


def _change(action: Action, actor: User, verb: str, **values: object) -> None:
    """Set fields of a locked action item; the version before is kept."""
    keep_versions([action], actor=actor)
    action.version += 1
    for name, value in values.items():
        setattr(action, name, value)
    action.save(update_fields=["version", *values])
    record_event(actor, verb, action, school=action.team.school)


def _check_owner(action: Action, owner: Staff) -> None:
    if not action.team.members.active().filter(staff=owner).exists():
        raise DomainError(_("Choose someone on this team."))
    if not is_readable_by(owner, action):
        raise DomainError(
            _("%(name)s may not read what this action item is about. Choose someone who may.")
            % {"name": owner}
        )


def _announce(live: Meeting | None, actor: User, kind: EventKind) -> None:
    if live and live.state == Meeting.State.LIVE:
        announce(live, actor=actor, kind=kind, region=Region.DECISIONS)


def _words(action: Action) -> str:
    return f"{action.text} · {action.owner} · {formats.short_day(action.due_on)}"
