"""The page of a school's cut points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.verdict_cuts.forms import CutsForm
from datareview.verdict_cuts.queries import try_cuts
from datareview.verdict_cuts.services import set_verdict_cuts
from datareview.verdicts.queries.cuts import as_cuts, cuts_version, percents_of
from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, save_form

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def verdict_cuts(request: SchoolRequest) -> HttpResponse:
    """Show or set the school's cut points. "Try" shows which plans they would judge otherwise, without saving."""
    school = request.school
    require_ability(request.user, "edit_rules", school)
    now = percents_of(school)
    form = CutsForm(request.POST or None, initial={**now, "seen": cuts_version(now)})
    if "try" in request.POST and form.is_valid():
        context = {"form": form, "trial": try_cuts(request.user, school, as_cuts(form.cleaned_data))}
        return render_page(request, "datareview/verdict_cuts/edit.html", context)
    return save_form(
        request,
        form,
        lambda: set_verdict_cuts(school, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "datareview/verdict_cuts/edit.html", form),
        then="datareview:verdict-cuts",
        done=lambda is_new: (
            _("Saved. Plans are judged by it from now on.") if is_new else _("Nothing has changed.")
        ),
        newest=lambda: {"seen": cuts_version(percents_of(school))},
    )
