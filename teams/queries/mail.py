"""The outbox as whoever looks after the server sees it: to whom, about what, how far; never the letters' text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Page, Paginator

from teams.models import Mail, Staff

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.models import School

A_PAGE = 50


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
        goes_out="console" not in settings.EMAIL_BACKEND,
    )


def mail_of(school: School) -> QuerySet[Mail]:
    """Letters to whoever works at ``school``, but for those of which the two alone may know."""
    people = Staff.objects.filter(school=school).values("user")
    rows = Mail.objects.filter(to__in=people).exclude(kind=Mail.Kind.OBSERVATION)
    return rows.defer("text", "calendar", "file")
