"""Edit an agenda and manage the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.agendas.forms import ExhibitForm
from collab.agendas.http import visible_item
from collab.agendas.models import Topic
from collab.agendas.queries.exhibits import exhibits_on
from collab.agendas.services import items
from collab.discussion import services as contributions
from collab.discussion.forms import AnswerForm
from collab.meetings.http import visible_meeting
from collab.meetings.permissions import may_run
from collab.preparation.forms import DeferForm, DropEntryForm, EditItemForm, ItemForm
from collab.preparation.services import queue
from teams.lib.http import render_form, run_service, save_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from collab.meetings.models import Meeting
    from collab.preparation.services.queue import FillResult
    from teams.lib.requests import SchoolRequest

T = TypeVar("T")
NAMED = 4  # entries named in the message


@require_POST
def item_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add an item to a meeting's agenda."""
    meeting = visible_meeting(request, uuid)
    form = ItemForm(request.POST, meeting=meeting, user=request.user)
    return save_form(
        request,
        form,
        lambda: items.add_item(meeting, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "collab/preparation/item.html", form, {"meeting": meeting}),
        then=lambda _item: f"{meeting.get_absolute_url()}?more=yes",  # its form stays open for the next one
        done=lambda item: (
            _("“%(title)s” is on the agenda, %(minutes)s min.")
            % {"title": item.title, "minutes": item.minutes}
        ),
    )


def item_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit an item. A concurrent edit shows the other version."""
    item = visible_item(request, uuid)
    meeting = item.agenda_meeting
    if not may_run(request.user, meeting):
        raise PermissionDenied
    form = EditItemForm(request.POST or None, item=item, meeting=meeting, user=request.user)

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
    """Move an item up or down by one."""
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
    """Reorder the whole agenda after dragging."""
    meeting = visible_meeting(request, uuid)
    order = request.POST.getlist("item")
    return _change(request, meeting, lambda: items.order_items(meeting, actor=request.user, order=order))


@require_POST
def item_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Remove an item from this agenda. Its topic returns to the queue."""
    item = visible_item(request, uuid)
    is_step = item.topic.kind == Topic.Kind.STEP
    done = _("Removed: %(title)s.") if is_step else _("Removed: %(title)s. It is back in the queue.")
    return _change(
        request,
        item.agenda_meeting,
        lambda: items.remove_item(item, actor=request.user),
        done=done % {"title": item.title},
    )


@require_POST
def item_answer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Answer an item's question before the meeting."""
    item, form = visible_item(request, uuid), AnswerForm(request.POST)
    return _change(
        request,
        item.agenda_meeting,
        lambda: contributions.answer_before(item, actor=request.user, **form.cleaned_data),
        at=f"ask-{item.uuid}",
        done=_("Your answer is saved."),
        form=form,
        invalid=_("Write what you see first, then add it."),
    )


@require_POST
def agenda_fill(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Fill the agenda from the queue while there are minutes, and report what did not fit."""
    meeting = visible_meeting(request, uuid)
    return _change(
        request, meeting, lambda: queue.fill_agenda(meeting, actor=request.user), done=_fill_message
    )


def _fill_message(result: FillResult) -> str:
    """What was added and what did not fit, in sentences."""
    added, left_out = len(result.added), len(result.left_out)
    sentences = [
        ngettext("%(n)s item was added to the agenda.", "%(n)s items were added to the agenda.", added)
        % {"n": added}
        if added
        else _("Nothing more fits in the meeting.")
    ]
    if left_out:
        first = ", ".join(entry.title for entry in result.left_out[:NAMED])
        more = ngettext("and %(n)s more", "and %(n)s more", left_out - NAMED) % {"n": left_out - NAMED}
        what = f"{first} {more}" if left_out > NAMED else first
        sentences.append(_("Still in the queue: %(what)s.") % {"what": what})
    return " ".join(sentences)


@require_POST
def entry_take(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a queue entry to the agenda, in front of an item if dropped there."""
    meeting, key = visible_meeting(request, uuid), request.POST.get("key", "")
    before = request.POST.get("before", "")
    return _change(
        request,
        meeting,
        lambda: queue.take_entry(meeting, actor=request.user, key=key, before=before),
        at="queue",
        done=lambda item: _("Added to the agenda: %(title)s.") % {"title": item.title},
    )


@require_POST
def entry_defer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Defer a queue entry, with a reason."""
    meeting, form = visible_meeting(request, uuid), DeferForm(request.POST)
    return _change(
        request,
        meeting,
        lambda: queue.defer_entry(meeting, actor=request.user, **form.cleaned_data),
        at="queue",
        form=form,
        invalid=_("Say why it waits, and until when."),
    )


@require_POST
def entry_drop(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Drop a queue entry, with a reason."""
    meeting, form = visible_meeting(request, uuid), DropEntryForm(request.POST)
    return _change(
        request,
        meeting,
        lambda: queue.drop_entry(meeting, actor=request.user, **form.cleaned_data),
        at="queue",
        form=form,
        invalid=_("Say in a few words why it is no longer needed."),
    )


@require_POST
def entry_restore(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Return a deferred entry to the queue."""
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
    """Change the agenda of ``meeting``. The page opens at anchor ``at``; htmx gets the agenda region only."""
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
