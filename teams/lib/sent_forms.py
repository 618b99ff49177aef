"""Run each form once: sent again, by a double click or a slow network, it has no second effect."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db import transaction

from teams.lib import clock
from teams.lib.models import SentForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

T = TypeVar("T")

FIELD = "form_key"  # of the hidden field that ``{% csrf_token %}`` gives every form
OWN_FIELDS = frozenset({FIELD, "csrfmiddlewaretoken"})
KEPT_FOR = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sent(Generic[T]):
    """Result of sending a form; ``result`` is None if it was sent before, and ``location`` is the page to open then."""

    result: T | None
    location: str
    is_first: bool


def run_once(request: HttpRequest, work: Callable[[], T], then: Callable[[T], str]) -> Sent[T]:
    """Run ``work`` unless the same form with the same content was sent already; ``then`` gives the page to open next.

    All of ``work`` is one transaction with the record of the form, so that of two equal forms sent at once the second
    waits for the first, and a form whose work failed can be sent again. A form without a key is always run.
    """
    key = _key_of(request)
    if not key:
        result = work()
        return Sent(result, then(result), is_first=True)
    with transaction.atomic():
        row, is_first = SentForm.objects.get_or_create(key=key)
        if not is_first:
            mark_saved(request)
            return Sent(None, row.location, is_first=False)
        result = work()
        row.location = then(result)
        row.save(update_fields=["location"])
    mark_saved(request)
    return Sent(result, row.location, is_first=True)


def location_after(request: HttpRequest) -> str | None:
    """The page that followed the form of ``request`` if it was sent already, else None."""
    key = _key_of(request)
    return SentForm.objects.filter(key=key).values_list("location", flat=True).first() if key else None


def forget_sent_forms() -> int:
    """Delete the records of forms sent more than a day ago. Returns their number."""
    gone, _by_model = SentForm.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    return gone


def typed_fields(request: HttpRequest) -> dict[str, str]:
    """The values of a form without a Django form: the last of each name, without our own hidden fields."""
    return {name: str(text) for name, text in request.POST.items() if name not in OWN_FIELDS}


def mark_saved(request: HttpRequest) -> None:
    """Note that the form of ``request`` was saved, so that the browser forgets what it has kept of it."""
    request.saved_form = request.POST.get(FIELD, "")  # type: ignore[attr-defined]


def _key_of(request: HttpRequest) -> str:
    """Hash of the sender, the URL, the typed values, and the files' names and sizes; empty for a form without a key."""
    if not request.POST.get(FIELD):
        return ""
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    sizes = sorted((file.name, file.size) for _name, files in request.FILES.lists() for file in files)
    content = repr([request.user.pk, request.path, typed, sizes])
    return hashlib.sha256(content.encode()).hexdigest()
