"""Show and finish action items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from collab.actions import services as actions
from collab.actions.forms import DropForm
from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to, may_finish
from collab.actions.queries import opens_of
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def action_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show an action item with its owner, due date and meeting."""
    rows = actions_visible_to(request.user).select_related(
        "owner__user", "team__school", "item__meeting", "student", "plan__student", "plan__strategy"
    )
    action = get_object_or_404(rows, uuid=uuid)
    context = {
        "action": action,
        "today": action.team.school.today(),
        "may_finish": may_finish(request.user, action),
        "may_open": opens_of(request.user, action),
        "drop_form": DropForm(),
    }
    return render_page(request, "collab/actions/detail.html", context)


@require_POST
def action_finish(request: SchoolRequest, uuid: UUID, state: str) -> HttpResponse:
    """Finish, drop or reopen an action item."""
    rows = actions_visible_to(request.user).select_related(
        "team__school", "owner__user", "student", "item__meeting"
    )
    action = get_object_or_404(rows, uuid=uuid)
    form = DropForm(request.POST) if state == Action.State.DROPPED else None

    def finish() -> None:
        reason = form.cleaned_data["reason"] if form else ""
        action.state = actions.finish_action(action, actor=request.user, state=state, reason=reason).state

    def row() -> HttpResponse:
        context = {"action": action, "today": action.team.school.today()}
        return render_page(request, "components/action_item.html", context)

    return run_service(
        request,
        finish,
        back=action,
        then=(action.item and action.item.meeting) or "collab:home-show",
        region=row,
        form=form,
    )
