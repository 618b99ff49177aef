"""The second step of sign-in: who needs one, and the page for those who still lack it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.account.forms import SchoolSignInForm
from teams.account.queries import second_steps_at
from teams.account.services.preferences import demand_second_factor
from teams.lib.http import render_form, render_page, save_form
from teams.lib.requests import school_not_required, second_factor_not_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest, UserRequest


@second_factor_not_required
@school_not_required
def second_step_show(request: UserRequest) -> HttpResponse:
    """Explain that a second step is needed, and link to the ways to set it up."""
    return render_page(request, "teams/account/second_step.html")


def sign_in_edit(request: SchoolRequest) -> HttpResponse:
    """Show or set whether everyone at the school needs a second step, and how many have one."""
    require_ability(request.user, "edit_sign_in", request.school)
    form = SchoolSignInForm(request.POST or None, instance=request.school)
    steps = second_steps_at(request.school)
    return save_form(
        request,
        form,
        lambda: demand_second_factor(form.instance, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "teams/account/sign_in.html", form, {"steps": steps}),
        then="teams:sign-in-edit",
        done=_("Saved."),
    )
