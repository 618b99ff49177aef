"""Edit a team: what it is, its members, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.planning.services.team_ends import archive_team
from collab.team_page.forms import TeamPageForm
from collab.team_page.queries.team_edit import edited_team, usual_protocols
from collab.team_page.queries.team_list import subjects_of
from teams.access.permissions import teams_visible_to
from teams.lib.http import render_page, run_service, save_form
from teams.team_admin.forms import AddMembersForm, MemberForm
from teams.team_admin.services import members, teams

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from teams.directory.models import Team, TeamMember
    from teams.lib.requests import SchoolRequest


def team_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit what a team is. A concurrent edit shows the other version."""
    team = visible_team(request, uuid)
    form = _team_form(request, team, request.POST or None)
    if request.method == "POST" and not edited_team(request.user, team).may_edit:
        raise PermissionDenied

    def newest() -> dict[str, object]:
        team.refresh_from_db()
        return {"seen": teams.team_fingerprint(team)}

    return save_form(
        request,
        form,
        lambda: teams.change_team(team, form.values(), actor=request.user, seen=form.cleaned_data["seen"]),
        page=lambda: _page(request, team, form=form),
        then=reverse("collab:team-edit", args=[team.uuid]),
        done=_("Saved."),
        field="name",
        newest=newest,
    )


@require_POST
def member_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add people to a team."""
    team = visible_team(request, uuid)
    form = AddMembersForm(request.POST, school=team.school)
    data = form.cleaned_data if form.is_valid() else {}
    return save_form(
        request,
        form,
        lambda: members.add_members(
            team,
            data["people"],
            actor=request.user,
            is_lead=data["is_lead"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        ),
        page=lambda: _page(request, team, add_form=form),
        then=reverse("collab:team-edit", args=[team.uuid]) + "#members",
        field="people",
    )


@require_POST
def member_change(request: SchoolRequest, uuid: UUID, member: UUID) -> HttpResponse:
    """Change a member's dates, and whether they lead."""
    row = _member(request, uuid, member)
    form = MemberForm(request.POST, member=row)

    def newest() -> dict[str, object]:
        row.refresh_from_db()
        return {"seen": members.state_of(row)}

    return save_form(
        request,
        form,
        lambda: members.change_member(row, actor=request.user, **form.cleaned_data),
        page=lambda: _page(request, row.team, member_form=(row, form)),
        then=reverse("collab:team-edit", args=[uuid]) + "#members",
        done=_("Saved."),
        field="starts_on",
        newest=newest,
    )


@require_POST
def member_remove(request: SchoolRequest, uuid: UUID, member: UUID) -> HttpResponse:
    """End a membership at once."""
    row = _member(request, uuid, member)
    return run_service(
        request,
        lambda: members.remove_member(row, actor=request.user),
        back=reverse("collab:team-edit", args=[uuid]) + "#members",
        done=_("%(who)s is no longer a member of this team.") % {"who": row.staff},
    )


@require_POST
def team_archive(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Archive a team, and cancel its planned meetings."""
    team = visible_team(request, uuid)
    return run_service(
        request,
        lambda: archive_team(team, actor=request.user),
        back=reverse("collab:team-edit", args=[uuid]),
        done=_("The team was archived."),
    )


@require_POST
def team_restore(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Bring an archived team back."""
    team = visible_team(request, uuid)
    return run_service(
        request,
        lambda: teams.set_active(team, actor=request.user, is_active=True),
        back=reverse("collab:team-edit", args=[uuid]),
        done=_("The team is back. Plan its meetings again."),
    )


def visible_team(request: SchoolRequest, uuid: UUID) -> Team:
    """The team if the user may see it, otherwise 404."""
    rows = teams_visible_to(request.user).select_related("school", "usual_protocol")
    return get_object_or_404(rows, uuid=uuid)


def _member(request: SchoolRequest, uuid: UUID, member: UUID) -> TeamMember:
    rows = visible_team(request, uuid).members.select_related("team__school", "staff__user")
    return get_object_or_404(rows, uuid=member)


def _team_form(request: SchoolRequest, team: Team, data: object = None) -> TeamPageForm:
    return TeamPageForm(
        data,
        school=team.school,
        team=team,
        subjects=subjects_of(team.school),
        protocols=usual_protocols(team.school),
    )


def _page(
    request: SchoolRequest,
    team: Team,
    *,
    form: Form | None = None,
    add_form: Form | None = None,
    member_form: tuple[TeamMember, Form] | None = None,
) -> HttpResponse:
    """Render the page; the given forms replace those of their rows after an error."""
    page = edited_team(request.user, team)
    if not page.may_edit_members:
        raise PermissionDenied
    row, typed = member_form or (None, None)
    context = {
        "page": page,
        "form": form or _team_form(request, team),
        "add_form": add_form or AddMembersForm(school=team.school),
        "member_forms": [
            (member, typed if member == row else MemberForm(member=member)) for member in page.members
        ],
    }
    has_errors = any(one is not None and one.errors for one in (form, add_form, typed))
    return render_page(request, "collab/team_page/edit.html", context, status=422 if has_errors else 200)
