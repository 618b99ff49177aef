"""The list of people, its CSV file, and what each role may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.lib.csv_export import csv_response
from teams.lib.http import render_page
from teams.people.forms import PeopleFilter
from teams.people.queries.people import narrowed_people, people_list, person_rows
from teams.people.queries.roles import roles_in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def person_list(request: SchoolRequest) -> HttpResponse:
    """Show the people of the school, filtered and sorted by the query string."""
    require_ability(request.user, "edit_people", request.school)
    people = people_list(request.school, request.GET.dict())
    context = {"list": people, "filters": PeopleFilter(request.GET, people)}
    return render_page(request, "teams/people/list.html", context, partial="people")


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
            row.staff.get_role_display(),
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
