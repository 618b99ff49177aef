"""Add causes and teaching changes, withdraw them, and record trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.services.locking import authorize_and_lock
from collab.followup.models import Cause, TeachingChange
from collab.followup.permissions import own_teaching_changes
from collab.meetings.models import EventKind, Region
from collab.meetings.services.locking import announce
from teams.access.permissions import own_staff
from teams.audit.services import record_event
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from collab.agendas.models import AgendaItem
    from teams.directory.models import User


@transaction.atomic
def add_cause(item: AgendaItem, *, actor: User, kind: str, text: str, client_key: UUID) -> Cause:
    """Add a cause of what the data show. The same ``client_key`` again returns the same cause."""
    meeting = authorize_and_lock(item, actor)
    known = Cause.objects.filter(client_key=client_key, author=actor).first()
    if known:
        return known
    cause = Cause.objects.create(item=item, author=actor, kind=kind, text=text.strip(), client_key=client_key)
    announce(meeting, actor=actor, kind=EventKind.CAUSE, region=Region.TEACHING, item=str(item.uuid))
    return cause


@transaction.atomic
def commit_to_change(item: AgendaItem, *, actor: User, text: str, client_key: UUID) -> TeachingChange:
    """Record what the actor will do differently in their own lessons. Nobody can do so for others."""
    meeting = authorize_and_lock(item, actor)
    teacher = own_staff(actor, meeting.team.school)
    if teacher is None:
        raise PermissionDenied
    known = TeachingChange.objects.filter(client_key=client_key, teacher=teacher).first()
    if known:
        return known
    change = TeachingChange.objects.create(
        item=item, teacher=teacher, text=text.strip(), client_key=client_key
    )
    announce(meeting, actor=actor, kind=EventKind.TEACHING, region=Region.TEACHING, item=str(item.uuid))
    return change


@transaction.atomic
def withdraw_cause(cause: Cause, *, actor: User) -> None:
    """Withdraw your own cause during the meeting."""
    meeting = authorize_and_lock(cause.item, actor)
    if cause.author_id != actor.pk:
        raise PermissionDenied
    record_event(actor, "withdrew", cause, school=meeting.team.school, detail={"said": cause.text})
    cause.delete()
    announce(meeting, actor=actor, kind=EventKind.WITHDREW, region=Region.TEACHING)


@transaction.atomic
def withdraw_change(change: TeachingChange, *, actor: User) -> None:
    """Withdraw your own teaching change during the meeting."""
    meeting = authorize_and_lock(change.item, actor)
    if change.teacher.user_id != actor.pk:
        raise PermissionDenied
    record_event(actor, "withdrew", change, school=meeting.team.school, detail={"said": change.text})
    change.delete()
    announce(meeting, actor=actor, kind=EventKind.WITHDREW, region=Region.TEACHING)


@transaction.atomic
def record_trial(
    change: TeachingChange, *, actor: User, tried_on: dt.date | None, saw: str
) -> TeachingChange:
    """Record when a teaching change was tried and what the teacher saw. Without a date it is not tried yet."""
    change = (
        TeachingChange.objects.select_for_update(of=("self",), no_key=True)
        .select_related("teacher__school")
        .get(pk=change.pk)
    )
    if not own_teaching_changes(actor).filter(pk=change.pk).exists():
        raise PermissionDenied
    if tried_on and tried_on > change.teacher.school.today():
        raise DomainError(_("That day is in the future. Come back when you have tried it."))
    if saw.strip() and not tried_on:
        raise DomainError(_("Choose the day you tried it."))
    change.tried_on, change.saw = tried_on, saw.strip()[:300]
    change.save(update_fields=["tried_on", "saw"])
    return change
