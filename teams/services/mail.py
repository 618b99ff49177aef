"""The outbox: letters are rows of the transaction that causes them, and a worker sends them afterwards.

A letter that was written is sent once as far as SMTP lets anybody know: it is claimed before it is handed
over, so that two workers never send it both; a worker killed in between leaves it claimed, and it is tried
again after a while. Its Message-ID stays the same, so that a mail program can show a repeat as one.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from teams.lib.jobs import enqueue
from teams.models import Mail, School, Staff, User
from teams.permissions import can

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
CLAIMED_FOR = dt.timedelta(minutes=5)
WAIT = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
AT_ONCE = 200


def post(
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
) -> Mail:
    """Write a letter to ``to``; the same ``dedupe_key`` again is the same letter.

    It waits for the end of the reader's quiet hours, unless ``urgent``. Letters carry no student's name.
    """
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
            "send_after": timezone.now() if urgent else after_quiet_hours(to, timezone.now()),
        },
    )
    if is_new:
        transaction.on_commit(_wake_worker)
    return mail


def after_quiet_hours(user: User, now: dt.datetime) -> dt.datetime:
    """``now``, or the end of the quiet hours it falls into, on the clock of the user's school."""
    school = School.objects.filter(pk__in=Staff.objects.active().filter(user=user).values("school")).first()
    local = now.astimezone(school.tz if school else timezone.get_default_timezone())
    start, end, clock = user.quiet_from, user.quiet_until, local.time()
    is_quiet = start <= clock < end if start <= end else clock >= start or clock < end
    if not is_quiet:
        return now
    day = local.date() + dt.timedelta(days=1 if clock >= end else 0)
    return dt.datetime.combine(day, end, tzinfo=local.tzinfo)


def send_waiting(now: dt.datetime | None = None) -> int:
    """Send what is due, one letter after the other; how many went out. One that is refused does not stop the rest."""
    now = now or timezone.now()
    due = list(Mail.objects.waiting().filter(send_after__lte=now).values_list("pk", flat=True)[:AT_ONCE])
    sent = 0
    connection = get_connection() if due else None
    for pk in due:
        mail = _claim(pk, now)
        if mail and connection:
            sent += _send(mail, connection)
    return sent


def try_again(mail: Mail, *, actor: User, school: School) -> Mail:
    """Send a letter that was given up once more."""
    if not can(actor, "see_jobs", school):
        raise PermissionDenied
    mail.given_up_at, mail.attempts, mail.error, mail.send_after = None, 0, "", timezone.now()
    mail.save(update_fields=["given_up_at", "attempts", "error", "send_after"])
    transaction.on_commit(_wake_worker)
    return mail


def _wake_worker() -> None:
    """Ask for the mail to be sent now; without a broker the minute's sweep sends it."""
    enqueue("teams.send_mail", 0)


def _claim(pk: int, now: dt.datetime) -> Mail | None:
    """Take a letter for oneself by moving its time: whoever moves it first sends it."""
    with transaction.atomic():
        taken = Mail.objects.waiting().filter(pk=pk, send_after__lte=now)
        if not taken.update(send_after=now + CLAIMED_FOR, attempts=F("attempts") + 1):
            return None
    return Mail.objects.select_related("to").get(pk=pk)


def _send(mail: Mail, connection: BaseEmailBackend) -> bool:
    try:
        _message(mail, connection).send()
    except (OSError, smtplib.SMTPException) as error:
        _failed(mail, error)
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), error="")
    return True


def _failed(mail: Mail, error: Exception) -> None:
    logger.warning("Mail %s was not taken: %s", mail.uuid, error)
    fields = {
        "error": str(error)[:300],
        "send_after": timezone.now() + WAIT[min(mail.attempts, len(WAIT)) - 1],
    }
    if mail.attempts >= MOST_ATTEMPTS:
        fields["given_up_at"] = timezone.now()
    Mail.objects.filter(pk=mail.pk).update(**fields)


def _message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    with translation.override(mail.to.language or settings.LANGUAGE_CODE):
        foot = _("You choose which mail you get, and when: %(address)s") % {
            "address": settings.SITE_URL + reverse("teams:mail-preferences")
        }
    host = settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0]
    message = EmailMultiAlternatives(
        mail.subject,
        f"{mail.text}\n\n-- \n{foot}\n",
        to=[mail.to.email],
        connection=connection,
        headers={"Message-ID": f"<{mail.uuid}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    if mail.calendar:
        message.attach_alternative(mail.calendar, f"text/calendar; method={mail.calendar_method}")
        message.attach("invite.ics", mail.calendar, "application/ics")
    if mail.file:
        message.attach(mail.file_name, bytes(mail.file))
    return message
