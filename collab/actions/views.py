"""Show, create, edit and finish action items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.actions import services as actions
from collab.actions.forms import ActionFilter, DropForm, EditForm, ProgressForm, TeamActionForm
from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to, may_change, may_finish
from collab.actions.queries.action_list import action_list_of
from collab.actions.queries.actions import history_of, next_due, opens_of
from datareview.plans.permissions import plans_visible_to
from datareview.records.permissions import students_visible_to
from teams.access.permissions import is_member, own_staff, teams_visible_to
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def action_list(request: SchoolRequest) -> HttpResponse:
    """List action items: the user's own or their teams', by the query string."""
    found = action_list_of(request.user, request.school, request.GET.dict())
    context = {"found": found, "filters": ActionFilter(request.GET, found), "wanted": request.GET}
    return render_page(request, "collab/actions/list.html", context)


def visible_action(request: SchoolRequest, uuid: UUID) -> Action:
    """The action item if the user may see it, otherwise 404."""
    rows = actions_visible_to(request.user).select_related(
        "owner__user",
        "made_by",
        "team__school",
        "item__meeting",
        "student",
        "plan__student",
        "plan__strategy",
    )
    return get_object_or_404(rows, uuid=uuid)


def action_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show an action item with its owner, due date, meeting and history."""
    action = visible_action(request, uuid)
    context = {
        "action": action,
        "today": action.team.school.today(),
        "history": history_of(action),
        "may_finish": may_finish(request.user, action),
        "may_change": may_change(request.user, action),
        "carry_to": next_due(action.team),
        "may_open": opens_of(request.user, action),
        "progress_form": ProgressForm(initial={"note": action.note}),
        "drop_form": DropForm(),
    }
    return render_page(request, "collab/actions/detail.html", context)


def action_create(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add an action item of a team; ``?student=`` or ``?plan=`` is what it is about."""
    team = get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)
    if not is_member(request.user, team):
        raise PermissionDenied
    student = plan = None
    if wanted := request.GET.get("plan"):
        plans = plans_visible_to(request.user).filter(student__school=team.school)
        plan = get_object_or_404(plans.select_related("student", "strategy"), uuid=public_id(wanted))
    elif wanted := request.GET.get("student"):
        students = students_visible_to(request.user).filter(school=team.school)
        student = get_object_or_404(students, uuid=public_id(wanted))
    own = own_staff(request.user, team.school)
    start = {"owner": own and own.uuid, "due_on": next_due(team)}
    form = TeamActionForm(request.POST or None, team=team, initial=start)
    context = {"team": team, "student": student, "plan": plan}
    return save_form(
        request,
        form,
        lambda: actions.create_action(
            team, actor=request.user, student=student, plan=plan, **form.cleaned_data
        ),
        page=lambda: render_form(request, "collab/actions/create.html", form, context),
        then=plan or student or team,
        done=_("Added. Its owner sees it on Home, and the team at its next meeting."),
        field="owner",
    )


def action_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit an action item. A concurrent edit shows the other version."""
    action = visible_action(request, uuid)
    if not may_change(request.user, action):
        raise PermissionDenied
    form = EditForm(request.POST or None, action=action)

    def newest() -> dict[str, object]:
        action.refresh_from_db()
        return {"version": action.version}

    return save_form(
        request,
        form,
        lambda: actions.edit_action(action, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "collab/actions/edit.html", form, {"action": action}),
        then=action,
        done=_("Saved."),
        field="text",
        newest=newest,
    )


@require_POST
def action_progress(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Say where an action item stands."""
    action = visible_action(request, uuid)
    form = ProgressForm(request.POST)
    return run_service(
        request,
        lambda: actions.report_progress(action, actor=request.user, **form.cleaned_data),
        back=action,
        form=form,
        done=_("Saved. The team sees it."),
    )


@require_POST
def action_carry(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Move an action item's due date to the team's next meeting."""
    action = visible_action(request, uuid)
    return run_service(request, lambda: actions.carry_action(action, actor=request.user), back=action)


@require_POST
def action_finish(request: SchoolRequest, uuid: UUID, state: str) -> HttpResponse:
    """Finish, drop or reopen an action item. Sent from the list, the page returns to it as it was (``list``)."""
    action, listed = visible_action(request, uuid), request.POST.get("list")
    form = DropForm(request.POST) if state == Action.State.DROPPED else None

    def finish() -> None:
        reason = form.cleaned_data["reason"] if form else ""
        action.state = actions.finish_action(action, actor=request.user, state=state, reason=reason).state

    def row() -> HttpResponse:
        context = {"action": action, "today": action.team.school.today(), "listed": listed}
        return render_page(request, "components/action_item.html", context)

    then = (action.item and action.item.meeting) or "collab:home-show"
    if listed is not None:
        then = f"{reverse('collab:action-list')}?{QueryDict(listed).urlencode()}#action-{action.uuid}"
    return run_service(
        request,
        finish,
        back=action,
        then=then,
        region=row,
        form=form,
    )
