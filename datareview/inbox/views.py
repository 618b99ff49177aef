"""The page of the inbox, its folder and tokens, and uploads with a token."""

from __future__ import annotations

import datetime as dt
import tempfile
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from datareview.inbox.forms import DeliveryFilter, TokenForm, WatchForm
from datareview.inbox.permissions import tokens_visible_to
from datareview.inbox.queries import bearer_of, inbox_page, is_upload_allowed, token_of
from datareview.inbox.services import settings as inbox
from datareview.inbox.services.receiving import page_of_delivery, receive_file
from teams.access.permissions import require_ability
from teams.lib import clock
from teams.lib.http import render_form, run_service, save_form
from teams.lib.requests import accepts_uploads

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from teams.lib.requests import SchoolRequest

PART = 2**16  # bytes read at once
SHOWN_ONCE = "new_upload_token"  # the key of a token in the session, until the next page has shown it


@never_cache
def inbox_show(request: SchoolRequest) -> HttpResponse:
    """Show the folder, the tokens and the files that came, filtered by the query string."""
    require_ability(request.user, "import_data", request.school)
    return _page(request, TokenForm(), token=request.session.pop(SHOWN_ONCE, ""))


@require_POST
def inbox_watch(request: SchoolRequest) -> HttpResponse:
    """Watch the folder from now on, or no longer."""
    form = WatchForm(request.POST)
    is_watched = form.is_valid() and form.cleaned_data["is_watched"]
    return run_service(
        request,
        lambda: inbox.watch_folder(request.school, actor=request.user, is_watched=is_watched),
        back="datareview:inbox-show",
        done=_("The folder is watched.") if is_watched else _("The folder is no longer watched."),
    )


@require_POST
def token_make(request: SchoolRequest) -> HttpResponse:
    """Make a token, which the next page shows once."""
    require_ability(request.user, "import_data", request.school)
    form = TokenForm(request.POST)

    def make() -> None:
        token = inbox.make_token(request.school, actor=request.user, name=form.cleaned_data["name"])
        request.session[SHOWN_ONCE] = token

    return save_form(request, form, make, page=lambda: _page(request, form), then="datareview:inbox-show")


@require_POST
def token_revoke(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Revoke a token."""
    token = get_object_or_404(tokens_visible_to(request.user), uuid=uuid)
    return run_service(
        request,
        lambda: inbox.revoke_token(token, actor=request.user),
        back="datareview:inbox-show",
        done=_("Revoked. Nothing can be uploaded with it any more."),
    )


@accepts_uploads(lambda: settings.UPLOAD_MAX_BYTES, admits=is_upload_allowed)
@csrf_exempt
@login_not_required
@require_http_methods(["PUT"])
def file_put(request: HttpRequest, name: str) -> HttpResponse:
    """Take a file from a program with "Authorization: Bearer TOKEN": ``PUT /imports/upload/students.csv``.

    ``Last-Modified`` is the file's own time. Returns 201 with the address of the file's page, 401 without a valid token,
    422 with the reason if the file was stopped.
    """
    token = token_of(bearer_of(request.headers.get("Authorization", "")))
    if token is None:
        return _text("The token is missing, unknown or revoked.", 401)
    with tempfile.TemporaryFile() as body:
        while part := request.read(PART):
            body.write(part)
        body.seek(0)
        try:
            delivery = receive_file(
                token.school,
                actor=token.made_by,
                file=File(body, name=name),
                name=name,
                changed_at=_changed_at(request),
                token=token,
            )
        except PermissionDenied:
            return _text("The person who made this token may no longer load files.", 403)
    inbox.note_use(token)
    if delivery.reason:
        return _text(delivery.reason, 422)
    return _text(settings.SITE_URL + page_of_delivery(delivery), 201)


def _changed_at(request: HttpRequest) -> dt.datetime:
    """The time of the file by its header, now if there is none or it is later: no later file would seem newer."""
    try:
        found = parsedate_to_datetime(request.headers.get("Last-Modified", ""))
    except ValueError:
        return clock.now()
    return min(found if found.tzinfo else found.replace(tzinfo=dt.UTC), clock.now())


def _text(said: str, status: int) -> HttpResponse:
    return HttpResponse(f"{said}\n", content_type="text/plain; charset=utf-8", status=status)


def _page(request: SchoolRequest, form: TokenForm, token: str = "") -> HttpResponse:
    context = {
        "page": inbox_page(request.user, request.school, request.GET.dict()),
        "filters": DeliveryFilter(request.GET),
        "token": token,
        "site": settings.SITE_URL,
    }
    return render_form(request, "datareview/inbox/show.html", form, context)
