"""Approve, withdraw, correct and email minutes.

Minutes are a draft until approved. Corrections are added beside the text; nothing is rewritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Visibility
from collab.agendas.permissions import items_visible_to, may_read
from collab.agendas.queries.subjects import is_about_student
from collab.decisions.models import Decision
from collab.meetings.models import Attendance, EventKind, Meeting, Region
from collab.meetings.permissions import may_plan_for, may_run
from collab.meetings.queries.calendar_entries import mail_recipients, redactor_for
from collab.meetings.services.invitations import meeting_address, team_and_day, when_and_where
from collab.meetings.services.locking import announce, lock_meeting
from collab.minutes.models import Correction
from collab.minutes.queries.minutes import may_correct
from collab.minutes.queries.people import people_at
from teams.audit.services import record_event
from teams.lib import clock, formats
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.mail.queries import language_of
from teams.mail.services.outbox import queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from teams.directory.models import User


@transaction.atomic
def approve_minutes(meeting: Meeting, *, actor: User) -> Meeting:
    """Approve the minutes and email them. Idempotent."""
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
    """Withdraw the approval; the minutes become a draft again."""
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
    """Add a correction. The same ``client_key`` again returns the same correction."""
    meeting = lock_meeting(meeting)
    if not may_correct(actor, meeting) or (item and not may_read(actor, item)):
        raise PermissionDenied
    known = Correction.objects.filter(client_key=client_key, author=actor).first()
    if known:
        return known
    if not text.strip():
        raise DomainError(_("Write what is wrong and what is correct."))
    row = Correction.objects.create(
        meeting=meeting, item=item, text=text.strip(), author=actor, client_key=client_key
    )
    announce(meeting, actor=actor, kind=EventKind.CORRECTED, region=Region.ROOM)
    record_event(actor, "corrected", meeting, school=meeting.team.school)
    return row


@transaction.atomic
def open_item_to_staff(item: AgendaItem, *, actor: User, is_open: bool) -> AgendaItem:
    """Let all staff read an item of a closed meeting, or only the team again. Leads decide; it is recorded.

    Raises DomainError for an item about a student or for named people.
    """
    meeting = _closed(item.agenda_meeting, actor)
    item = AgendaItem.objects.select_related("topic").get(pk=item.pk)
    if not may_plan_for(actor, meeting.team) or not may_read(actor, item):
        raise PermissionDenied
    if item.visibility == Visibility.RESTRICTED or is_about_student(item):
        raise DomainError(_("An item about a student or for named people can’t be open to all staff."))
    wanted = Visibility.STAFF if is_open else Visibility.TEAM
    if item.visibility != wanted:
        item.visibility = wanted
        item.version += 1
        item.save(update_fields=["visibility", "version"])
        announce(meeting, actor=actor, kind=EventKind.ITEM_EDITED, region=Region.ROOM)
        verb = "opened-to-staff" if is_open else "closed-to-staff"
        record_event(actor, verb, meeting, school=meeting.team.school, item=str(item.uuid))
    return item


@transaction.atomic
def correct_people(meeting: Meeting, *, actor: User, marks: dict[str, str]) -> int:
    """Set attendance marks (staff uuid → mark) while the minutes are a draft. Returns the number changed."""
    meeting = _closed(meeting, actor)
    if meeting.approved_at:
        raise DomainError(_("These minutes are approved. Withdraw the approval first."))
    here, away = people_at(meeting)
    count = 0
    for person in (*here, *away):
        mark = marks.get(str(person.staff.uuid), person.mark)
        if mark not in Attendance.Mark.values:
            raise DomainError(_("Choose how each person took part."))
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
    """Email the minutes, without students' names, to all members and guests who get emails. Returns the number of emails."""
    people, redact = mail_recipients(meeting), redactor_for(meeting.team.school)
    for staff in people:
        with translation.override(language_of(staff.user, meeting.team.school)):
            queue_mail(
                staff.user,
                school=meeting.team.school,
                kind=Mail.Kind.MINUTES,
                subject=_("Minutes: %(team)s, %(day)s") % team_and_day(meeting),
                text=_minutes_text(meeting, staff.user, redact),
                dedupe_key=f"minutes:{meeting.uuid}:{meeting.approved_at}:{staff.user_id}",
            )
    return len(people)


def _minutes_text(meeting: Meeting, user: User, redact: Callable[[str], str]) -> str:
    """Number of decisions, the reader's own action items with due dates, and a link."""
    items = items_visible_to(user).filter(meeting=meeting)
    own = Action.objects.open().filter(item__in=items, owner__user=user)
    decided = Decision.objects.filter(item__in=items).count()
    action_count = Action.objects.filter(item__in=items).count()
    lines = [
        when_and_where(meeting, redact),
        "",
        _("Decisions: %(decided)s. Action items: %(promised)s.")
        % {"decided": decided, "promised": action_count},
        *(_("You have an action item due %(day)s.") % {"day": formats.day(action.due_on)} for action in own),
    ]
    return "\n".join([*lines, "", meeting_address(meeting)])
