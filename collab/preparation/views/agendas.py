"""Changing an agenda, and sending things to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.agendas.forms import ExhibitForm
from collab.agendas.http import visible_item
from collab.agendas.queries.exhibits import exhibits_on
from collab.agendas.services import items
from collab.discussion import services as contributions
from collab.discussion.forms import AnswerForm
from collab.meetings.forms import CancelForm, GuestForm
from collab.meetings.http import visible_meeting
from collab.preparation.forms import DeferForm, EditItemForm, ItemForm
from collab.preparation.queries.agenda_page import agenda_of
from collab.preparation.services import queue
from collab.room.queries.room import room_of
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.hidden_names import hide_names
from teams.lib.pages import render_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from collab.meetings.models import Meeting
    from collab.preparation.services.queue import Filled
    from teams.lib.requests import SchoolRequest


NAMED = 4  # of what was left out


@require_POST
def item_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add an item to a meeting's agenda."""
    meeting = visible_meeting(request, uuid)
    form = ItemForm(request.POST, meeting=meeting)
    if form.is_valid():
        try:
            items.add_item(meeting, actor=request.user, **form.cleaned_data)
            return redirect(meeting)
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"form": form, "meeting": meeting}
    return render_page(request, "collab/preparation/item.html", context, status=422)


def item_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change an item; what somebody else wrote meanwhile is shown beside one's own."""
    item = visible_item(request, uuid)
    meeting = item.agenda_meeting
    form = EditItemForm(request.POST or None, initial=EditItemForm.start(item), meeting=meeting)
    if request.method == "POST" and form.is_valid():
        try:
            items.edit_item(item, actor=request.user, **form.cleaned_data)
            return redirect(meeting)
        except StaleEdit as stale:
            form.add_error("title", f"{stale} {_('It says now:')} {stale.current}")
            readers = request.POST.getlist("readers")
            form.data = {**request.POST.dict(), "readers": readers, "version": item.version}
        except DomainError as error:
            form.add_error(None, str(error))
    context = {
        "form": form,
        "meeting": meeting,
        "item": item,
        "exhibits": exhibits_on(request.user, item),
        "exhibit_form": ExhibitForm(item=item, user=request.user),
    }
    return render_page(request, "collab/preparation/item.html", context, status=422 if form.errors else 200)


@require_POST
def item_move(request: SchoolRequest, uuid: UUID, way: str) -> HttpResponse:
    """One place up or down."""
    item = visible_item(request, uuid)
    by = -1 if way == "up" else 1
    return _do(
        request,
        item.meeting,
        lambda: items.move_item(item, actor=request.user, by=by),
        at=f"item-{item.uuid}",
    )


@require_POST
def items_order(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The whole agenda in another order: what dragging sends."""
    meeting = visible_meeting(request, uuid)
    order = request.POST.getlist("item")
    return _do(request, meeting, lambda: items.order_items(meeting, actor=request.user, order=order))


@require_POST
def item_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Off this agenda; the topic waits for the next."""
    item = visible_item(request, uuid)
    return _do(request, item.meeting, lambda: items.remove_item(item, actor=request.user))


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
def agenda_fill(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Fill the agenda from the queue while its minutes last; what did not fit is told."""
    meeting = visible_meeting(request, uuid)

    def fill() -> None:
        filled = queue.fill_agenda(meeting, actor=request.user)
        messages.success(request, _filled(filled))

    return _do(request, meeting, fill)


def _filled(filled: Filled) -> str:
    """What came and what did not fit, in sentences."""
    came, left = len(filled.came), len(filled.left)
    told = [
        ngettext("%(n)s item came on the agenda.", "%(n)s items came on the agenda.", came) % {"n": came}
        if came
        else _("Nothing more fits into the slot.")
    ]
    if left:
        first = ", ".join(entry.title for entry in filled.left[:NAMED])
        more = ngettext("and %(n)s more", "and %(n)s more", left - NAMED) % {"n": left - NAMED}
        what = f"{first} {more}" if left > NAMED else first
        told.append(_("Left out, and still waiting: %(what)s.") % {"what": what})
    return " ".join(told)


@require_POST
def entry_take(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Put one entry of the queue on the agenda; dropped in front of an item, it stands there."""
    meeting, key = visible_meeting(request, uuid), request.POST.get("key", "")
    before = request.POST.get("before", "")
    return _do(
        request,
        meeting,
        lambda: queue.take_entry(meeting, actor=request.user, key=key, before=before),
        at="queue",
    )


@require_POST
def entry_defer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Not now, with a reason."""
    meeting, form = visible_meeting(request, uuid), DeferForm(request.POST)

    def defer() -> None:
        if not form.is_valid():
            raise DomainError(_("Say until when it waits, and why."))
        queue.defer_entry(meeting, actor=request.user, **form.cleaned_data)

    return _do(request, meeting, defer, at="queue")


@require_POST
def entry_drop(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Not needed any more, with a reason."""
    meeting = visible_meeting(request, uuid)
    key, reason = (request.POST.get(name, "") for name in ("key", "reason"))
    return _do(
        request,
        meeting,
        lambda: queue.drop_entry(meeting, actor=request.user, key=key, reason=reason),
        at="queue",
    )


@require_POST
def entry_restore(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Bring a deferred entry back now."""
    meeting, key = visible_meeting(request, uuid), request.POST.get("key", "")
    return _do(
        request, meeting, lambda: queue.undo_deferral(meeting, actor=request.user, key=key), at="queue"
    )


def _do(
    request: SchoolRequest, meeting: Meeting | None, work: Callable[[], object], *, at: str = ""
) -> HttpResponse:
    """Do ``work``; what cannot be done is said on the meeting's page, which opens ``at`` a place.

    A script (dragging, keys) gets the agenda's list alone, or the sentence.
    """
    page = str(meeting.get_absolute_url()) if meeting else "/"
    try:
        work()
    except DomainError as error:
        if request.htmx:
            return HttpResponse(escape(hide_names(str(error))), status=422)
        messages.error(request, str(error))
    if request.htmx:
        return redirect(f"{page}?region=agenda")
    return redirect(f"{page}#{at}" if at else page)


def _agenda(request: SchoolRequest, meeting: Meeting, region: str) -> HttpResponse:
    context = {
        "room": (room := room_of(request.user, meeting)),
        "page": agenda_of(room),
        "item_form": ItemForm(meeting=meeting),
        "answer_form": AnswerForm(),
        "guest_form": GuestForm(meeting=meeting),
        "cancel_form": CancelForm(),
    }
    return render_page(request, "collab/preparation/agenda.html", context, partial=region)
