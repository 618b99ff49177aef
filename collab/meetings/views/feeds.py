"""Calendar feeds for other calendar programs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from collab.meetings.queries.feeds import feed_at, feeds_of, own_feeds, text_of
from collab.meetings.services.feeds import make_feed, note_reading, revoke_feed
from teams.access.permissions import own_teams
from teams.lib.http import render_page
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from teams.lib.requests import SchoolRequest


@reauthentication_required
def feed_list(request: SchoolRequest) -> HttpResponse:
    """List the user's feeds. Asks for the password first, since a copied address can be read for years."""
    context = {"feeds": feeds_of(request.user, request.school)}
    return render_page(request, "collab/meetings/feeds/list.html", context)


@require_POST
@reauthentication_required
def feed_make(request: SchoolRequest) -> HttpResponse:
    """Create a feed for all of the user's meetings or for one team's."""
    chosen = request.POST.get("team", "")
    team = get_object_or_404(own_teams(request.user), uuid=public_id(chosen)) if chosen else None
    make_feed(request.user, team=team)
    return redirect("collab:feed-list")


@require_POST
def feed_revoke(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Revoke a feed."""
    feed = get_object_or_404(own_feeds(request.user), uuid=uuid)
    revoke_feed(feed, actor=request.user)
    return redirect("collab:feed-list")


@login_not_required
@require_safe
def feed_read(request: HttpRequest, token: str) -> HttpResponse:
    """Serve a feed as iCalendar. No login: the token in the address authorizes. 404 once revoked."""
    feed = feed_at(token)
    if feed is None:
        raise Http404
    note_reading(feed)
    response = HttpResponse(text_of(feed), content_type="text/calendar; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["Cache-Control"], response["X-Robots-Tag"] = "private, max-age=900", "noindex"
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return cast("HttpResponse", answer)  # never None if a response is passed
