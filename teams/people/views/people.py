"""The list of people, changes of several, its CSV file, and what each role may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.access.queries import roles_in_words
from teams.invitations.queries import passes_on_links
from teams.invitations.services import describe_invited, invite_people
from teams.lib import formats
from teams.lib.csv_export import csv_response
from teams.lib.errors import DomainError
from teams.lib.http import render_page
from teams.lists.picked import change_picked
from teams.people.forms import PeopleFilter, SeveralForm
from teams.people.permissions import people_visible_to
from teams.people.queries.people import narrowed_people, people_list, person_rows, teams_to_choose
from teams.people.queries.role_change import kept_second_role, losses_of
from teams.people.services.changing import add_to_team, change_roles, describe_added_to_team

if TYPE_CHECKING:
    from collections.abc import Container

    from django.http import HttpResponse, QueryDict

    from teams.directory.models import Staff, Team
    from teams.lib.requests import SchoolRequest


def person_list(request: SchoolRequest) -> HttpResponse:
    """Show the people of the school, filtered and sorted by the query string."""
    require_ability(request.user, "edit_people", request.school)
    return _list_page(request, request.GET)


def _list_page(
    request: SchoolRequest,
    wanted: QueryDict,
    *,
    form: SeveralForm | None = None,
    picked: Container[str] = (),
) -> HttpResponse:
    people = people_list(request.school, wanted.dict())
    context = {
        "list": people,
        "filters": PeopleFilter(wanted, people),
        "form": form or SeveralForm(teams=people.teams, auto_id="several-%s"),
        "wanted": wanted,
        "picked": picked,
        "passes_on_links": passes_on_links(request.school),
    }
    status = 422 if form and form.errors else 200
    return render_page(request, "teams/people/list.html", context, partial="people", status=status)


@require_POST
def people_change(request: SchoolRequest) -> HttpResponse:
    """Invite the chosen people, give them a role or add them to a team, and return to the filtered list."""
    require_ability(request.user, "edit_people", request.school)
    teams = teams_to_choose(request.school)
    form = SeveralForm(request.POST, teams=teams, auto_id="several-%s")
    return change_picked(
        request,
        form,
        lambda people: _change(request, people, teams, **form.cleaned_data),
        rows=people_visible_to(request.user).filter(school=request.school),
        listed=lambda wanted: narrowed_people(request.school, wanted),
        page=lambda wanted, picked: _list_page(request, wanted, form=form, picked=picked),
        back="teams:person-list",
        done=str,
    )


def _change(
    request: SchoolRequest, people: list[Staff], teams: list[Team], *, do: str, new_role: str, team: str
) -> str:
    """Do what the button says. Returns a sentence about it."""
    if do == "invite":
        return describe_invited(invite_people(request.school, people, actor=request.user))
    if do == "team":
        chosen = next(one for one in teams if str(one.uuid) == team)
        return describe_added_to_team(add_to_team(chosen, people, actor=request.user))
    if losing := [one for one in people if losses_of(one, roles=[new_role, kept_second_role(one, new_role)])]:
        names = ", ".join(map(str, losing))
        raise DomainError(
            _(
                "This role takes teams or open work away from %(names)s. Change it on their own page, which says what."
            )
            % {"names": names}
        )
    changed = change_roles(request.school, people, role=new_role, actor=request.user)
    return ngettext("%(n)s person was changed.", "%(n)s people were changed.", changed) % {
        "n": formats.number(changed)
    }


def person_export(request: SchoolRequest) -> HttpResponse:
    """Download the people of the list, of all its pages, as CSV."""
    require_ability(request.user, "edit_people", request.school)
    columns = [
        _("First name"),
        _("Last name"),
        _("Email"),
        _("Role"),
        _("Staff id"),
        _("Title"),
        _("Teams"),
        _("Classes"),
        _("First day"),
        _("Last day"),
        _("Last sign-in"),
        _("Second step"),
    ]
    rows = person_rows(list(narrowed_people(request.school, request.GET.dict())))
    lines = [
        [
            row.staff.user.first_name,
            row.staff.user.last_name,
            row.staff.user.email,
            row.staff.roles_in_words,
            row.staff.local_id,
            row.staff.title,
            "; ".join(row.teams),
            "; ".join(row.classes),
            row.staff.starts_on.isoformat(),
            row.staff.ends_on.isoformat() if row.staff.ends_on else "",
            row.seen_at.astimezone(request.school.tz).date().isoformat() if row.seen_at else "",
            row.second_factor,
        ]
        for row in rows
    ]
    return csv_response("people.csv", columns, lines)


def role_list(request: SchoolRequest) -> HttpResponse:
    """Say in words what each role may do."""
    require_ability(request.user, "edit_people", request.school)
    return render_page(request, "teams/people/roles.html", {"roles": roles_in_words(request.school)})
