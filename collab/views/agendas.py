"""Changing an agenda, and sending things to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.forms.meetings import ItemForm
from collab.models import AgendaItem
from collab.permissions import meetings_visible_to
from collab.services import agendas
from collab.views.meetings import visible_meeting
from datareview.permissions import candidates_visible_to, plans_visible_to, teams_of_student
from datareview.queries.exhibits import title_of
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.pages import public_id, render_page
from teams.permissions import teams_visible_to

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def visible_item(request: SchoolRequest, uuid: UUID) -> AgendaItem:
    """The agenda item, if the user may see its meeting; else 404."""
    items = AgendaItem.objects.filter(meeting__in=meetings_visible_to(request.user))
    return get_object_or_404(items.select_related("meeting__team__school", "topic"), uuid=uuid)


@require_POST
def item_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add an item to a meeting's agenda."""
    meeting, form = visible_meeting(request, uuid), ItemForm(request.POST)
    if not form.is_valid():
        return render_page(
            request, "collab/meetings/item.html", {"form": form, "meeting": meeting}, status=422
        )
    try:
        agendas.add_item(meeting, actor=request.user, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(meeting)


def item_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change an item; what somebody else wrote meanwhile is shown beside one's own."""
    item = visible_item(request, uuid)
    start = {"title": item.title, "minutes": item.minutes, "outcome": item.outcome}
    form = ItemForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            agendas.edit_item(item, actor=request.user, was=request.POST.get("was", ""), **form.cleaned_data)
            return redirect(item.meeting)
        except StaleEdit as stale:
            form.add_error("title", f"{stale} {_('It says now:')} {stale.current}")
    context = {"form": form, "meeting": item.meeting, "item": item}
    return render_page(request, "collab/meetings/item.html", context, status=422 if form.errors else 200)


@require_POST
def item_move(request: SchoolRequest, uuid: UUID, way: str) -> HttpResponse:
    """One place up or down."""
    item = visible_item(request, uuid)
    agendas.move_item(item, actor=request.user, by=-1 if way == "up" else 1)
    return redirect(item.meeting)


@require_POST
def item_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Off this agenda; the topic waits for the next."""
    item = visible_item(request, uuid)
    meeting = item.meeting
    try:
        agendas.remove_item(item, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(meeting)


@require_POST
def candidate_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a candidate to a team's next meeting."""
    candidates = candidates_visible_to(request.user).select_related("student__school")
    candidate = get_object_or_404(candidates, uuid=uuid)
    team = get_object_or_404(teams_of_student(candidate.student), uuid=public_id(request.POST.get("team")))
    try:
        item = agendas.propose_candidate(candidate, actor=request.user, team=team)
        messages.success(request, _told(item, candidate.student))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("datareview:candidate-list" if request.POST.get("from") == "list" else candidate)


@require_POST
def plan_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a plan's review to its team's next meeting."""
    plan = get_object_or_404(plans_visible_to(request.user).select_related("student__school"), uuid=uuid)
    team = get_object_or_404(teams_visible_to(request.user), uuid=public_id(request.POST.get("team")))
    item = agendas.propose_review(plan, actor=request.user, team=team)
    messages.success(request, _told(item, plan.student))
    return redirect(plan)


@require_POST
def exhibit_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a view of the data to a team's next meeting."""
    team = get_object_or_404(teams_visible_to(request.user), uuid=uuid)
    parameters = {
        key: value for key, value in request.POST.items() if key not in ("view", "csrfmiddlewaretoken")
    }
    view = request.POST.get("view", "")
    try:
        title = title_of(view, parameters)
        item = agendas.propose_exhibit(
            team, actor=request.user, view=view, parameters=parameters, title=title
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(team)
    messages.success(request, _told(item, title))
    return redirect(item.meeting or team)


def _told(item: AgendaItem, what: object) -> str:
    """Where it went, in a sentence."""
    if item.meeting is None:
        return _("%(what)s waits for the next meeting of %(team)s.") % {"what": what, "team": item.topic.team}
    return _("%(what)s is on the agenda of %(team)s.") % {"what": what, "team": item.topic.team}
