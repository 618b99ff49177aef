"""The list of what a school still needs, and what is usual to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.setup.forms import UsualForm
from collab.setup.queries.steps import setup_page
from collab.setup.queries.usual import usual_offer
from collab.setup.services.usual import adopt_usual
from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, save_form

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def setup_show(request: SchoolRequest) -> HttpResponse:
    """Show the steps from an empty school to its first meeting."""
    require_ability(request.user, "edit_school", request.school)
    return render_page(request, "collab/setup/show.html", {"page": setup_page(request.user, request.school)})


def usual_adopt(request: SchoolRequest) -> HttpResponse:
    """Choose what most schools begin with, and add it at once."""
    require_ability(request.user, "edit_school", request.school)
    offer = usual_offer(request.school)
    form = UsualForm(request.POST or None, school=request.school, offer=offer)
    return save_form(
        request,
        form,
        lambda: adopt_usual(request.school, form.choice(), actor=request.user),
        page=lambda: render_form(request, "collab/setup/usual.html", form, {"offer": offer}),
        then="collab:setup-show",
        done=str,
    )
