"""What a view does with a service: run it, show what is wrong where it was typed, answer htmx or redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.translation import gettext as _
from django_htmx.http import reswap, trigger_client_event

from teams.lib.errors import DomainError, StaleEdit
from teams.lib.hidden_names import hide_names
from teams.lib.pages import render_page, wants_partial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.forms import BaseForm
    from django.http import HttpRequest

T = TypeVar("T")


class HasAddress(Protocol):
    """A row with a page of its own."""

    def get_absolute_url(self) -> str:
        """Return the address of that page."""


def run_service(
    request: HttpRequest,
    work: Callable[[], T],
    *,
    back: str | HasAddress,
    then: str | HasAddress | Callable[[T], str | HasAddress] | None = None,
    done: str | Callable[[T], str] = "",
    region: Callable[[], HttpResponse] | None = None,
    form: BaseForm | None = None,
    invalid: str = "",
) -> HttpResponse:
    """Run ``work``; show the sentence of a DomainError, and go ``back``.

    After success ``done`` is shown and the answer is ``region()`` to htmx, else a redirect to ``then`` (default:
    ``back``); both may be made from what ``work`` returned. With a ``form`` that is not valid ``work`` does not run,
    and the sentence is ``invalid`` or the form's own. Where there is a ``region``, htmx gets a sentence with status
    422, which the page says and swaps nowhere, so that what was typed stays.
    """
    try:
        if form is not None and not form.is_valid():
            raise DomainError(invalid or _sentences(form))
        result = work()
    except DomainError as error:
        if region is not None and wants_partial(request):
            return _problem(str(error))
        messages.error(request, str(error))
        return redirect(back)
    return _succeeded(request, result, back if then is None else then, done, region)


def save_form(
    request: HttpRequest,
    form: BaseForm,
    work: Callable[[], T],
    *,
    page: Callable[[], HttpResponse],
    then: str | HasAddress | Callable[[T], str | HasAddress],
    done: str | Callable[[T], str] = "",
    field: str | None = None,
    region: Callable[[], HttpResponse] | None = None,
    newest: Callable[[], Mapping[str, object]] | None = None,
) -> HttpResponse:
    """Run ``work`` with a valid ``form``; else answer with ``page()``, the form as it was typed.

    An unbound form is shown. The sentence of a DomainError is put to ``field``, or above the form; ``then``, ``done``
    and ``region`` are as in `run_service`. After a StaleEdit the form carries ``newest()`` (the version stored now),
    so that saving again overwrites the other text: the sentence at ``field`` quotes it, else ``page`` has to show it.
    """
    if not form.is_bound:
        return page()
    if form.is_valid():
        try:
            result = work()
        except DomainError as error:
            form.add_error(field, _sentence(error, field))
            if isinstance(error, StaleEdit) and newest is not None:
                form.data = _with(form.data, newest())
        else:
            return _succeeded(request, result, then, done, region)
    if region is not None and wants_partial(request):
        return _problem(_sentences(form))
    return page()


def render_form(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    context: dict[str, Any] | None = None,
    *,
    partial: str = "",
) -> HttpResponse:
    """Answer with the page of ``form``, named "form" in its template; status 422 if it was refused."""
    context = {"form": form, **(context or {})}
    return render_page(request, template, context, partial=partial, status=422 if form.errors else 200)


def _succeeded(
    request: HttpRequest,
    result: T,
    then: str | HasAddress | Callable[[T], str | HasAddress],
    done: str | Callable[[T], str],
    region: Callable[[], HttpResponse] | None,
) -> HttpResponse:
    if region is not None and wants_partial(request):
        return region()
    if sentence := done(result) if callable(done) else done:
        messages.success(request, sentence)
    return redirect(then(result) if callable(then) else then)


def _problem(sentence: str) -> HttpResponse:
    """Say a sentence to htmx without swapping anything, so that what was typed stays."""
    sentence = hide_names(sentence)
    response = reswap(HttpResponse(escape(sentence), status=422), "none")
    return trigger_client_event(response, "collab:say", {"text": sentence, "level": "error"})


def _sentence(error: DomainError, field: str | None) -> str:
    """Return the error's sentence; at a field a stale save also says what is stored there now."""
    if isinstance(error, StaleEdit) and field:
        return f"{error} {_('It says now: “%(text)s”. Saving again replaces it.') % {'text': error.current}}"
    return str(error)


def _sentences(form: BaseForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _with(data: Any, newest: Mapping[str, object]) -> Any:
    """Copy a form's data with other values for some fields; lists of the others stay."""
    copy = data.copy()
    for name, value in newest.items():
        copy[name] = str(value)
    return copy
