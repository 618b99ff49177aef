"""Invitations, changes and cancellations by mail; the agenda a day before; the minutes after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collab.meetings.icalendar import calendar_of
from collab.meetings.models import Meeting
from collab.meetings.queries.calendar_entries import calendar_recipients, entry_of, unnamed
from collab.meetings.services.locking import lock_meeting
from teams.directory.models import Staff
from teams.jobs.services.batches import run_each
from teams.lib import clock
from teams.mail.models import Mail
from teams.mail.queries import language_of
from teams.mail.services import after_quiet_hours, queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from teams.directory.models import User


AHEAD = dt.timedelta(
    days=14
)  # a series is invited to two weeks before each meeting, not thirty times at once


IN_TIME = dt.timedelta(hours=1)


def send_invitations(meeting: Meeting) -> int:
    """Invite everybody who takes part and wants invitations; take it from whoever takes part no more.

    The same sequence twice is one letter.
    """
    people = calendar_recipients(meeting)
    left = {staff.user_id for staff in people}
    invited = _earlier(meeting).keys() - left
    gone = Staff.objects.filter(user__in=invited, school=meeting.team.school).select_related("user", "school")
    return _invite(meeting, people, method="REQUEST") + _invite(meeting, list(gone), method="CANCEL")


def send_cancellation(meeting: Meeting, *, to: Iterable[Staff] | None = None) -> int:
    """Take a meeting out of the calendars of ``to``, or of everybody who was invited."""
    if to is None:
        rows = Staff.objects.filter(user__in=_earlier(meeting).keys(), school=meeting.team.school)
        to = rows.select_related("user", "school").order_by("pk")
    if meeting.state == Meeting.State.CANCELLED:
        Mail.objects.waiting().filter(
            dedupe_key__startswith=f"agenda:{meeting.uuid}:", attempts=0, send_after__gt=clock.now()
        ).delete()
    return _invite(meeting, list(to), method="CANCEL")


def invite_coming(now: dt.datetime | None = None) -> int:
    """Invite to the meetings of the next two weeks that nobody was invited to yet."""
    now = now or clock.now()
    coming = Meeting.objects.filter(state=Meeting.State.PLANNED, starts_at__range=(now, now + AHEAD))
    rows = coming.select_related("team__school")
    return run_each("collab.invite_coming", rows, _invite_if_planned, about=lambda meeting: meeting.team)


def _invite_if_planned(meeting: Meeting) -> int:
    meeting = lock_meeting(meeting)  # somebody may be moving it, or calling it off, at this moment
    return send_invitations(meeting) if meeting.state == Meeting.State.PLANNED else 0


def _invite(meeting: Meeting, people: list[Staff], *, method: str) -> int:
    """Write to each of ``people`` what their calendar does not know yet; to whom there is nothing to say, nothing."""
    sent, earlier, told = 0, _earlier(meeting), unnamed(meeting.team.school)
    for staff in people:
        letters = earlier.get(staff.user_id, [])
        overtaken = [mail for mail in letters if _waits(mail)]
        read = [mail for mail in letters if not _waits(mail)]
        last = read[-1] if read else None
        invited = last is not None and last.calendar_method == "REQUEST"
        word = "invite" if method == "REQUEST" else "cancel"
        key = f"{word}:{meeting.uuid}:{meeting.calendar_sequence}:{staff.user_id}"
        if last is not None and invited == (method == "CANCEL"):
            key += f":{last.pk}"  # taken back, invited again, taken back again
        # what nobody has read yet is not sent beside what replaces it: an invitation after "called off"
        Mail.objects.filter(pk__in=[mail.pk for mail in overtaken if mail.dedupe_key != key]).delete()
        if any(mail.dedupe_key == key for mail in letters):
            continue
        if not (invited if method == "CANCEL" else staff.user.wants_invitations):
            continue
        with translation.override(language_of(staff.user, meeting.team.school)):
            entry = entry_of(meeting, told=told, attendees=people)
            # who was taken out and is asked again has a later entry each time; others have the meeting's
            turns = 2 * sum(mail.calendar_method == "CANCEL" for mail in read)
            if method == "CANCEL":  # also for the one who is taken out of a meeting that takes place
                turns += not entry.is_cancelled
                entry = replace(entry, is_cancelled=True)
            entry = replace(entry, sequence=entry.sequence + turns)
            queue_mail(
                staff.user,
                kind=Mail.Kind.INVITATION,
                subject=_subject(meeting, method, is_known=invited),
                text=f"{when_and_where(meeting, told)}\n\n{meeting_address(meeting)}",
                dedupe_key=key,
                calendar=calendar_of([entry], zone=meeting.team.school.tz, method=method),
                method=method,
                urgent=would_be_late(staff.user, meeting),
            )
        sent += 1
    return sent


def _earlier(meeting: Meeting) -> dict[int, list[Mail]]:
    """Invitations to ``meeting`` and cancellations of it, by reader, oldest first."""
    of_meeting = Q(dedupe_key__startswith=f"invite:{meeting.uuid}:") | Q(
        dedupe_key__startswith=f"cancel:{meeting.uuid}:"
    )
    letters = dict[int, list[Mail]]()
    for mail in Mail.objects.filter(of_meeting).defer("text", "calendar", "file").order_by("pk"):
        letters.setdefault(mail.to_id, []).append(mail)
    return letters


def would_be_late(user: User, meeting: Meeting) -> bool:
    """Whether the end of the reader's quiet hours leaves less than an hour before the meeting."""
    return after_quiet_hours(user, clock.now()) > meeting.starts_at - IN_TIME


def _waits(mail: Mail) -> bool:
    """Whether no worker has touched it and none may yet."""
    return mail.sent_at is None and mail.attempts == 0 and mail.send_after > clock.now()


def _subject(meeting: Meeting, method: str, *, is_known: bool) -> str:
    if method == "CANCEL":
        return _("Called off: %(team)s, %(day)s") % team_and_day(meeting)
    if is_known:
        return _("Changed: %(team)s, %(day)s") % team_and_day(meeting)
    return _("Invitation: %(team)s, %(day)s") % team_and_day(meeting)


def team_and_day(meeting: Meeting) -> dict[str, str]:
    """The team's name and the day and time, as sentences of emails name them."""
    starts = meeting.starts_at.astimezone(meeting.team.school.tz)
    return {"team": str(meeting.team), "day": date_format(starts, "D j M, H:i")}


def when_and_where(meeting: Meeting, told: Callable[[str], str]) -> str:
    """One line: team, day and time, and the place as ``told`` lets it be said."""
    words, place = team_and_day(meeting), told(meeting.place)
    return f"{words['team']}, {words['day']}" + (f", {place}" if place else "")


def meeting_address(meeting: Meeting) -> str:
    """The address of the meeting's page, for emails."""
    return settings.SITE_URL + meeting.get_absolute_url()
