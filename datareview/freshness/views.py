"""The page of how fresh a school's data are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.freshness.forms import LimitsForm
from datareview.freshness.queries import freshness_of, limits_of, limits_version
from datareview.freshness.services import set_freshness_limits
from teams.access.permissions import require_ability
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def freshness_edit(request: SchoolRequest) -> HttpResponse:
    """Show how fresh the school's data are, and set after how many days they are stale."""
    school = request.school
    require_ability(request.user, "import_data", school)
    now = limits_of(school)
    form = LimitsForm(request.POST or None, initial={**now, "seen": limits_version(now)})
    return save_form(
        request,
        form,
        lambda: set_freshness_limits(school, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(
            request, "datareview/freshness/edit.html", form, {"sources": freshness_of(school)}
        ),
        then="datareview:freshness-edit",
        done=lambda is_new: _("Saved.") if is_new else _("Nothing has changed."),
        newest=lambda: {"seen": limits_version(limits_of(school))},
    )
