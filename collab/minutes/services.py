"""Minutes: a draft until somebody of the team approves them; what was approved can be withdrawn, in sight.

What is wrong in them is put right beside it: nothing that stands there is rewritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collab.agendas.permissions import items_visible_to, may_read
from collab.followup.models import Action, Decision
from collab.meetings.models import Attendance, EventKind, Meeting, Region
from collab.meetings.permissions import may_run
from collab.meetings.queries.calendar_entries import calendar_recipients, redactor_for
from collab.meetings.services.invitations import meeting_address, team_and_day, when_and_where
from collab.meetings.services.locking import announce, lock_meeting
from collab.minutes.models import Correction
from collab.minutes.queries import may_correct, people_at
from teams.audit.services import record_event
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.mail.queries import language_of
from teams.mail.services import queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from collab.agendas.models import AgendaItem
    from teams.directory.models import User


@transaction.atomic
def approve_minutes(meeting: Meeting, *, actor: User) -> Meeting:
    """Say that the minutes are right; approving twice changes nothing."""
    meeting = _closed(meeting, actor)
    if meeting.approved_at is None:
        meeting.approved_at, meeting.approved_by = clock.now(), actor
        meeting.save(update_fields=["approved_at", "approved_by"])
        announce(meeting, actor=actor, kind=EventKind.APPROVED, region=Region.ROOM)
        record_event(actor, "approved", meeting, school=meeting.team.school)
        send_minutes(meeting)
    return meeting


@transaction.atomic
def withdraw_approval(meeting: Meeting, *, actor: User) -> Meeting:
    """Make the minutes a draft again."""
    meeting = _closed(meeting, actor)
    if meeting.approved_at is not None:
        meeting.approved_at = meeting.approved_by = None
        meeting.save(update_fields=["approved_at", "approved_by"])
        announce(meeting, actor=actor, kind=EventKind.APPROVAL_WITHDRAWN, region=Region.ROOM)
        record_event(actor, "approval-withdrawn", meeting, school=meeting.team.school)
    return meeting


@transaction.atomic
def correct_minutes(
    meeting: Meeting, *, actor: User, text: str, client_key: UUID, item: AgendaItem | None = None
) -> Correction:
    """Put something right: a sentence beside what stands there, which itself stays as it was.

    The same ``client_key`` again is the same sentence.
    """
    meeting = lock_meeting(meeting)
    if not may_correct(actor, meeting) or (item and not may_read(actor, item)):
        raise PermissionDenied
    known = Correction.objects.filter(client_key=client_key, author=actor).first()
    if known:
        return known
    if not text.strip():
        raise DomainError(_("There is no text yet. Write what is not right, and how it was."))
    row = Correction.objects.create(
        meeting=meeting, item=item, text=text.strip(), author=actor, client_key=client_key
    )
    announce(meeting, actor=actor, kind=EventKind.CORRECTED, region=Region.ROOM)
    record_event(actor, "corrected", meeting, school=meeting.team.school)
    return row


@transaction.atomic
def correct_people(meeting: Meeting, *, actor: User, marks: dict[str, str]) -> int:
    """Set who was there (public id of staff → mark) while the minutes are a draft; how many changed."""
    meeting = _closed(meeting, actor)
    if meeting.approved_at:
        raise DomainError(_("These minutes are approved. Withdraw the approval first."))
    here, away = people_at(meeting)
    count = 0
    for person in (*here, *away):
        mark = marks.get(str(person.staff.uuid), person.mark)
        if mark not in Attendance.Mark.values:
            raise DomainError(_("Choose how each took part."))
        if mark != person.mark:
            Attendance.objects.update_or_create(
                meeting=meeting, staff=person.staff, defaults={"mark": mark, "marked_at": clock.now()}
            )
            count += 1
    if count:
        announce(meeting, actor=actor, kind=EventKind.ATTENDANCE, region=Region.PEOPLE)
        record_event(actor, "attendance-corrected", meeting, school=meeting.team.school, people=count)
    return count


def _closed(meeting: Meeting, actor: User) -> Meeting:
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state != Meeting.State.CLOSED:
        raise DomainError(_("Only the minutes of a closed meeting can be approved."))
    return meeting


def send_minutes(meeting: Meeting) -> int:
    """What was decided and promised, to everybody who takes part, those who were absent too; without students."""
    people, told = calendar_recipients(meeting), redactor_for(meeting.team.school)
    for staff in people:
        with translation.override(language_of(staff.user, meeting.team.school)):
            queue_mail(
                staff.user,
                kind=Mail.Kind.MINUTES,
                subject=_("Minutes: %(team)s, %(day)s") % team_and_day(meeting),
                text=_minutes_text(meeting, staff.user, told),
                dedupe_key=f"minutes:{meeting.uuid}:{meeting.approved_at}:{staff.user_id}",
            )
    return len(people)


def _minutes_text(meeting: Meeting, user: User, told: Callable[[str], str]) -> str:
    """How much was decided, one's own promises by their day, and where to read the rest."""
    items = items_visible_to(user).filter(meeting=meeting)
    own = Action.objects.open().filter(item__in=items, owner__user=user)
    decided = Decision.objects.filter(item__in=items).count()
    promised = Action.objects.filter(item__in=items).count()
    lines = [
        when_and_where(meeting, told),
        "",
        _("Decided: %(decided)s. Promised: %(promised)s.") % {"decided": decided, "promised": promised},
        *(
            _("You have taken something on until %(day)s.") % {"day": date_format(action.due_on, "D j M")}
            for action in own
        ),
    ]
    return "\n".join([*lines, "", meeting_address(meeting)])
