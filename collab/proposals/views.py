"""Propose a candidate, a plan or a chart for a team's next meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.agendas.forms import StudentChartForm
from collab.proposals import services
from collab.proposals.queries import recipient_teams
from datareview.comparisons.queries.pinned import picked_parameters
from datareview.explore.http import picking_page
from datareview.explore.queries.page import address_of_question
from datareview.flags.permissions import candidates_visible_to
from datareview.plans.permissions import plans_visible_to
from datareview.progress.http import desk_page
from datareview.records.permissions import students_visible_to, teams_of_student
from teams.access.permissions import teams_visible_to
from teams.lib.http import run_service
from teams.lib.parameters import public_id
from teams.lib.sent_forms import typed_fields

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.agendas.models import AgendaItem
    from datareview.flags.models import Candidate
    from teams.lib.requests import SchoolRequest


@require_POST
def candidate_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a candidate to a team's next meeting."""
    candidates = candidates_visible_to(request.user).select_related("student__school")
    candidate = get_object_or_404(candidates, uuid=uuid)
    team = get_object_or_404(teams_of_student(candidate.student), uuid=public_id(request.POST.get("team")))
    return run_service(
        request,
        lambda: services.propose_candidate(candidate, actor=request.user, team=team),
        back=_back(request, candidate),
        done=lambda item: proposal_message(item, candidate.student),
    )


def _back(request: SchoolRequest, candidate: Candidate) -> Candidate | str:
    """Where a candidate was sent from: the desk with its next line, the list, or the candidate's page."""
    if (desk := request.POST.get("desk")) is not None:
        return desk_page(desk)
    return reverse("datareview:candidate-list") if request.POST.get("from") == "list" else candidate


@require_POST
def plan_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a plan's review to its team's next meeting."""
    plans = (
        plans_visible_to(request.user).exclude(team=None).select_related("student__school", "team__school")
    )
    plan: Any = get_object_or_404(plans, uuid=uuid)
    return run_service(
        request,
        lambda: services.propose_review(plan, actor=request.user, team=plan.team),
        back=plan,
        done=lambda item: proposal_message(item, plan.student),
    )


def proposal_message(item: AgendaItem, what: object) -> str:
    """Where the proposal went, in a sentence."""
    if item.meeting is None:
        return _("%(what)s is in the queue for the next meeting of %(team)s.") % {
            "what": what,
            "team": item.topic.team,
        }
    return _("%(what)s is on the agenda of %(team)s.") % {"what": what, "team": item.topic.team}


@require_POST
def exhibit_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a view of the data to a team's next meeting."""
    team = get_object_or_404(teams_visible_to(request.user), uuid=uuid)
    parameters = typed_fields(request)
    view = parameters.pop("view", "")
    return _propose(request, team, view, parameters)


@require_POST
def students_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send students who were picked in Explore, as one item, to a team's next meeting."""
    team = get_object_or_404(teams_visible_to(request.user), uuid=uuid)
    page = picking_page(request)
    picked = page.picked(set(request.POST.getlist("student")), everyone="everyone" in request.POST)

    def propose() -> AgendaItem:
        parameters = picked_parameters(team, page.question, picked)
        return services.propose_exhibit(team, actor=request.user, view="explore", parameters=parameters)

    return run_service(
        request,
        propose,
        back=address_of_question(page.question),
        then=lambda item: item.meeting or team,
        done=lambda item: proposal_message(item, item.title),
    )


@require_POST
def chart_propose(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a student's chart to the next meeting of a team that works with the student."""
    student = get_object_or_404(students_visible_to(request.user), uuid=uuid)
    teams = recipient_teams(request.user, student)
    form = StudentChartForm(request.POST, student=student, teams=teams)
    if not form.is_valid():
        messages.error(request, _("Choose a chart and a team."))
        return redirect(student)
    team = next(one for one in teams if one.uuid == public_id(form.cleaned_data["team"]))
    return _propose(request, team, **form.chosen())


def _propose(request: SchoolRequest, team: Any, view: str, parameters: dict[str, str]) -> HttpResponse:
    return run_service(
        request,
        lambda: services.propose_exhibit(team, actor=request.user, view=view, parameters=parameters),
        back=team,
        then=lambda item: item.meeting or team,
        done=lambda item: proposal_message(item, item.title),
    )
