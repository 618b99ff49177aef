"""The page of a school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.lib.http import render_form, save_form
from teams.schools.forms import SchoolForm
from teams.schools.queries import FIELDS, school_fingerprint
from teams.schools.services import change_school

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def school_edit(request: SchoolRequest) -> HttpResponse:
    """Show or change the school; of two who change it at once, the second sees what the first has saved."""
    require_ability(request.user, "edit_school", request.school)
    school = request.school
    initial = {name: getattr(school, name) for name in FIELDS}
    form = SchoolForm(request.POST or None, initial={**initial, "seen": school_fingerprint(school)})
    return save_form(
        request,
        form,
        lambda: change_school(school, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "teams/schools/edit.html", form),
        then="teams:school-edit",
        done=_("Saved."),
        field="name",
        newest=lambda: {"seen": school_fingerprint(school)},
    )
