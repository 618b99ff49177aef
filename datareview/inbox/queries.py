"""The page of the inbox, the folder of a school, and the token of an upload."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.utils.text import slugify

from datareview.inbox.models import Delivery, Inbox, UploadToken
from datareview.inbox.permissions import deliveries_visible_to, tokens_visible_to
from teams.access.permissions import staff_where

if TYPE_CHECKING:
    from pathlib import Path

    from teams.directory.models import School, User

ROWS = 50  # of a page
MOST_BEFORE = 200  # files among which the last one of a name is looked for
_NUMBERS = re.compile(r"\d[\d.,:_/-]*")
# A day, with or without an hour, or a number of six digits and more: what differs between two nights' names of one file.
_DATES = re.compile(
    r"(?:19|20)\d{2}[-_.]?\d{2}(?:[-_.]?\d{2})?(?:[-_.T]?\d{2}[-_:.]?\d{2}(?:[-_:.]?\d{2})?)?"
    r"|\d{1,2}[-_.]\d{1,2}[-_.](?:19|20)?\d{2}|\d{6,}"
)
SORTS = {"new": ("-created_at", "-pk"), "name": ("name", "-pk")}


@dataclass(frozen=True, slots=True)
class InboxPage:
    """How files come by themselves at a school. ``is_stuck``: the watching person may no longer load files."""

    folder: Path
    inbox: Inbox | None
    is_stuck: bool
    tokens: list[UploadToken]
    deliveries: Page[Any]


def inbox_page(user: User, school: School, wanted: dict[str, str]) -> InboxPage:
    """The inbox of ``school``, with the files that came filtered and sorted by ``wanted`` (the query string)."""
    inbox = Inbox.objects.filter(school=school).select_related("watched_by").first()
    watched_by = inbox.watched_by if inbox else None
    rows = deliveries_visible_to(user).filter(school=school).select_related("of_import", "token")
    if wanted.get("state") in Delivery.State.values:
        rows = rows.filter(state=wanted["state"])
    if text := wanted.get("q", "").strip():
        rows = rows.filter(name__icontains=text)
    rows = rows.order_by(*SORTS.get(wanted.get("sort", ""), SORTS["new"]))
    return InboxPage(
        folder=folder_of(school),
        inbox=inbox,
        is_stuck=watched_by is not None
        and not staff_where(school, "import_data").filter(user=watched_by).exists(),
        tokens=list(tokens_visible_to(user).filter(school=school, revoked_at=None).select_related("made_by")),
        deliveries=Paginator(rows, ROWS).get_page(wanted.get("page")),
    )


def is_told(delivery: Delivery) -> bool:
    """Whether the last file of this name, dates aside, was stopped for the same reason, numbers aside."""
    rows = Delivery.objects.filter(school=delivery.school_id).exclude(pk=delivery.pk)
    before = rows.exclude(state=Delivery.State.WAITING).order_by("-pk").values_list("name", "state", "reason")
    same = (one for one in before[:MOST_BEFORE] if are_of_one_name(one[0], delivery.name))
    _name, state, reason = next(same, ("", "", ""))
    return state == Delivery.State.STOPPED and _NUMBERS.sub("#", reason) == _NUMBERS.sub("#", delivery.reason)


def are_of_one_name(one: str, other: str) -> bool:
    """Whether two names of files are the same but for a day and an hour in them."""
    return _DATES.sub("#", one) == _DATES.sub("#", other)


def last_of_name(delivery: Delivery) -> Delivery | None:
    """The newest file of this name, dates aside, that came by itself and was applied."""
    rows = Delivery.objects.filter(school=delivery.school, state=Delivery.State.APPLIED).exclude(
        pk=delivery.pk
    )
    rows = rows.select_related("of_import").order_by("-changed_at", "-pk")
    return next((one for one in rows[:MOST_BEFORE] if are_of_one_name(one.name, delivery.name)), None)


def folder_of(school: School) -> Path:
    """The folder of the server in which files of ``school`` are put."""
    root: Path = settings.INBOX_DIR
    return root / f"{slugify(school.name)[:40]}-{str(school.uuid)[:8]}"


def digest_of(text: str) -> str:
    """The digest under which a token is stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def token_of(text: str) -> UploadToken | None:
    """The token with this text, unless it was revoked."""
    found = UploadToken.objects.filter(digest=digest_of(text), revoked_at=None)
    return found.select_related("school", "made_by").first()


def is_upload_allowed(headers: dict[bytes, bytes]) -> bool:
    """Whether a request with these headers has a valid token."""
    return token_of(bearer_of(headers.get(b"authorization", b"").decode("latin1"))) is not None


def bearer_of(header: str) -> str:
    """The token in the header "Authorization: Bearer …"; empty if there is none."""
    kind, _space, text = header.partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""
