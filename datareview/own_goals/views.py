"""Write down a student's own goal, change it, look back at it, and remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.own_goals import services
from datareview.own_goals.forms import LookBackForm, OwnGoalForm
from datareview.own_goals.permissions import own_goals_visible_to, students_who_set_goals
from teams.lib.http import render_form, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.own_goals.models import OwnGoal
    from teams.lib.requests import SchoolRequest

PAGE = "datareview/own_goals/edit.html"


def own_goal_set(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Write down a goal that a student set."""
    student = get_object_or_404(students_who_set_goals(request.user), uuid=uuid)
    form = OwnGoalForm(request.POST or None, student=student)
    return save_form(
        request,
        form,
        lambda: services.set_own_goal(student, actor=request.user, values=form.values()),
        page=lambda: render_form(request, PAGE, form, {"student": student}),
        then=student,
        done=_("The goal is on the page."),
    )


def own_goal_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a goal. A concurrent edit shows the other version."""
    goal = _goal(request, uuid)
    form = OwnGoalForm(request.POST or None, student=goal.student, goal=goal)

    def newest() -> dict[str, object]:
        goal.refresh_from_db()
        return {"seen": goal.version}

    return save_form(
        request,
        form,
        lambda: services.edit_own_goal(
            goal, actor=request.user, values=form.values(), seen=form.cleaned_data["seen"] or 0
        ),
        page=lambda: render_form(request, PAGE, form, _context(goal)),
        then=goal.student,
        done=_("Saved."),
        field="words",
        newest=newest,
    )


@require_POST
def own_goal_close(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Look back at a goal."""
    goal = _goal(request, uuid)
    form = LookBackForm(request.POST)
    start = OwnGoalForm(student=goal.student, goal=goal)
    return save_form(
        request,
        form,
        lambda: services.close_own_goal(
            goal, actor=request.user, state=form.cleaned_data["state"], said=form.cleaned_data["said"]
        ),
        page=lambda: render_form(request, PAGE, start, _context(goal) | {"look_back": form}),
        then=goal.student,
        done=_("Saved."),
    )


@require_POST
def own_goal_reopen(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Let a student work on a goal again."""
    goal = _goal(request, uuid)
    return run_service(request, lambda: services.reopen_own_goal(goal, actor=request.user), back=goal)


@require_POST
def own_goal_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Delete a goal."""
    goal = _goal(request, uuid)
    return run_service(
        request,
        lambda: services.remove_own_goal(goal, actor=request.user),
        back=goal.student,
        done=_("The goal was removed."),
    )


def _goal(request: SchoolRequest, uuid: UUID) -> OwnGoal:
    return get_object_or_404(own_goals_visible_to(request.user), uuid=uuid)


def _context(goal: OwnGoal) -> dict[str, object]:
    return {"student": goal.student, "goal": goal, "look_back": LookBackForm()}
