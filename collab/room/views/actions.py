"""Live-meeting actions. Each returns the changed region to htmx, or redirects to the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django_htmx.http import retarget

from collab.actions import services as actions
from collab.actions.forms import ActionForm
from collab.agendas.permissions import exhibits_visible_to, items_visible_to
from collab.agendas.services import items
from collab.discussion import services as contributions
from collab.discussion.forms import ContributionForm, GroupForm, PredictionForm, RewordForm
from collab.discussion.queries import clusters_visible_to, contributions_visible_to, own_contributions
from collab.feedback import services as feedback
from collab.followup.forms import CauseForm, QuestionForm, TeachingForm
from collab.followup.services import causes, questions
from collab.meetings.http import visible_meeting
from collab.meetings.permissions import may_take_part_in
from collab.meetings.queries.participants import team_members
from collab.meetings.services import roles
from collab.room.forms import ParkForm
from collab.room.queries.room import room_of
from collab.room.services import clock, predictions
from collab.room.services.lifecycle import mark_attendance
from collab.room.views.room import respond, wanted_of
from teams.lib.http import render_form, render_page, save_form, wants_partial
from teams.lib.parameters import public_id
from teams.lib.sent_forms import typed_fields

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.agendas.models import AgendaItem, Exhibit
    from collab.discussion.models import Contribution
    from teams.lib.requests import SchoolRequest


def readable_item(request: SchoolRequest, uuid: UUID, item: UUID) -> AgendaItem:
    """An item of the meeting that the user may read, otherwise 404."""
    rows = items_visible_to(request.user).filter(meeting__uuid=uuid)
    return get_object_or_404(rows.select_related("meeting__team__school"), uuid=item)


def readable_contribution(
    request: SchoolRequest, uuid: UUID, contribution: UUID, *, own: bool = False
) -> Contribution:
    """A contribution the user may read, otherwise 404. ``own``: only their own, including retracted ones."""
    items = items_visible_to(request.user).filter(meeting__uuid=uuid)
    rows = contributions_visible_to(request.user, items)
    if own:
        rows = own_contributions(request.user, items)
    return get_object_or_404(rows.select_related("item__meeting__team"), uuid=contribution)


@require_POST
def contribution_add(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Add a contribution."""
    row = readable_item(request, uuid, item)
    return respond(
        request,
        uuid,
        "contributions",
        contributions.add_contribution,
        row,
        form=ContributionForm(request.POST),
    )


def contribution_menu(request: SchoolRequest, uuid: UUID, contribution: UUID) -> HttpResponse:
    """Show the menu of a contribution: group it; reword or retract one's own."""
    row = readable_contribution(request, uuid, contribution)
    if not may_take_part_in(request.user, row.item.agenda_meeting):
        raise PermissionDenied
    context = {
        "contribution": row,
        "meeting": row.item.meeting,
        "form": GroupForm(row, row.item.clusters.order_by("pk")),
    }
    return render_page(request, "collab/room/menu.html", context, partial="menu")


def contribution_edit(request: SchoolRequest, uuid: UUID, contribution: UUID) -> HttpResponse:
    """Reword one's own contribution. A concurrent edit shows the other version."""
    row = readable_contribution(request, uuid, contribution, own=True)
    start = {"kind": row.kind, "text": row.text, "version": row.version}
    form = RewordForm(request.POST or None, initial=start)
    context = {"contribution": row, "meeting": row.item.agenda_meeting}

    def newest() -> dict[str, object]:
        row.refresh_from_db()
        return {"version": row.version}

    return save_form(
        request,
        form,
        lambda: contributions.edit_contribution(row, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "collab/room/reword.html", form, context),
        then=row.item.agenda_meeting,
        field="text",
        newest=newest,
    )


@require_POST
def contribution_remove(request: SchoolRequest, uuid: UUID, contribution: UUID) -> HttpResponse:
    """Retract one's own contribution, or restore it."""
    row = readable_contribution(request, uuid, contribution, own=True)
    service = contributions.restore_contribution if row.deleted_at else contributions.retract_contribution
    return respond(request, uuid, "contributions", service, row)


@require_POST
def contribution_agree(request: SchoolRequest, uuid: UUID, contribution: UUID) -> HttpResponse:
    """Agree with a contribution, or undo it."""
    row, wanted = readable_contribution(request, uuid, contribution), wanted_of(request)
    return respond(request, uuid, "contributions", contributions.toggle_agreement, row, wanted=wanted)


@require_POST
def contribution_vote(request: SchoolRequest, uuid: UUID, contribution: UUID) -> HttpResponse:
    """Vote for a contribution, or undo it."""
    row, wanted = readable_contribution(request, uuid, contribution), wanted_of(request)
    work = contributions.toggle_vote
    return respond(request, uuid, "contributions", work, row.item, contribution=row, wanted=wanted)


@require_POST
def cluster_vote(request: SchoolRequest, uuid: UUID, cluster: UUID) -> HttpResponse:
    """Vote for a cluster, or undo it."""
    rows = clusters_visible_to(request.user).filter(item__meeting=visible_meeting(request, uuid))
    row = get_object_or_404(rows, uuid=cluster)
    work, wanted = contributions.toggle_vote, wanted_of(request)
    return respond(request, uuid, "contributions", work, row.item, cluster=row, wanted=wanted)


@require_POST
def contribution_group(request: SchoolRequest, uuid: UUID, contribution: UUID) -> HttpResponse:
    """Move a contribution to a cluster, a new one, or none."""
    row = readable_contribution(request, uuid, contribution)
    onto, title = request.POST.get("onto", ""), request.POST.get("title", "")
    if onto not in ("", "new"):
        onto = str(public_id(onto))
    return respond(
        request, uuid, "contributions", contributions.group_contribution, row, onto=onto, title=title
    )


@require_POST
def item_writing(request: SchoolRequest, uuid: UUID, item: UUID, way: str) -> HttpResponse:
    """Start private writing, or reveal all contributions."""
    row = readable_item(request, uuid, item)
    service = contributions.write_privately if way == "private" else contributions.reveal
    return respond(request, uuid, "room", service, row)


@require_POST
def prediction_add(request: SchoolRequest, uuid: UUID, exhibit: UUID) -> HttpResponse:
    """Predict what a chart will show."""
    row = _exhibit(request, uuid, exhibit)
    return respond(request, uuid, "item", predictions.predict, row, form=PredictionForm(request.POST))


@require_POST
def exhibit_lift(request: SchoolRequest, uuid: UUID, exhibit: UUID) -> HttpResponse:
    """Reveal a chart although not everyone has predicted."""
    row = _exhibit(request, uuid, exhibit)
    return respond(request, uuid, "room", predictions.reveal_exhibit, row)


@require_POST
def cause_add(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Add a cause."""
    row = readable_item(request, uuid, item)
    return respond(request, uuid, "teaching", causes.add_cause, row, form=CauseForm(request.POST))


@require_POST
def teaching_add(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Add a teaching change."""
    row = readable_item(request, uuid, item)
    return respond(request, uuid, "teaching", causes.commit_to_change, row, form=TeachingForm(request.POST))


@require_POST
def action_add(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Add an action item."""
    row = readable_item(request, uuid, item)
    form = ActionForm(request.POST, meeting=row.agenda_meeting)
    return respond(request, uuid, "decisions", actions.make_action, row, form=form)


@require_POST
def question_ask(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Ask the leaders a question."""
    row = readable_item(request, uuid, item)
    return respond(request, uuid, "decisions", questions.ask_leaders, row, form=QuestionForm(request.POST))


@require_POST
def item_park(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Park a topic for another meeting."""
    row = readable_item(request, uuid, item)
    return respond(request, uuid, "decisions", items.park, row, form=ParkForm(request.POST))


@require_POST
def item_go(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Move to an agenda item. If participants are not ready, explain why and ask for confirmation."""
    meeting = visible_meeting(request, uuid)
    try:
        return respond(
            request,
            uuid,
            "room",
            clock.go_to_item,
            meeting,
            item_uuid=str(item),
            expected=request.POST.get("current", ""),
            anyway=bool(request.POST.get("anyway")),
        )
    except clock.NotReady as waits:
        if not wants_partial(request):
            messages.warning(request, str(waits))
            return redirect(f"{meeting.get_absolute_url()}?anyway=1")
        room = room_of(request.user, meeting)
        chosen = next((one for one in room.agenda.items if one.uuid == item), None)
        context = {"room": room, "asks": str(waits), "goes_to": chosen}
        answer = render_page(request, "collab/room/_next.html", context)
        return retarget(answer, "#next")


@require_POST
def clock_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add two minutes to the current item."""
    meeting = visible_meeting(request, uuid)
    return respond(request, uuid, "clock", clock.add_minutes, meeting, minutes=2)


@require_POST
def attendance_mark(request: SchoolRequest, uuid: UUID, staff: UUID, mark: str) -> HttpResponse:
    """Set a participant's attendance mark."""
    meeting = visible_meeting(request, uuid)
    return respond(request, uuid, "people", mark_attendance, meeting, staff_uuid=str(staff), mark=mark)


@require_POST
def role_set(request: SchoolRequest, uuid: UUID, role: str) -> HttpResponse:
    """Assign a role, or clear it."""
    meeting, chosen = visible_meeting(request, uuid), request.POST.get("staff", "")
    staff = get_object_or_404(team_members(meeting), uuid=public_id(chosen)) if chosen else None
    return respond(request, uuid, "people", roles.set_role, meeting, role=role, staff=staff)


@require_POST
def pulse_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Submit meeting feedback."""
    meeting = visible_meeting(request, uuid)
    return respond(request, uuid, "pulse", feedback.rate_meeting, meeting, answers=typed_fields(request))


def _exhibit(request: SchoolRequest, uuid: UUID, exhibit: UUID) -> Exhibit:
    rows = exhibits_visible_to(request.user).filter(item__meeting=visible_meeting(request, uuid))
    return get_object_or_404(rows, uuid=exhibit)
