"""The form that plans a change of role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.inputs import DayField
from teams.people.forms import RoleForm

if TYPE_CHECKING:
    from teams.directory.models import Staff
    from teams.role_plans.models import RolePlan


class RolePlanForm(RoleForm):
    """A role, perhaps a second one, and the day from which the person has them. ``seen`` is the plan that was shown."""

    starts_on = DayField(label=_("From"), help_text=_("On this day the role changes automatically."))
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    @classmethod
    def starting_with(cls, data: Any, staff: Staff, plan: RolePlan | None) -> RolePlanForm:
        """The form with the plan that there is, or with the role of today."""
        initial: dict[str, Any] = {"role": staff.role, "also": staff.also}
        if plan:
            initial = {
                "role": plan.role,
                "also": plan.also,
                "starts_on": plan.starts_on,
                "seen": plan.state,
            }
        return cls(data, initial=initial)
