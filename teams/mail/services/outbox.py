"""The outbox: emails are stored in the transaction they report and sent by a worker after its commit.

A worker claims an email by moving its send time into the future (compare-and-set), so that no two workers send
the same one. If the worker dies, the email is due again after the claim. It is sent twice, with the same
Message-ID, only if the worker dies between the mail server's acceptance and storing it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.queue import enqueue
from teams.mail.models import Mail
from teams.mail.queries import is_not_reached, school_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import School, User


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
    """Queue an email to ``to``, unless one with the same ``dedupe_key`` exists.

    Returns None if they have left, or never signed in and were not invited to: nobody's first email is about a meeting.

    ``school`` is the one that it is about: its administrators see the email in their outbox. None if there are several.
    It waits for the end of the recipient's quiet hours unless ``urgent``. Emails never contain a student's name.
    ``calendar`` is an iCalendar text with its ``method`` (REQUEST, CANCEL).
    """
    if not to.is_active or is_not_reached(to):
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
    user: User,
    *,
    wants_invitations: bool,
    wants_digest: bool,
    quiet_from: dt.time,
    quiet_until: dt.time,
    digest_is_weekly: bool = False,
) -> None:
    """Save the email preferences of ``user``. Emails already waiting keep their send time."""
    user.wants_invitations, user.wants_digest = wants_invitations, wants_digest
    user.digest_is_weekly = digest_is_weekly
    user.quiet_from, user.quiet_until = quiet_from, quiet_until
    user.save(
        update_fields=["wants_invitations", "wants_digest", "digest_is_weekly", "quiet_from", "quiet_until"]
    )


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
