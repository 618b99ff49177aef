"""The page of a school's rules for cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.case_rules.forms import CaseRulesForm
from datareview.case_rules.queries import rules_version, stored_rules
from datareview.case_rules.services import set_case_rules
from teams.access.permissions import require_ability
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def case_rules(request: SchoolRequest) -> HttpResponse:
    """Show or set the school's rules for cases. A concurrent change shows the other."""
    school = request.school
    require_ability(request.user, "edit_rules", school)
    now = stored_rules(school)
    form = CaseRulesForm(request.POST or None, initial={**now, "seen": rules_version(now)})
    return save_form(
        request,
        form,
        lambda: set_case_rules(school, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "datareview/case_rules/edit.html", form),
        then="datareview:case-rules",
        done=lambda is_new: _("Saved.") if is_new else _("Nothing has changed."),
        newest=lambda: {"seen": rules_version(stored_rules(school))},
    )
