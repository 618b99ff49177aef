"""Fields for a family step, for forms that change a tier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.family_steps.models import FamilyStep
from datareview.family_steps.services import NewStep
from teams.lib.inputs import DayField

NAMES = ("family_how", "family_on", "family_said")


class FamilyForm(forms.Form):
    """A form that may bring a family step; the service says whether one is needed."""

    family_how = forms.ChoiceField(
        label=gettext_lazy("Family"),
        required=False,
        choices=[("", gettext_lazy("Nothing new")), *FamilyStep.How.choices],
    )
    family_on = DayField(label=gettext_lazy("On"), required=False, help_text=gettext_lazy("Empty: today."))
    family_said = forms.CharField(
        label=gettext_lazy("What was said, or why the family was not contacted"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """A way of contact and words belong together."""
        data = super().clean() or {}
        how, said = data.get("family_how"), (data.get("family_said") or "").strip()
        if how and not said and "family_said" not in self.errors:
            self.add_error(
                "family_said", _("Say in a few words what was said, or why the family was not contacted.")
            )
        if said and not how and "family_how" not in self.errors:
            self.add_error("family_how", _("Choose how the family was contacted, or that it was not."))
        return data

    def family(self) -> NewStep | None:
        """The step of a valid form, None without one."""
        data = self.cleaned_data
        if not data.get("family_how"):
            return None
        return NewStep(data["family_how"], data["family_said"], data["family_on"])

    def with_family(self) -> dict[str, Any]:
        """The cleaned data, with the step as "family"."""
        rest = {name: value for name, value in self.cleaned_data.items() if name not in NAMES}
        return {**rest, "family": self.family()}


class StepForm(FamilyForm):
    """A step between decisions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        how: Any = self.fields["family_how"]
        how.choices, how.required = FamilyStep.How.choices, True
        self.fields["family_said"].required = True
