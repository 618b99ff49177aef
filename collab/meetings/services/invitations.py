"""Calendar invitations, updates and cancellations by email."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from collab.meetings.icalendar import calendar_of
from collab.meetings.models import Meeting
from collab.meetings.queries.calendar_entries import calendar_recipients, entry_of, redactor_for
from collab.meetings.services.locking import lock_meeting
from teams.directory.models import Staff
from teams.jobs.services.batches import run_each
from teams.lib import clock, formats
from teams.mail.models import Mail
from teams.mail.queries import language_of
from teams.mail.services.outbox import after_quiet_hours, queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from teams.directory.models import User


AHEAD = dt.timedelta(days=14)  # meetings of a series are invited to two weeks ahead, not thirty at once


IN_TIME = dt.timedelta(hours=1)


def send_invitations(meeting: Meeting) -> int:
    """Invite participants who want invitations; cancel for people who no longer take part.

    The same calendar sequence is sent to a person only once. Returns the number of emails.
    """
    people = calendar_recipients(meeting)
    left = {staff.user_id for staff in people}
    invited = _earlier(meeting).keys() - left
    gone = Staff.objects.filter(user__in=invited, school=meeting.team.school).select_related("user", "school")
    return _invite(meeting, people, method="REQUEST") + _invite(meeting, list(gone), method="CANCEL")


def send_cancellation(meeting: Meeting, *, to: Iterable[Staff] | None = None) -> int:
    """Remove a meeting from the calendars of ``to``, or of everybody invited. Returns the number of emails."""
    if to is None:
        rows = Staff.objects.filter(user__in=_earlier(meeting).keys(), school=meeting.team.school)
        to = rows.select_related("user", "school").order_by("pk")
    if meeting.state == Meeting.State.CANCELLED:
        Mail.objects.waiting().filter(
            dedupe_key__startswith=f"agenda:{meeting.uuid}:", attempts=0, send_after__gt=clock.now()
        ).delete()
    return _invite(meeting, list(to), method="CANCEL")


def invite_coming(now: dt.datetime | None = None) -> int:
    """Send invitations for meetings of the next two weeks. Returns the number of emails."""
    now = now or clock.now()
    coming = Meeting.objects.filter(state=Meeting.State.PLANNED, starts_at__range=(now, now + AHEAD))
    rows = coming.select_related("team__school")
    return run_each("collab.invite_coming", rows, _invite_if_planned, about=lambda meeting: meeting.team)


def _invite_if_planned(meeting: Meeting) -> int:
    meeting = lock_meeting(meeting)  # somebody may be moving or cancelling it right now
    return send_invitations(meeting) if meeting.state == Meeting.State.PLANNED else 0


def _invite(meeting: Meeting, people: list[Staff], *, method: str) -> int:
    """Queue an email for each person whose calendar is not up to date."""
    sent, earlier, redact = 0, _earlier(meeting), redactor_for(meeting.team.school)
    for staff in people:
        emails = earlier.get(staff.user_id, [])
        pending = [mail for mail in emails if _is_pending(mail)]
        sent_before = [mail for mail in emails if not _is_pending(mail)]
        last = sent_before[-1] if sent_before else None
        invited = last is not None and last.calendar_method == "REQUEST"
        word = "invite" if method == "REQUEST" else "cancel"
        key = f"{word}:{meeting.uuid}:{meeting.calendar_sequence}:{staff.user_id}"
        if last is not None and invited == (method == "CANCEL"):
            key += f":{last.pk}"  # removed, invited again, removed again
        # drop pending emails that this one replaces, such as an invitation after a cancellation
        Mail.objects.filter(pk__in=[mail.pk for mail in pending if mail.dedupe_key != key]).delete()
        if any(mail.dedupe_key == key for mail in emails):
            continue
        if not (invited if method == "CANCEL" else staff.user.wants_invitations):
            continue
        with translation.override(language_of(staff.user, meeting.team.school)):
            entry = entry_of(meeting, redact=redact, attendees=people)
            # a person removed and invited again needs a higher sequence each time; others have the meeting's
            turns = 2 * sum(mail.calendar_method == "CANCEL" for mail in sent_before)
            if method == "CANCEL":  # also when only this person is removed
                turns += not entry.is_cancelled
                entry = replace(entry, is_cancelled=True)
            entry = replace(entry, sequence=entry.sequence + turns)
            mail = queue_mail(
                staff.user,
                school=meeting.team.school,
                kind=Mail.Kind.INVITATION,
                subject=_subject(meeting, method, is_known=invited),
                text=f"{when_and_where(meeting, redact)}\n\n{meeting_address(meeting)}",
                dedupe_key=key,
                calendar=calendar_of([entry], zone=meeting.team.school.tz, method=method),
                method=method,
                urgent=would_be_late(staff.user, meeting),
            )
        sent += mail is not None
    return sent


def _earlier(meeting: Meeting) -> dict[int | None, list[Mail]]:
    """Earlier invitations and cancellations of ``meeting``, by recipient, oldest first."""
    of_meeting = Q(dedupe_key__startswith=f"invite:{meeting.uuid}:") | Q(
        dedupe_key__startswith=f"cancel:{meeting.uuid}:"
    )
    emails = dict[int | None, list[Mail]]()
    for mail in Mail.objects.filter(of_meeting).defer("text", "calendar", "file").order_by("pk"):
        emails.setdefault(mail.to_id, []).append(mail)
    return emails


def would_be_late(user: User, meeting: Meeting) -> bool:
    """Whether waiting for the end of quiet hours leaves less than an hour before the meeting."""
    return after_quiet_hours(user, clock.now()) > meeting.starts_at - IN_TIME


def _is_pending(mail: Mail) -> bool:
    """Whether it is scheduled for later and no worker has tried to send it."""
    return mail.sent_at is None and mail.attempts == 0 and mail.send_after > clock.now()


def _subject(meeting: Meeting, method: str, *, is_known: bool) -> str:
    if method == "CANCEL":
        return _("Canceled: %(team)s, %(day)s") % team_and_day(meeting)
    if is_known:
        return _("Changed: %(team)s, %(day)s") % team_and_day(meeting)
    return _("Invitation: %(team)s, %(day)s") % team_and_day(meeting)


def team_and_day(meeting: Meeting) -> dict[str, str]:
    """The team's name, and the meeting's day and time, for sentences in emails."""
    day = formats.moment(meeting.starts_at, tz=meeting.team.school.tz)
    return {"team": str(meeting.team), "day": day}


def when_and_where(meeting: Meeting, redact: Callable[[str], str]) -> str:
    """One line with team, day, time and place. The place passes through ``redact``."""
    words, place = team_and_day(meeting), redact(meeting.place)
    return f"{words['team']}, {words['day']}" + (f", {place}" if place else "")


def meeting_address(meeting: Meeting) -> str:
    """The URL of the meeting's page, for emails."""
    return settings.SITE_URL + meeting.get_absolute_url()
