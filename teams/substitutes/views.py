"""Naming a substitute for a person, and ending a substitution early."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.lib.http import render_form, run_service, save_form
from teams.people.http import visible_person
from teams.substitutes.forms import SubstituteForm
from teams.substitutes.permissions import substitutions_visible_to
from teams.substitutes.queries import colleagues_of
from teams.substitutes.services import end_substitution, name_substitute

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def substitute_name(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Ask who stands in for a person, and from when to when."""
    staff = visible_person(request, uuid)
    start = {"starts_on": staff.school.today()}
    form = SubstituteForm(request.POST or None, initial=start, colleagues=colleagues_of(staff))
    return save_form(
        request,
        form,
        lambda: name_substitute(staff, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "teams/substitutes/name.html", form, {"staff": staff}),
        then=reverse("teams:person-detail", args=[staff.uuid]),
        done=_("Saved."),
    )


@require_POST
def substitution_end(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """End a substitution at once."""
    require_ability(request.user, "edit_people", request.school)
    rows = substitutions_visible_to(request.user).filter(replaced__school=request.school)
    row = get_object_or_404(rows, uuid=uuid)
    return run_service(
        request,
        lambda: end_substitution(row, actor=request.user),
        back=reverse("teams:person-detail", args=[row.replaced.uuid]),
        done=_("The substitution has ended."),
    )
