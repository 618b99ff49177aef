"""Create, finish, drop and reopen action items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.actions.models import Action
from collab.actions.permissions import may_finish
from collab.agendas.queries.subjects import student_of
from collab.agendas.services.locking import authorize_and_lock
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.queries.participants import takes_part
from collab.meetings.services.locking import announce, lock_meeting
from teams.audit.services import record_event
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from collab.agendas.models import AgendaItem
    from teams.directory.models import Staff, User


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
def finish_action(action: Action, *, actor: User, state: str, reason: str = "") -> Action:
    """Finish an action item, drop it with a reason, or reopen it. A repeated state changes nothing."""
    if state not in Action.State.values:
        raise DomainError(_("An action item is open, done or dropped."))
    # lock the meeting first, then the action item: closing a meeting locks in that order
    live = Meeting.objects.filter(team=action.team_id, state=Meeting.State.LIVE).first()
    live = lock_meeting(live) if live else None
    action = (
        Action.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team__school", "owner")
        .get(pk=action.pk)
    )
    if not may_finish(actor, action):
        raise PermissionDenied
    if state == Action.State.DROPPED and not reason.strip():
        raise DomainError(_("Say in a few words why you are dropping it, so the team doesn’t have to ask."))
    if action.state == state:
        return action
    action.state, action.reason = state, reason.strip() if state == Action.State.DROPPED else ""
    action.finished_at = None if state == Action.State.OPEN else clock.now()
    action.save(update_fields=["state", "reason", "finished_at"])
    record_event(actor, f"action-{state}", action, school=action.team.school)
    if live and live.state == Meeting.State.LIVE:
        announce(live, actor=actor, kind=EventKind.PROMISE_KEPT, region=Region.DECISIONS)
    return action
