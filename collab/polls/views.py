"""List, create, answer, remind and close polls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.polls import services as polls
from collab.polls.forms import PollForm
from collab.polls.permissions import polls_visible_to
from collab.polls.queries.lists import poll_list_of, poll_teams
from collab.polls.queries.polls import poll_page
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.polls.models import Poll
    from teams.lib.requests import SchoolRequest


def visible_poll(request: SchoolRequest, uuid: UUID) -> Poll:
    """The poll if the user may see it, otherwise 404."""
    rows = polls_visible_to(request.user).select_related("team__school", "chosen", "made_by")
    return get_object_or_404(rows, uuid=uuid)


def poll_list(request: SchoolRequest) -> HttpResponse:
    """List polls, those that await an answer first."""
    page = poll_list_of(request.user, request.school)
    return render_page(request, "collab/polls/list.html", {"page": page})


def poll_new(request: SchoolRequest) -> HttpResponse:
    """Create a poll; `?team=&people=&minutes=&at=` prefill the form."""
    user, school = request.user, request.school
    if not poll_teams(user, school).exists():
        raise PermissionDenied
    start = PollForm.start(request.GET, user=user, school=school)
    form = PollForm(request.POST or None, initial=start, user=user, school=school)

    def start_poll() -> Poll:
        data = dict(form.cleaned_data)
        return polls.start_poll(data.pop("team"), actor=user, **data)

    return save_form(
        request,
        form,
        start_poll,
        page=lambda: render_form(request, "collab/polls/new.html", form),
        then=lambda poll: poll,
    )


def poll_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a poll with all answers."""
    poll = visible_poll(request, uuid)
    return _show(request, poll)


@require_POST
def poll_answer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Answer one time. Saved with every click."""
    poll = visible_poll(request, uuid)
    return run_service(
        request,
        lambda: polls.answer_poll(
            poll,
            actor=request.user,
            option_uuid=request.POST.get("option", ""),
            answer=request.POST.get("answer", ""),
        ),
        back=poll,
        region=lambda: _show(request, visible_poll(request, uuid)),
        typed=False,
    )


@require_POST
def poll_remind(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Remind people who have not answered."""
    poll = visible_poll(request, uuid)
    return run_service(
        request,
        lambda: polls.remind_silent(poll, actor=request.user),
        back=poll,
        done=lambda count: (
            ngettext("%(n)s person gets an email.", "%(n)s people get an email.", count) % {"n": count}
        ),
    )


@require_POST
def poll_close(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Close a poll by choosing a time and planning the meeting, or without a time."""
    poll = visible_poll(request, uuid)
    option = request.POST.get("option", "")
    if option:
        return run_service(
            request,
            lambda: polls.choose_time(poll, actor=request.user, option_uuid=option),
            back=poll,
            then=lambda meeting: meeting,
        )
    return run_service(
        request,
        lambda: polls.close_poll(poll, actor=request.user),
        back=poll,
        done=_("The poll was closed without a time."),
    )


def _show(request: SchoolRequest, poll: Poll) -> HttpResponse:
    """Render times in the time zone of the poll's school, wherever the reader is."""
    context = {"page": poll_page(request.user, poll)}
    with timezone.override(poll.team.school.tz):
        return render_page(request, "collab/polls/detail.html", context, partial="poll")
