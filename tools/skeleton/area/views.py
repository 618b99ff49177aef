"""The list of things, and adding one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from areaapp.things import services as things
from areaapp.things.forms import ThingForm
from areaapp.things.queries import things_of
from teams.access.permissions import teams_visible_to
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def thing_list(request: SchoolRequest) -> HttpResponse:
    """Show the things of all teams that the user may see."""
    return _list(request, ThingForm())


@require_POST
def thing_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a thing to the team ``uuid``."""
    team = get_object_or_404(teams_visible_to(request.user), uuid=uuid)
    form = ThingForm(request.POST)
    return save_form(
        request,
        form,
        lambda: things.add_thing(team, actor=request.user, **form.cleaned_data),
        page=lambda: _list(request, form),
        then="areaapp:thing-list",
    )


def _list(request: SchoolRequest, form: ThingForm) -> HttpResponse:
    page = things_of(request.user, request.school)
    return render_form(request, "areaapp/things/list.html", form, {"page": page})
