"""The outbox: emails are stored in the transaction they report and sent by a worker after its commit.

A worker claims an email by moving its send time into the future (compare-and-set), so that no two workers send
the same one. If the worker dies, the email is due again after the claim. It is sent twice, with the same
Message-ID, only if the worker dies between the mail server's acceptance and storing it.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
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
    from collections.abc import Iterable, Iterator

    from django.core.mail.backends.base import BaseEmailBackend

    from teams.directory.models import School, User

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
CLAIMED_FOR = dt.timedelta(
    minutes=5
)  # longer than sending one email can take: settings.EMAIL_TIMEOUT per step
WAIT = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
KEPT_WITHOUT_SERVER = dt.timedelta(days=3)
SECRET_KEPT_WITHOUT_SERVER = dt.timedelta(days=1)
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
    school: School | None = None,
) -> Mail | None:
    """Queue an email to ``to``, unless one with the same ``dedupe_key`` exists. Returns None if they have left.

    ``school`` is the one that it is about: its administrators see the email in their outbox. None if there are several.
    It waits for the end of the recipient's quiet hours unless ``urgent``. Emails never contain a student's name.
    ``calendar`` is an iCalendar text with its ``method`` (REQUEST, CANCEL).
    """
    if not to.is_active:
        return None
    now = clock.now()
    mail, is_new = Mail.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "to": to,
            "school": school,
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


def queue_account_mail(
    to: User | None, *, subject: str, text: str, address: str = "", is_secret: bool = False
) -> Mail:
    """Queue an email about the account of ``to``, or to an ``address`` without one. It is sent at once, whatever the hour.

    It is also sent to people who can't sign in, who are told so. With ``is_secret``, ``text`` has a link that lets its
    reader in: it is erased as soon as it is sent or given up.
    """
    [mail] = queue_account_mails([AccountText(to, subject, text, address, is_secret)])
    return mail


@dataclass(frozen=True, slots=True)
class AccountText:
    """An email for `queue_account_mails`: the arguments of `queue_account_mail`, and the school that it is about."""

    to: User | None
    subject: str
    text: str
    address: str = ""
    is_secret: bool = False
    school: School | None = None


def queue_account_mails(texts: Iterable[AccountText]) -> list[Mail]:
    """`queue_account_mail` for many people, in one query."""
    emails = Mail.objects.bulk_create(
        Mail(
            to=one.to,
            school=one.school,
            address=one.address,
            kind=Mail.Kind.ACCOUNT,
            subject=" ".join(one.subject.split())[:200],
            text=one.text,
            is_secret=one.is_secret,
            dedupe_key=f"account:{uuid.uuid4()}",
            send_after=clock.now(),
        )
        for one in texts
    )
    _wake_on_commit()
    return emails


def after_quiet_hours(user: User, now: dt.datetime) -> dt.datetime:
    """``now``, or the end of the quiet hours that contain it, in the time zone of the user's school.

    Quiet hours that start and end at the same time are none.
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
    """Save the email preferences of ``user``. Emails already waiting keep their send time."""
    user.wants_invitations, user.wants_digest = wants_invitations, wants_digest
    user.quiet_from, user.quiet_until = quiet_from, quiet_until
    user.save(update_fields=["wants_invitations", "wants_digest", "quiet_from", "quiet_until"])


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


def try_again(mail: Mail, *, actor: User, school: School) -> Mail:
    """Retry an unsent email now, after a failure or after it was given up."""
    require_ability(actor, "see_jobs", school)
    if mail.is_lost:
        raise DomainError(_("The link in that email is not kept. Ask for a new one."))
    fields = {"given_up_at": None, "attempts": 0, "error": "", "send_after": clock.now()}
    if not Mail.objects.filter(pk=mail.pk, sent_at=None).update(**fields):
        raise DomainError(_("That email was sent in the meantime."))
    _wake_on_commit()
    mail.refresh_from_db(fields=list(fields))
    return mail


def send_test_mail(*, actor: User, school: School) -> Mail:
    """Queue a test email to ``actor`` themselves, at most one a minute."""
    require_ability(actor, "see_jobs", school)
    mail = queue_mail(
        actor,
        school=school,
        kind=Mail.Kind.ACCOUNT,
        subject=_("Email works"),
        text=_("This is the test email that you asked for. Collab can send email."),
        dedupe_key=f"test:{school.pk}:{actor.uuid}:{int(clock.now().timestamp()) // 60}",
        urgent=True,
    )
    if mail is None:
        raise DomainError(_("Your account is closed."))
    return mail


def _wake_on_commit() -> None:
    """Wake the worker on commit, once per transaction: without a broker each attempt takes time."""
    asked = transaction.get_connection().run_on_commit
    if not any(function is _wake_worker for _savepoints, function, *_rest in asked):
        transaction.on_commit(_wake_worker)


def _wake_worker() -> None:
    """Enqueue sending; without a broker, the task that runs every minute sends the emails."""
    enqueue("teams.send_mail", 0)


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
