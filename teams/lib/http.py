"""How a view responds: render a page or a region of it; run a service, and show its errors or redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.translation import gettext as _
from django_htmx.http import reswap, trigger_client_event

from teams.lib.errors import DomainError, StaleEdit
from teams.lib.hidden_names import hide_names
from teams.lib.sent_forms import Sent, run_once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from django.core.files import File
    from django.forms import BaseForm
    from django.http import HttpRequest

T = TypeVar("T")


class HasAddress(Protocol):
    """A model instance with its own page."""

    def get_absolute_url(self) -> str:
        """Return the URL of that page."""


R = TypeVar("R", bound=HasAddress)


def wants_partial(request: HttpRequest) -> bool:
    """Whether htmx requests a region; boosted links and history restoration need the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render ``template``, or only its ``{% partialdef partial %}`` if htmx requests a region."""
    name = f"{template}#{partial}" if partial and wants_partial(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


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
    typed: bool = True,
) -> HttpResponse:
    """Run ``work`` and redirect. On DomainError show its message and redirect to ``back``.

    On success, htmx gets ``region()`` if there is one; otherwise the message ``done`` is shown and the response
    redirects to ``then`` (default: ``back``). Both may be functions of the result of ``work``. If ``form`` is invalid,
    ``work`` does not run, and the message is ``invalid`` or the form's errors. No error loses what was typed: with a
    ``region``, htmx gets errors with status 422, which the page shows without swapping anything; without htmx, the
    response is a page with the ``form`` as typed. ``typed=False`` is for buttons that send no text: with their errors,
    htmx gets ``region()``, which shows what is stored now. A form sent twice runs ``work`` once
    (`teams.lib.sent_forms`).
    """
    try:
        if form is not None and not form.is_valid():
            raise DomainError(invalid or _messages_of(form))
        sent = run_once(request, work, _follower(back if then is None else then))
    except DomainError as error:
        if region is not None and wants_partial(request):
            return _error_response(str(error)) if typed else _with_message(region(), str(error))
        if form is not None and typed:
            return _refused_form(request, form, str(error) if invalid or form.is_valid() else "", back)
        messages.error(request, str(error))
        return redirect(back)
    return _succeeded(request, sent, done, region)


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
    """Run ``work`` if ``form`` is valid; otherwise return ``page()`` with the form as typed.

    An unbound form is only shown. The message of a DomainError is added to ``field``, or above the form; ``then``,
    ``done`` and ``region`` are as in `run_service`. After a StaleEdit the form contains ``newest()`` (the version stored
    now), so that saving again overwrites the other text: the message at ``field`` quotes it, or ``page`` must show it.
    """
    if not form.is_bound:
        return page()
    if form.is_valid():
        try:
            sent = run_once(request, work, _follower(then))
        except DomainError as error:
            form.add_error(field, _message_of(error, field))
            if isinstance(error, StaleEdit) and newest is not None:
                form.data = _replaced(form.data, newest())
        else:
            return _succeeded(request, sent, done, region)
    if region is not None and wants_partial(request):
        return _error_response(_messages_of(form))
    return page()


def save_upload(
    request: HttpRequest,
    form: BaseForm,
    work: Callable[[R], R],
    *,
    store: Callable[[File[bytes]], AbstractContextManager[R]],
    page: Callable[[], HttpResponse],
) -> HttpResponse:
    """Run ``work`` on the row for which ``store`` has stored the ``file`` of a valid form, as `save_form` does.

    The file is stored before the transaction of `save_form`. Then the row's page opens.
    """
    if not (form.is_bound and form.is_valid()):
        return page()
    try:
        with store(form.cleaned_data["file"]) as row:
            return save_form(request, form, lambda: work(row), page=page, then=row, field="file")
    except DomainError as error:
        form.add_error("file", str(error))
        return page()


def render_form(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    context: dict[str, Any] | None = None,
    *,
    partial: str = "",
) -> HttpResponse:
    """Render ``template`` with ``form`` in its context as "form"; status 422 if the form has errors."""
    context = {"form": form, **(context or {})}
    return render_page(request, template, context, partial=partial, status=422 if form.errors else 200)


def answer_repeat(
    request: HttpRequest, location: str, region: Callable[[], HttpResponse] | None = None
) -> HttpResponse:
    """Respond to a form that was sent before, and say so: htmx gets ``region()`` if there is one, else redirect."""
    sentence = _("This was already saved.")
    if region is not None and wants_partial(request):
        return _with_message(region(), sentence, "info")
    messages.info(request, sentence)
    return redirect(location)


def _follower(then: str | HasAddress | Callable[[T], str | HasAddress]) -> Callable[[T], str]:
    """The page to open after a form, as a function of what the form did."""
    return lambda result: resolve_url(cast("Any", then(result) if callable(then) else then))


def _succeeded(
    request: HttpRequest,
    sent: Sent[T],
    done: str | Callable[[T], str],
    region: Callable[[], HttpResponse] | None,
) -> HttpResponse:
    if not sent.is_first:
        return answer_repeat(request, sent.location, region)
    if region is not None and wants_partial(request):
        return region()
    if sentence := done(cast("T", sent.result)) if callable(done) else done:
        messages.success(request, sentence)
    return redirect(sent.location)


def _refused_form(
    request: HttpRequest, form: BaseForm, sentence: str, back: str | HasAddress
) -> HttpResponse:
    """Render a page with ``form`` as typed, which posts to the same address, and a link ``back``."""
    if sentence:
        form.add_error(None, sentence)
    return render_form(request, "refused_form.html", form, {"back": resolve_url(cast("Any", back))})


def _error_response(sentence: str) -> HttpResponse:
    """Send a message to htmx without swapping anything, so that typed text is kept."""
    return _with_message(reswap(HttpResponse(escape(hide_names(sentence)), status=422), "none"), sentence)


def _with_message(response: HttpResponse, sentence: str, level: str = "error") -> HttpResponse:
    return trigger_client_event(response, "collab:say", {"text": hide_names(sentence), "level": level})


def _message_of(error: DomainError, field: str | None) -> str:
    """Return the error's message; at a field, a stale edit also quotes the text stored now."""
    if isinstance(error, StaleEdit) and field:
        return f"{error} {_('It says now: “%(text)s”. Saving again replaces it.') % {'text': error.current}}"
    return str(error)


def _messages_of(form: BaseForm) -> str:
    """The errors of ``form`` in a line, each with the label of its field."""
    return " ".join(
        _("%(field)s: %(error)s") % {"field": form[name].label, "error": error}
        if name in form.fields
        else str(error)
        for name, errors in form.errors.items()
        for error in errors
    )


def _replaced(data: Any, newest: Mapping[str, object]) -> Any:
    """Copy a form's data and replace the values of some fields."""
    copy = data.copy()
    for name, value in newest.items():
        copy[name] = str(value)
    return copy
