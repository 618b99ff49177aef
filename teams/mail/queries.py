"""Whether mail works, the outbox as administrators see it, and the recipient's school and language.

The outbox shows recipients, subjects and states, never the text of an email.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Max, Q

from teams.directory.models import School, Staff
from teams.lib import clock
from teams.mail.models import Mail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import User
    from teams.mail.models import MailQuerySet

A_PAGE = 50
GOING_NOWHERE = ("console", "dummy", "filebased", "locmem")


LATE_AFTER = dt.timedelta(minutes=15)
WAITING, FAILED, SENT = "waiting", "failed", "sent"


@dataclass(frozen=True, slots=True)
class Outbox:
    """A page of emails, newest first, and how mail works for the school.

    ``waiting`` and ``given_up`` count emails, ``late`` those that should have been sent 15 minutes ago or were refused,
    ``why_late`` is the last reason. ``sent_at`` is when the last one was sent to anybody at the school, or None. ``sender``
    is the address that emails come from.
    """

    emails: Page
    waiting: int
    given_up: int
    late: int
    why_late: str
    sent_at: dt.datetime | None
    sender: str
    is_configured: bool


def outbox_of(school: School, page: int | str = 1, state: str = "") -> Outbox:
    """The outbox of ``school``, with the emails in ``state`` (`WAITING`, `FAILED`, `SENT`) or all."""
    rows = mail_of(school)
    waiting, failed = Q(sent_at=None, given_up_at=None), Q(given_up_at__isnull=False)
    states = {WAITING: rows.filter(waiting), FAILED: rows.filter(failed), SENT: rows.exclude(sent_at=None)}
    late = states[WAITING].filter(Q(send_after__lt=clock.now() - LATE_AFTER) | ~Q(error=""))
    return Outbox(
        emails=Paginator(states.get(state, rows).select_related("to").order_by("-pk"), A_PAGE).get_page(page),
        waiting=states[WAITING].count(),
        given_up=states[FAILED].count(),
        late=late.count(),
        why_late=late.order_by("-pk").exclude(error="").values_list("error", flat=True).first() or "",
        sent_at=rows.aggregate(at=Max("sent_at"))["at"],
        sender=settings.DEFAULT_FROM_EMAIL,
        is_configured=mail_is_configured(),
    )


def mail_of(school: School) -> MailQuerySet:
    """Emails about ``school``, except those about peer observations, which are private.

    Those about no school are included if their reader works here today, and nowhere else.
    """
    here = Staff.objects.active(school.today()).filter(school=school)
    elsewhere = Staff.objects.exclude(school=school).exclude(ends_on__lt=clock.server_day())
    about_nobody_else = Q(school=None, to__in=here.values("user")) & ~Q(to__in=elsewhere.values("user"))
    rows = Mail.objects.filter(Q(school=school) | about_nobody_else).exclude(kind=Mail.Kind.OBSERVATION)
    return rows.defer("text", "calendar", "file")


def mail_is_configured() -> bool:
    """Whether the server can send email (EMAIL_URL). If not, pages show links that would have been sent."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in GOING_NOWHERE


def not_reached(people: Iterable[Staff]) -> list[Staff]:
    """Those of ``people`` who never signed in and were not invited to. They don't know Collab yet, and get no emails."""
    people = list(people)
    silent = _silent({one.user for one in people})
    return [one for one in people if one.user_id in silent]


def is_not_reached(user: User) -> bool:
    """Whether `not_reached` has the person, at whatever school they work."""
    return bool(_silent({user}))


def _silent(users: set[User]) -> set[int]:
    """The ids of those of ``users`` who never signed in, have no password and no invitation."""
    unknown = {one.pk for one in users if not (one.last_login or one.has_usable_password())}
    if not unknown:
        return set()
    # Invitations are a higher area: only the relation's name refers to them.
    invited = Staff.objects.filter(
        user__in=unknown, invitations__isnull=False, invitations__withdrawn_at=None
    )
    return unknown - set(invited.values_list("user", flat=True))


def school_of(user: User) -> School | None:
    """The school whose time zone and language apply to emails to ``user``: the first where they work today."""
    return School.objects.filter(pk__in=Staff.objects.active().filter(user=user).values("school")).first()


def language_of(user: User, school: School | None = None) -> str:
    """The user's chosen language, or the school's."""
    if user.language:
        return user.language
    school = school or school_of(user)
    return school.language if school else settings.LANGUAGE_CODE
