"""The form of a change of measure, for one plan or for those of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.delivery.forms.groups import EntrantsForm
from datareview.delivery.queries.starting import figure_field, initial_figures
from datareview.delivery.queries.suggestions import Entrant
from datareview.records.models import Measure
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.plans.models import Plan
    from datareview.remeasuring.queries import AnotherMeasure


class RemeasureForm(EntrantsForm):
    """The new measure, with a baseline and a goal for each plan; ``seen`` is the version the user edits."""

    concern = None  # type: ignore[assignment]
    despite = None  # type: ignore[assignment]
    family_how = family_on = family_said = None  # type: ignore[assignment]
    measure = forms.ModelChoiceField(
        Measure.objects.none(),
        label=_("Measured from today by"),
        to_field_name="uuid",
        empty_label=_("Choose a measure"),
        error_messages={"required": _("Choose a measure.")},
    )
    goal_on = DayField(label=_("Goal date"))
    why = forms.CharField(
        label=_("Why"), max_length=120, help_text=_("It labels the phase line on the chart.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(
        self, *args: Any, plans: Sequence[Plan], start: AnotherMeasure, seen: object, **kwargs: Any
    ) -> None:
        entrants = [Entrant(plan.student) for plan in plans]
        initial = {
            "measure": start.measure.uuid if start.measure else None,
            "goal_on": start.goal_on,
            "seen": seen,
            **initial_figures(entrants, start.figures),
        }
        super().__init__(*args, entrants=entrants, figures=start.figures, **kwargs | {"initial": initial})
        self.plans = plans
        choices = Measure.objects.in_use().filter(school=plans[0].student.school)
        self.fields["measure"].queryset = choices.exclude(pk=plans[0].measure_id)  # type: ignore[attr-defined]

    def figures_by_plan(self) -> dict[int, tuple[float, float]]:
        """Map ids of the plans to what was typed: baseline and goal."""
        data = self.cleaned_data
        return {
            plan.pk: (
                data[figure_field("baseline", plan.student.uuid)],
                data[figure_field("goal", plan.student.uuid)],
            )
            for plan in self.plans
        }
