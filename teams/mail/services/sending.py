"""Send waiting emails from a worker, each by one worker at a time, and keep or give up those that fail."""

from __future__ import annotations

import datetime as dt
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from teams.directory.models import Staff
from teams.lib import clock
from teams.lib.site import site_host
from teams.mail.models import Mail
from teams.mail.queries import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.mail.backends.base import BaseEmailBackend

    from teams.directory.models import User

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
CLAIMED_FOR = dt.timedelta(
    minutes=5
)  # longer than sending one email can take: settings.EMAIL_TIMEOUT per step
WAIT = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
KEPT_WITHOUT_SERVER = dt.timedelta(days=3)
SECRET_KEPT_WITHOUT_SERVER = dt.timedelta(days=1)
AT_ONCE = 200


def send_waiting(now: dt.datetime | None = None) -> int:
    """Send the emails that are due, one by one. Returns the number sent.

    A rejected email does not stop the others. While the mail server is down, emails wait, and no attempt is
    counted.
    """
    due = Mail.objects.waiting().filter(send_after__lte=now or clock.now())
    waiting = list(due.values_list("pk", flat=True)[:AT_ONCE])
    if not waiting:
        return 0
    connection, sent = get_connection(), 0
    for pk, moment in zip(waiting, _times(now), strict=False):
        if not _connect(connection, waiting, moment):
            break
        mail = _claim(pk, moment)
        sent += bool(mail and _send(mail, connection))
    _disconnect(connection)
    return sent


def _times(now: dt.datetime | None) -> Iterator[dt.datetime]:
    """Yield the time at each email, counted from ``now`` (default: the clock), since a claim starts when it is made."""
    begin, begun = now or clock.now(), time.monotonic()
    while True:
        yield begin + dt.timedelta(seconds=time.monotonic() - begun)


def _claim(pk: int, now: dt.datetime) -> Mail | None:
    """Claim an email by compare-and-set on its send time. None if another worker has it or it is given up."""
    taken = Mail.objects.waiting().filter(pk=pk, send_after__lte=now)
    if not taken.update(send_after=now + CLAIMED_FOR, attempts=F("attempts") + 1):
        return None
    mail = Mail.objects.select_related("to").get(pk=pk)
    if mail.attempts > MOST_ATTEMPTS:
        why = _("Every attempt ended before the email was sent.")
    elif mail.kind != Mail.Kind.ACCOUNT and not _works_here(mail.to):
        why = _("The recipient no longer works here.")
    else:
        return mail
    _finish([pk], given_up_at=now, error=why)
    return None


def _works_here(user: User | None) -> bool:
    return bool(user and user.is_active and Staff.objects.active().filter(user=user).exists())


@transaction.atomic
def _finish(pks: list[int], **fields: object) -> None:
    """Store that emails were sent or given up. Secret texts, and emails to people without an account, are deleted."""
    rows = Mail.objects.filter(pk__in=pks)
    rows.filter(to=None).delete()
    rows.filter(is_secret=True).update(text="")
    rows.update(**fields)


def _send(mail: Mail, connection: BaseEmailBackend) -> bool:
    try:
        _message(mail, connection).send()
    except Exception as error:  # one broken email must not stop the next
        _failed(mail, error)
        _disconnect(connection)
        return False
    _finish([mail.pk], sent_at=clock.now(), error="")
    return True


def _failed(mail: Mail, error: Exception) -> None:
    logger.warning("Mail %s was not taken (attempt %s): %s", mail.uuid, mail.attempts, error)
    if mail.attempts >= MOST_ATTEMPTS:
        _finish([mail.pk], error=_text_of(error), given_up_at=clock.now())
        return
    send_after = clock.now() + WAIT[min(mail.attempts, len(WAIT)) - 1]
    Mail.objects.filter(pk=mail.pk).update(error=_text_of(error), send_after=send_after)


def _connect(connection: BaseEmailBackend, waiting: list[int], now: dt.datetime) -> bool:
    """Connect to the mail server unless connected. On failure, store the error on waiting emails and return False."""
    try:
        connection.open()
    except Exception as error:  # backends raise different errors; the next sweep tries again
        logger.warning("%s emails wait: the mail server does not answer (%s).", len(waiting), error)
        rows = Mail.objects.waiting().filter(pk__in=waiting, send_after__lte=now)
        late = Q(created_at__lt=now - KEPT_WITHOUT_SERVER)
        late |= Q(is_secret=True, created_at__lt=now - SECRET_KEPT_WITHOUT_SERVER)
        _finish(list(rows.filter(late).values_list("pk", flat=True)), error=_text_of(error), given_up_at=now)
        rows.update(error=_text_of(error))
        return False
    return True


def _text_of(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:300]


def _disconnect(connection: BaseEmailBackend) -> None:
    with suppress(Exception):
        connection.close()


def _message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    text = mail.text
    headers = {"Message-ID": f"<{mail.uuid}@{site_host()}>", "Auto-Submitted": "auto-generated"}
    if mail.to and mail.kind != Mail.Kind.ACCOUNT:
        choices = settings.SITE_URL + reverse("teams:mail-preferences")
        headers["List-Unsubscribe"] = f"<{choices}>"
        with translation.override(language_of(mail.to)):
            text += "\n\n-- \n" + _("Choose which emails you get, and when: %(address)s") % {
                "address": choices
            }
    to = mail.address or (mail.to.email if mail.to else "")
    message = EmailMultiAlternatives(
        mail.subject, f"{text}\n", to=[to], connection=connection, headers=headers
    )
    if mail.calendar:
        message.attach_alternative(mail.calendar, f"text/calendar; method={mail.calendar_method}")
        message.attach("invite.ics", mail.calendar.encode(), "application/ics")
    if mail.file:
        message.attach(mail.file_name, bytes(mail.file))
    return message
