"""The home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render

from collab.home.queries.home import home_of
from collab.insights.queries.school_overview import teams_by_week
from collab.meetings.queries.meetings import has_meetings
from teams.lib.http import render_page
from teams.lib.requests import school_not_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import UserRequest


@school_not_required
def home_show(request: UserRequest) -> HttpResponse:
    """Show the user's home page; users without a school see whom to contact.

    Until a meeting is planned, an administrator's Home is the list of what the school needs for it.
    """
    if request.school is None:
        return render(request, "collab/home/no_school.html")
    if request.can.edit_school and not has_meetings(request.school):
        return redirect("collab:setup-show")
    context: dict[str, object] = {"home": home_of(request.user, request.school)}
    if request.can.see_school:
        context["strip"] = teams_by_week(request.user, request.school, weeks=6)
    return render_page(request, "collab/home/show.html", context)
