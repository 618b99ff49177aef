"""Changing an agenda, and sending things to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.agendas.forms import ExhibitForm
from collab.agendas.http import visible_item
from collab.agendas.queries.exhibits import exhibits_on
from collab.agendas.services import items
from collab.discussion import services as contributions
from collab.discussion.forms import AnswerForm
from collab.meetings.http import visible_meeting
from collab.preparation.forms import DeferForm, EditItemForm, ItemForm
from collab.preparation.services import queue
from teams.lib.http import render_form, run_service, save_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from collab.meetings.models import Meeting
    from collab.preparation.services.queue import Filled
    from teams.lib.requests import SchoolRequest

T = TypeVar("T")
NAMED = 4  # of what was left out


@require_POST
def item_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add an item to a meeting's agenda."""
    meeting = visible_meeting(request, uuid)
    form = ItemForm(request.POST, meeting=meeting)
    return save_form(
        request,
        form,
        lambda: items.add_item(meeting, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "collab/preparation/item.html", form, {"meeting": meeting}),
        then=meeting,
    )


def item_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change an item; what somebody else wrote meanwhile is shown beside one's own."""
    item = visible_item(request, uuid)
    meeting = item.agenda_meeting
    form = EditItemForm(request.POST or None, initial=EditItemForm.start(item), meeting=meeting)

    def page() -> HttpResponse:
        context = {
            "meeting": meeting,
            "item": item,
            "exhibits": exhibits_on(request.user, item),
            "exhibit_form": ExhibitForm(item=item, user=request.user),
        }
        return render_form(request, "collab/preparation/item.html", form, context)

    def newest() -> dict[str, object]:
        item.refresh_from_db()
        return {"version": item.version}

    return save_form(
        request,
        form,
        lambda: items.edit_item(item, actor=request.user, **form.cleaned_data),
        page=page,
        then=meeting,
        field="title",
        newest=newest,
    )


@require_POST
def item_move(request: SchoolRequest, uuid: UUID, way: str) -> HttpResponse:
    """One place up or down."""
    item = visible_item(request, uuid)
    by = -1 if way == "up" else 1
    return _change(
        request,
        item.agenda_meeting,
        lambda: items.move_item(item, actor=request.user, by=by),
        at=f"item-{item.uuid}",
    )


@require_POST
def items_order(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The whole agenda in another order: what dragging sends."""
    meeting = visible_meeting(request, uuid)
    order = request.POST.getlist("item")
    return _change(request, meeting, lambda: items.order_items(meeting, actor=request.user, order=order))


@require_POST
def item_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Off this agenda; the topic waits for the next."""
    item = visible_item(request, uuid)
    return _change(request, item.agenda_meeting, lambda: items.remove_item(item, actor=request.user))


@require_POST
def item_answer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Answer an item's question before the meeting."""
    item, form = visible_item(request, uuid), AnswerForm(request.POST)
    return _change(
        request,
        item.agenda_meeting,
        lambda: contributions.answer_before(item, actor=request.user, **form.cleaned_data),
        form=form,
        invalid=_("There is no text yet. Write what you see, then add it."),
    )


@require_POST
def agenda_fill(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Fill the agenda from the queue while its minutes last; what did not fit is told."""
    meeting = visible_meeting(request, uuid)
    return _change(request, meeting, lambda: queue.fill_agenda(meeting, actor=request.user), done=_filled)


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
    return _change(
        request,
        meeting,
        lambda: queue.take_entry(meeting, actor=request.user, key=key, before=before),
        at="queue",
    )


@require_POST
def entry_defer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Not now, with a reason."""
    meeting, form = visible_meeting(request, uuid), DeferForm(request.POST)
    return _change(
        request,
        meeting,
        lambda: queue.defer_entry(meeting, actor=request.user, **form.cleaned_data),
        at="queue",
        form=form,
        invalid=_("Say until when it waits, and why."),
    )


@require_POST
def entry_drop(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Not needed any more, with a reason."""
    meeting = visible_meeting(request, uuid)
    key, reason = (request.POST.get(name, "") for name in ("key", "reason"))
    return _change(
        request,
        meeting,
        lambda: queue.drop_entry(meeting, actor=request.user, key=key, reason=reason),
        at="queue",
    )


@require_POST
def entry_restore(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Bring a deferred entry back now."""
    meeting, key = visible_meeting(request, uuid), request.POST.get("key", "")
    return _change(
        request, meeting, lambda: queue.undo_deferral(meeting, actor=request.user, key=key), at="queue"
    )


def _change(
    request: SchoolRequest,
    meeting: Meeting,
    work: Callable[[], T],
    *,
    at: str = "",
    done: str | Callable[[T], str] = "",
    form: Form | None = None,
    invalid: str = "",
) -> HttpResponse:
    """Change the agenda of ``meeting``; its page opens ``at`` a place, a script gets the agenda's list alone."""
    page = meeting.get_absolute_url()
    return run_service(
        request,
        work,
        back=f"{page}#{at}" if at else page,
        done=done,
        region=lambda: redirect(f"{page}?region=agenda"),
        form=form,
        invalid=invalid,
    )
