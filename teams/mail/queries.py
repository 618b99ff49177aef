"""The outbox as administrators see it, and the recipient's school and language.

The outbox shows recipients, subjects and states, never the text of an email.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Page, Paginator

from teams.directory.models import School, Staff
from teams.mail.models import Mail

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User

A_PAGE = 50
GOING_NOWHERE = ("console", "dummy", "filebased", "locmem")


@dataclass(frozen=True, slots=True)
class Outbox:
    """A page of emails, newest first, the numbers waiting and given up, and whether a mail server is set up."""

    emails: Page
    waiting: int
    given_up: int
    is_configured: bool


def outbox_of(school: School, page: int | str = 1) -> Outbox:
    """The outbox of ``school``."""
    rows = mail_of(school)
    return Outbox(
        emails=Paginator(rows.select_related("to").order_by("-pk"), A_PAGE).get_page(page),
        waiting=rows.filter(sent_at=None, given_up_at=None).count(),
        given_up=rows.exclude(given_up_at=None).count(),
        is_configured=mail_is_configured(),
    )


def mail_of(school: School) -> QuerySet[Mail]:
    """Emails to staff of ``school``, except those about peer observations, which are private."""
    people = Staff.objects.filter(school=school).values("user")
    rows = Mail.objects.filter(to__in=people).exclude(kind=Mail.Kind.OBSERVATION)
    return rows.defer("text", "calendar", "file")


def mail_is_configured() -> bool:
    """Whether the server can send email (EMAIL_URL). If not, pages show links that would have been sent."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in GOING_NOWHERE


def school_of(user: User) -> School | None:
    """The school whose time zone and language apply to emails to ``user``: the first where they work today."""
    return School.objects.filter(pk__in=Staff.objects.active().filter(user=user).values("school")).first()


def language_of(user: User, school: School | None = None) -> str:
    """The user's chosen language, or the school's."""
    if user.language:
        return user.language
    school = school or school_of(user)
    return school.language if school else settings.LANGUAGE_CODE
