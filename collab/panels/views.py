"""Panels about meetings on pages of the apps below, see `teams.lib.panels`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from collab.agendas.forms import StudentChartForm
from collab.panels.queries import dashboard_teams, plan_threads, student_threads
from collab.planning.queries.holiday_clashes import holiday_clashes_for
from collab.proposals.forms import SendForm
from collab.proposals.permissions import may_propose_review
from collab.proposals.queries import recipient_teams, send_choices
from teams.access.permissions import may_take_part

if TYPE_CHECKING:
    from typing import Any

    from datareview.flags.models import Candidate
    from datareview.plans.models import Plan
    from datareview.records.models import Student
    from teams.directory.models import School
    from teams.lib.requests import SchoolRequest


def student_panel(request: SchoolRequest, student: Student) -> str:
    """Where teams discuss a student, with decisions and action items."""
    teams = recipient_teams(request.user, student)
    context = {
        "threads": student_threads(request.user, student),
        "student": student,
        "teams": teams,
        "form": StudentChartForm(student=student, teams=teams) if teams else None,
    }
    return render_to_string("collab/panels/student.html", context, request)


def student_head_panel(request: SchoolRequest, student: Student) -> str:
    """The next meeting that speaks about a student."""
    visit = student_threads(request.user, student).next_visit
    return render_to_string("collab/panels/student_head.html", {"visit": visit}, request) if visit else ""


def candidate_panel(request: SchoolRequest, candidate: Candidate) -> str:
    """Send a candidate to a team's next meeting, or show where it already is."""
    choices = send_choices(request.user, candidate)
    context = {"choices": choices, "form": SendForm(candidate, choices.teams), "candidate": candidate}
    return render_to_string("collab/panels/candidate.html", context, request)


def plan_panel(request: SchoolRequest, plan: Plan) -> str:
    """The meetings where a plan was or will be discussed."""
    context = {
        "threads": plan_threads(request.user, plan),
        "plan": plan,
        "team": plan.team if plan.team and may_take_part(request.user, plan.team) else None,
        "may_propose": plan.team is not None and may_propose_review(request.user, plan.team),
    }
    return render_to_string("collab/panels/plan.html", context, request)


def dashboard_panel(request: SchoolRequest, panel: Any) -> str:
    """Send a chart to the team's next meeting."""
    if not dashboard_teams(request.user, panel.team):
        return ""
    return render_to_string("collab/panels/dashboard.html", {"panel": panel}, request)


def calendar_panel(request: SchoolRequest, school: School) -> str:
    """Series meetings on holidays that the reader may cancel."""
    clashes = list(holiday_clashes_for(request.user, school))
    if not clashes:
        return ""
    return render_to_string("collab/panels/calendar.html", {"clashes": clashes}, request)
