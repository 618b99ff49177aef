"""Change the rows that a person selected in a list: each one, or all that its filters leave, on all its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from teams.lib.errors import DomainError
from teams.lib.http import save_form
from teams.lib.kept_words import with_words, without_words
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse


def change_picked(
    request: HttpRequest,
    form: Form,
    work: Callable[[list[Any]], Any],
    *,
    rows: QuerySet[Any],
    listed: Callable[[dict[str, str]], Iterable[Any]],
    page: Callable[[QueryDict, list[str]], HttpResponse],
    back: str,
    done: Callable[[Any], str] | str,
) -> HttpResponse:
    """Run ``work`` on the `picked_rows`, and return to the list at ``back``, a name or an address, with its filters.

    An invalid ``form`` or a DomainError shows the list again: ``page`` takes its filters and what was ticked.
    """
    filters = QueryDict(request.POST.get("back", ""))
    ids = request.POST.getlist("row")

    def act() -> Any:
        chosen = picked_rows(request, rows=rows, listed=listed)
        if not chosen:
            raise DomainError(_("Select at least one row first."))
        return work(chosen)

    return save_form(
        request,
        form,
        act,
        page=lambda: page(filters, [*ids, *request.POST.getlist("everyone")]),
        then=f"{resolve_url(back)}?{urlencode(without_words(filters.dict()))}",
        done=done,
    )


def picked_rows(
    request: HttpRequest, *, rows: QuerySet[Any], listed: Callable[[dict[str, str]], Iterable[Any]]
) -> list[Any]:
    """Those of ``rows`` whose public ids are posted as "row".

    With "everyone" all that ``listed`` gives for the filters posted as "back"; none if their words are no longer known.
    """
    if "everyone" in request.POST:
        wanted = with_words(request.session, QueryDict(request.POST.get("back", "")).dict())
        return [] if wanted is None else list(listed(wanted))
    ids = [uuid for text in request.POST.getlist("row") if (uuid := uuid_or_none(text))]
    return list(rows.filter(uuid__in=ids))
