"""Changing an agenda, and sending things to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.forms.agendas import DeferForm, EditItemForm, ItemForm
from collab.forms.room import AnswerForm
from collab.permissions import items_visible_to
from collab.services import agendas, contributions, exhibits, proposals, queue
from collab.views.meetings import visible_meeting
from datareview.permissions import candidates_visible_to, plans_visible_to, teams_of_student
from datareview.queries.exhibits import title_of
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.pages import public_id, render_page
from teams.permissions import teams_visible_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from collab.models import AgendaItem, Meeting
    from teams.lib.requests import SchoolRequest


def visible_item(request: SchoolRequest, uuid: UUID) -> AgendaItem:
    """The agenda item of a meeting, if the user may read it; else 404."""
    items = items_visible_to(request.user).exclude(meeting=None)
    return get_object_or_404(items.select_related("meeting__team__school", "topic"), uuid=uuid)


@require_POST
def item_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add an item to a meeting's agenda."""
    meeting = visible_meeting(request, uuid)
    form = ItemForm(request.POST, meeting=meeting)
    if form.is_valid():
        try:
            agendas.add_item(meeting, actor=request.user, **form.cleaned_data)
            return redirect(meeting)
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"form": form, "meeting": meeting}
    return render_page(request, "collab/meetings/item.html", context, status=422)


def item_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change an item; what somebody else wrote meanwhile is shown beside one's own."""
    item = visible_item(request, uuid)
    form = EditItemForm(request.POST or None, initial=EditItemForm.start(item), meeting=item.meeting)
    if request.method == "POST" and form.is_valid():
        try:
            agendas.edit_item(item, actor=request.user, **form.cleaned_data)
            return redirect(item.meeting)
        except StaleEdit as stale:
            form.add_error("title", f"{stale} {_('It says now:')} {stale.current}")
            form.data = {**form.data.dict(), "readers": form.data.getlist("readers"), "version": item.version}
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"form": form, "meeting": item.meeting, "item": item}
    return render_page(request, "collab/meetings/item.html", context, status=422 if form.errors else 200)


@require_POST
def item_move(request: SchoolRequest, uuid: UUID, way: str) -> HttpResponse:
    """One place up or down."""
    item = visible_item(request, uuid)
    return _do(
        request,
        item.meeting,
        lambda: agendas.move_item(item, actor=request.user, by=-1 if way == "up" else 1),
    )


@require_POST
def items_order(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The whole agenda in another order: what dragging sends."""
    meeting = visible_meeting(request, uuid)
    order = request.POST.getlist("item")
    return _do(request, meeting, lambda: agendas.order_items(meeting, actor=request.user, order=order))


@require_POST
def item_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Off this agenda; the topic waits for the next."""
    item = visible_item(request, uuid)
    return _do(request, item.meeting, lambda: agendas.remove_item(item, actor=request.user))


@require_POST
def item_answer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Answer an item's question before the meeting."""
    item, form = visible_item(request, uuid), AnswerForm(request.POST)

    def answer() -> None:
        if not form.is_valid():
            raise DomainError(_("There is no text yet. Write what you see, then add it."))
        contributions.answer_before(item, actor=request.user, **form.cleaned_data)

    return _do(request, item.meeting, answer)


@require_POST
def exhibit_predict(request: SchoolRequest, uuid: UUID, exhibit: UUID) -> HttpResponse:
    """Keep a chart back until those present have predicted, or not."""
    item = visible_item(request, uuid)
    row = get_object_or_404(item.exhibits.select_related("item__meeting"), uuid=exhibit)
    wanted = request.POST.get("wanted") == "yes"
    return _do(request, item.meeting, lambda: exhibits.ask_to_predict(row, actor=request.user, wanted=wanted))


@require_POST
def agenda_fill(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Fill the agenda from the queue while its minutes last."""
    meeting = visible_meeting(request, uuid)

    def fill() -> None:
        came = queue.gather_due(meeting, actor=request.user)
        told = ngettext("%(n)s item came on the agenda.", "%(n)s items came on the agenda.", came) % {
            "n": came
        }
        messages.success(request, told if came else _("Nothing more fits into the slot."))

    return _do(request, meeting, fill)


@require_POST
def entry_take(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Put one entry of the queue on the agenda."""
    meeting, key = visible_meeting(request, uuid), request.POST.get("key", "")
    return _do(request, meeting, lambda: queue.take_entry(meeting, actor=request.user, key=key))


@require_POST
def entry_defer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Not now, with a reason."""
    meeting, form = visible_meeting(request, uuid), DeferForm(request.POST)

    def defer() -> None:
        if not form.is_valid():
            raise DomainError(_("Say until when it waits, and why."))
        queue.defer_entry(meeting, actor=request.user, **form.cleaned_data)

    return _do(request, meeting, defer)


@require_POST
def entry_restore(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Bring a deferred entry back now."""
    meeting, key = visible_meeting(request, uuid), request.POST.get("key", "")
    return _do(request, meeting, lambda: queue.undo_deferral(meeting, actor=request.user, key=key))


def _do(request: SchoolRequest, meeting: Meeting | None, work: Callable[[], object]) -> HttpResponse:
    """Do ``work``; what cannot be done is said on the meeting's page."""
    try:
        work()
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
        item = proposals.propose_candidate(candidate, actor=request.user, team=team)
        messages.success(request, _told(item, candidate.student))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("datareview:candidate-list" if request.POST.get("from") == "list" else candidate)


@require_POST
def plan_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a plan's review to its team's next meeting."""
    plan = get_object_or_404(plans_visible_to(request.user).select_related("student__school"), uuid=uuid)
    team = get_object_or_404(teams_visible_to(request.user), uuid=public_id(request.POST.get("team")))
    try:
        item = proposals.propose_review(plan, actor=request.user, team=team)
        messages.success(request, _told(item, plan.student))
    except DomainError as error:
        messages.error(request, str(error))
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
        item = proposals.propose_exhibit(
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
