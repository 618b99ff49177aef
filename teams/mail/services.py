"""The outbox: a letter is written with the change it tells of and sent by a worker after the commit.

A worker takes a letter by moving its time into the future (compare-and-set), so two workers never send the
same one; when the worker dies, the letter's time comes again. Only one that dies between the mail server's
yes and the note of it sends a letter twice, with the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.directory.models import Staff
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.queue import enqueue
from teams.lib.site import site_host
from teams.mail.models import Mail
from teams.mail.queries import language_of, school_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.mail.backends.base import BaseEmailBackend

    from teams.directory.models import School, User

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
CLAIMED_FOR = dt.timedelta(minutes=5)  # longer than one letter can take: settings.EMAIL_TIMEOUT a step
WAIT = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
KEPT_WITHOUT_SERVER = dt.timedelta(days=3)
AT_ONCE = 200


def queue_mail(
    to: User,
    *,
    kind: str,
    subject: str,
    text: str,
    dedupe_key: str,
    calendar: str = "",
    method: str = "",
    file: bytes | None = None,
    file_name: str = "",
    urgent: bool = False,
) -> Mail | None:
    """Write a letter to ``to``; the same ``dedupe_key`` again is the same letter. None where they have left.

    It waits for the end of the reader's quiet hours, unless ``urgent``. Letters carry no student's name.
    ``calendar`` is an iCalendar text with its ``method`` (REQUEST, CANCEL).
    """
    if not to.is_active:
        return None
    now = clock.now()
    mail, is_new = Mail.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "to": to,
            "kind": kind,
            "subject": " ".join(subject.split())[:200],
            "text": text,
            "calendar": calendar,
            "calendar_method": method,
            "file": file,
            "file_name": file_name,
            "send_after": now if urgent else after_quiet_hours(to, now),
        },
    )
    if is_new and mail.send_after <= now:
        _wake_on_commit()
    return mail


def after_quiet_hours(user: User, now: dt.datetime) -> dt.datetime:
    """``now``, or the end of the quiet hours it falls into, on the clock of the user's school.

    The same time twice means no quiet hours.
    """
    school = school_of(user)
    local = now.astimezone(school.tz if school else timezone.get_default_timezone())
    start, end, at = user.quiet_from, user.quiet_until, local.time()
    is_quiet = start <= at < end if start <= end else at >= start or at < end
    if not is_quiet:
        return now
    day = local.date() + dt.timedelta(days=1 if at >= end else 0)
    return dt.datetime.combine(day, end, tzinfo=local.tzinfo)


def choose_mail(
    user: User, *, wants_invitations: bool, wants_digest: bool, quiet_from: dt.time, quiet_until: dt.time
) -> None:
    """Keep which mail ``user`` wants, and when none. Letters that wait already keep their time."""
    user.wants_invitations, user.wants_digest = wants_invitations, wants_digest
    user.quiet_from, user.quiet_until = quiet_from, quiet_until
    user.save(update_fields=["wants_invitations", "wants_digest", "quiet_from", "quiet_until"])


def send_waiting(now: dt.datetime | None = None) -> int:
    """Send what is due, one letter after the other; how many went out.

    A letter that is refused does not stop the others. Without a mail server nothing is tried: letters wait
    for it, and no attempt is counted.
    """
    due = Mail.objects.waiting().filter(send_after__lte=now or clock.now())
    waiting = list(due.values_list("pk", flat=True)[:AT_ONCE])
    if not waiting:
        return 0
    connection, sent = get_connection(), 0
    for pk, moment in zip(waiting, _moments(now), strict=False):
        if not _reach(connection, waiting, moment):
            break
        mail = _claim(pk, moment)
        sent += bool(mail and _send(mail, connection))
    _hang_up(connection)
    return sent


def try_again(mail: Mail, *, actor: User, school: School) -> Mail:
    """Send a letter that was given up, or waits after a failure, once more; now."""
    require_ability(actor, "see_jobs", school)
    fields = {"given_up_at": None, "attempts": 0, "error": "", "send_after": clock.now()}
    if not Mail.objects.filter(pk=mail.pk, sent_at=None).update(**fields):
        raise DomainError(_("That email was sent in the meantime."))
    _wake_on_commit()
    mail.refresh_from_db(fields=list(fields))
    return mail


def _wake_on_commit() -> None:
    """Ask once a transaction, however many letters it writes: without a broker each asking costs time."""
    asked = transaction.get_connection().run_on_commit
    if not any(function is _wake_worker for _savepoints, function, *_rest in asked):
        transaction.on_commit(_wake_worker)


def _wake_worker() -> None:
    """Ask for the mail to be sent now; without a broker the minute's sweep sends it."""
    enqueue("teams.send_mail", 0)


def _moments(now: dt.datetime | None) -> Iterator[dt.datetime]:
    """The time at each letter: a claim counts from when it is made, however long the letters before took."""
    begin, begun = now or clock.now(), time.monotonic()
    while True:
        yield begin + dt.timedelta(seconds=time.monotonic() - begun)


def _claim(pk: int, now: dt.datetime) -> Mail | None:
    """Take a letter for oneself by moving its time: whoever moves it first sends it."""
    taken = Mail.objects.waiting().filter(pk=pk, send_after__lte=now)
    if not taken.update(send_after=now + CLAIMED_FOR, attempts=F("attempts") + 1):
        return None
    mail = Mail.objects.select_related("to").get(pk=pk)
    if mail.attempts > MOST_ATTEMPTS:
        why = _("Every attempt ended before the email was sent.")
    elif not mail.to.is_active or not Staff.objects.active().filter(user=mail.to).exists():
        why = _("The recipient no longer works here.")
    else:
        return mail
    Mail.objects.filter(pk=pk).update(given_up_at=now, error=why)
    return None


def _send(mail: Mail, connection: BaseEmailBackend) -> bool:
    try:
        _message(mail, connection).send()
    except Exception as error:  # whatever is wrong with this letter, the next one is another
        _failed(mail, error)
        _hang_up(connection)
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=clock.now(), error="")
    return True


def _failed(mail: Mail, error: Exception) -> None:
    logger.warning("Mail %s was not taken (attempt %s): %s", mail.uuid, mail.attempts, error)
    fields = {"error": _said(error), "send_after": clock.now() + WAIT[min(mail.attempts, len(WAIT)) - 1]}
    if mail.attempts >= MOST_ATTEMPTS:
        fields["given_up_at"] = clock.now()
    Mail.objects.filter(pk=mail.pk).update(**fields)


def _reach(connection: BaseEmailBackend, waiting: list[int], now: dt.datetime) -> bool:
    """Open the line to the mail server, if it is not open; where there is none, say on the letters why they wait."""
    try:
        connection.open()
    except Exception as error:  # every backend has its own; the next sweep tries again
        logger.warning("%s letters wait: the mail server does not answer (%s).", len(waiting), error)
        rows = Mail.objects.waiting().filter(pk__in=waiting, send_after__lte=now)
        rows.filter(created_at__lt=now - KEPT_WITHOUT_SERVER).update(error=_said(error), given_up_at=now)
        rows.update(error=_said(error))
        return False
    return True


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:300]


def _hang_up(connection: BaseEmailBackend) -> None:
    with suppress(Exception):
        connection.close()


def _message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    address = settings.SITE_URL + reverse("teams:mail-preferences")
    with translation.override(language_of(mail.to)):
        foot = _("Choose which emails you get, and when: %(address)s") % {"address": address}
    message = EmailMultiAlternatives(
        mail.subject,
        f"{mail.text}\n\n-- \n{foot}\n",
        to=[mail.to.email],
        connection=connection,
        headers={
            "Message-ID": f"<{mail.uuid}@{site_host()}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{address}>",
        },
    )
    if mail.calendar:
        message.attach_alternative(mail.calendar, f"text/calendar; method={mail.calendar_method}")
        message.attach("invite.ics", mail.calendar.encode(), "application/ics")
    if mail.file:
        message.attach(mail.file_name, bytes(mail.file))
    return message
