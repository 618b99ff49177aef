"""What mail needs to know of its reader, and the outbox as whoever looks after the server sees it.

The outbox shows to whom, about what, how far; never the letters' text.
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
    """Letters newest first, how many wait and were given up, and whether there is a mail server at all."""

    letters: Page
    waiting: int
    given_up: int
    goes_out: bool


def outbox_of(school: School, page: int | str = 1) -> Outbox:
    """The letters to the staff of ``school``."""
    rows = mail_of(school)
    return Outbox(
        letters=Paginator(rows.select_related("to").order_by("-pk"), A_PAGE).get_page(page),
        waiting=rows.filter(sent_at=None, given_up_at=None).count(),
        given_up=rows.exclude(given_up_at=None).count(),
        goes_out=mail_goes_out(),
    )


def mail_of(school: School) -> QuerySet[Mail]:
    """Letters to whoever works at ``school``, but for those of which the two alone may know."""
    people = Staff.objects.filter(school=school).values("user")
    rows = Mail.objects.filter(to__in=people).exclude(kind=Mail.Kind.OBSERVATION)
    return rows.defer("text", "calendar", "file")


def mail_goes_out() -> bool:
    """Whether a mail server is set up; a demo and a development machine have none."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in GOING_NOWHERE


def school_of(user: User) -> School | None:
    """The school whose clock and language count for ``user``: the first where they work today."""
    return School.objects.filter(pk__in=Staff.objects.active().filter(user=user).values("school")).first()


def language_of(user: User, school: School | None = None) -> str:
    """The language that ``user`` chose, or the school's."""
    if user.language:
        return user.language
    school = school or school_of(user)
    return school.language if school else settings.LANGUAGE_CODE
