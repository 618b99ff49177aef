"""The list of teams; adding several; copying them to another year; the school's rules about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.planning.services.team_ends import archive_teams, copy_to_year
from collab.team_page.forms import NewTeamForm, TeamFilter
from collab.team_page.queries.team_edit import usual_protocols
from collab.team_page.queries.team_list import (
    cancelled_by_copy,
    listed_teams,
    missing_grade_teams,
    subjects_of,
    team_list,
)
from teams.access.permissions import require_ability, teams_visible_to
from teams.lib import formats
from teams.lib.http import render_form, run_service, save_form
from teams.lists.picked import change_picked
from teams.team_admin.forms import CopyTeamsForm, RulesForm, TeamRowsForm
from teams.team_admin.services.members import set_team_rules
from teams.team_admin.services.teams import NewTeam, add_team, add_teams

if TYPE_CHECKING:
    from collections.abc import Container

    from django.http import HttpResponse, QueryDict

    from teams.directory.models import Team
    from teams.lib.requests import SchoolRequest


def teams_show(request: SchoolRequest) -> HttpResponse:
    """List the teams that the user may see."""
    return _list_page(request, request.GET)


def _list_page(
    request: SchoolRequest, wanted: QueryDict, *, form: Form | None = None, picked: Container[str] = ()
) -> HttpResponse:
    teams = team_list(request.user, request.school, wanted.dict())
    context = {
        "list": teams,
        "filters": TeamFilter(wanted, teams),
        "rules_form": RulesForm(initial=RulesForm.start(request.school)),
        "wanted": wanted,
        "picked": picked,
    }
    return render_form(request, "collab/team_page/list.html", form or Form(), context, partial="teams")


@require_POST
def teams_change(request: SchoolRequest) -> HttpResponse:
    """Archive the selected teams with their planned meetings, or bring them back."""
    require_ability(request.user, "edit_teams", request.school)
    is_active = request.POST.get("do") == "restore"
    form = Form(request.POST)

    def words(changed: list[Team]) -> str:
        many = len(changed)
        sentence = (
            ngettext("%(n)s team is back.", "%(n)s teams are back.", many)
            if is_active
            else ngettext("%(n)s team was archived.", "%(n)s teams were archived.", many)
        )
        return sentence % {"n": formats.number(many)}

    return change_picked(
        request,
        form,
        lambda rows: archive_teams(rows, actor=request.user, is_active=is_active),
        rows=teams_visible_to(request.user).filter(school=request.school),
        listed=lambda wanted: listed_teams(request.user, request.school, wanted),
        page=lambda wanted, picked: _list_page(request, wanted, form=form, picked=picked),
        back="collab:team-list",
        done=words,
    )


def team_add(request: SchoolRequest) -> HttpResponse:
    """Add a team with its people."""
    require_ability(request.user, "edit_teams", request.school)
    form = NewTeamForm(
        request.POST or None,
        school=request.school,
        subjects=subjects_of(request.school),
        protocols=usual_protocols(request.school),
    )

    def add() -> Team:
        people = {name: tuple(form.cleaned_data[name]) for name in ("leads", "members")}
        return add_team(request.school, NewTeam(form.values(), **people), actor=request.user)

    return save_form(
        request,
        form,
        add,
        page=lambda: render_form(request, "collab/team_page/add.html", form),
        then=lambda team: team,
        done=_("The team was added."),
    )


def teams_paste(request: SchoolRequest) -> HttpResponse:
    """Add several teams from pasted lines; ``?from=grades`` suggests one for each grade without a team."""
    require_ability(request.user, "edit_teams", request.school)
    start = missing_grade_teams(request.school) if request.GET.get("from") == "grades" else ""
    form = TeamRowsForm(request.POST or None, initial={"rows": start}, school=request.school)
    return save_form(
        request,
        form,
        lambda: add_teams(request.school, form.cleaned_data["rows"], actor=request.user),
        page=lambda: render_form(request, "collab/team_page/paste.html", form, {"is_complete": not start}),
        then="collab:team-list",
        done=lambda teams: (
            ngettext("%(n)s team was added.", "%(n)s teams were added.", len(teams)) % {"n": len(teams)}
        ),
        field="rows",
    )


def teams_copy(request: SchoolRequest) -> HttpResponse:
    """Copy teams to another school year."""
    require_ability(request.user, "edit_teams", request.school)
    teams = teams_visible_to(request.user).filter(school=request.school, is_active=True, ends_on=None)
    years = request.school.years.filter(ends_on__gte=request.school.today()).order_by("-starts_on")
    form = CopyTeamsForm(request.POST or None, teams=teams.order_by("name"), years=years)
    return save_form(
        request,
        form,
        lambda: copy_to_year(
            request.school, form.cleaned_data["teams"], year=form.cleaned_data["year"], actor=request.user
        ),
        page=lambda: render_form(
            request,
            "collab/team_page/copy.html",
            form,
            {"years": cancelled_by_copy(request.school, teams), "has_teams": teams.exists()},
        ),
        then="collab:team-list",
        done=lambda copies: (
            ngettext("%(n)s team was copied.", "%(n)s teams were copied.", len(copies)) % {"n": len(copies)}
        ),
    )


@require_POST
def team_rules(request: SchoolRequest) -> HttpResponse:
    """Set the school's rules about teams."""
    form = RulesForm(request.POST)
    return run_service(
        request,
        lambda: set_team_rules(request.school, actor=request.user, **form.cleaned_data),
        back="collab:team-list",
        done=_("Saved."),
        form=form,
    )
