"""Forms to filter the triage list and to decide about candidates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.flags.models import Candidate, Severity
from datareview.flags.queries.concerns import concern_of, concerns_by_measure, worse_than_help
from datareview.plans.models import Plan
from datareview.records.models import Domain, Measure
from teams.lib.filters import ALL, FilterForm
from teams.lib.form_renderer import PlainRenderer
from teams.lib.inputs import DayField, SuggestedText
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from django.http import QueryDict

    from datareview.flags.queries.concerns import Concern
    from datareview.triage.queries.candidates import TriageList

DECISIONS = [
    (Candidate.State.WATCH, _("Watch")),
    (Candidate.State.SEAT, _("Waits for a seat")),
    (Candidate.State.SUPPORTED, _("Already supported")),
    (Candidate.State.NO_ACTION, _("No action")),
]
USUAL_WATCH = dt.timedelta(weeks=3)
USUAL_REASONS = [
    _("Known reason, temporary"),
    _("Not a concern to those who know the student"),
]


class CandidateFilter(FilterForm):
    """Filters by domain, grade, severity and team; the tab's state is kept."""

    state = forms.CharField(max_length=60, widget=forms.HiddenInput)
    domain = forms.ChoiceField(label=_("Domain"), choices=[ALL, *Domain.choices])
    grade = forms.ChoiceField(label=_("Grade"))
    severity = forms.ChoiceField(label=_("Severity"), choices=[ALL, *Severity.choices])
    team = forms.ChoiceField(label=_("Team"))

    def __init__(self, wanted: QueryDict, queue: TriageList) -> None:
        super().__init__(
            {**wanted.dict(), "state": queue.state},
            grade=[ALL, *((number, grade(number)) for number in queue.grades)],
            team=[ALL, *((team.uuid, team) for team in queue.teams)],
        )


class DecisionForm(forms.Form):
    """A decision: watch until a day or a value, supported by a plan or a person, a seat, or no action.

    ``state`` is the button pressed. The service reports missing values.
    """

    default_renderer = PlainRenderer

    state = forms.ChoiceField(choices=DECISIONS, required=False)
    note = forms.CharField(
        label=_("Not now, because"),
        max_length=400,
        required=False,
        widget=SuggestedText(USUAL_REASONS, {"autocomplete": "off"}),
    )
    watch_until = DayField(label=_("Watch until"), required=False)
    worse_than = forms.FloatField(
        label=_("or until worse than"),
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "autocomplete": "off"}),
    )
    worse_of = forms.ModelChoiceField(
        Measure.objects.none(), label=_("in"), to_field_name="uuid", required=False, empty_label=None
    )
    plan = forms.ModelChoiceField(
        Plan.objects.none(),
        label=_("Supported by"),
        to_field_name="uuid",
        required=False,
        empty_label=_("Someone else, named above"),
    )

    def __init__(
        self,
        *args: Any,
        today: dt.date,
        candidate: Candidate | None = None,
        concern: Concern | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs | {"initial": {"watch_until": today + USUAL_WATCH}})
        latest = today + Candidate.LONGEST_WATCH
        self.fields["watch_until"].widget.attrs["max"] = latest.isoformat()
        if candidate is None:
            del self.fields["worse_than"], self.fields["worse_of"], self.fields["plan"]
        else:
            self._offer_measures(candidate, concern)
            self._offer_plans(candidate)

    def _offer_measures(self, candidate: Candidate, concern: Concern | None) -> None:
        """Say what a watch compares: the ``concern``; without one, several measures can be chosen."""
        field: Any = self.fields["worse_of"]
        found = [] if concern else concerns_by_measure(candidate)
        if len(found) > 1:
            field.queryset = Measure.objects.filter(pk__in=[measure.pk for measure, _concern in found])
            field.choices = [(measure.uuid, worse_than_help(one)) for measure, one in found]
            return
        del self.fields["worse_of"]
        one = found[0][1] if found else concern or concern_of(candidate, of_flags=False)
        self.fields["worse_than"].help_text = worse_than_help(one)

    def _offer_plans(self, candidate: Candidate) -> None:
        """Offer the student's running plans by strategy; without any there is nothing to choose."""
        field: Any = self.fields["plan"]
        field.queryset = Plan.objects.running().filter(student=candidate.student_id)
        if plans := list(field.queryset.select_related("strategy")):
            field.choices = [("", field.empty_label), *((plan.uuid, plan.strategy) for plan in plans)]
        else:
            del self.fields["plan"]

    def clean(self) -> dict[str, Any]:
        """Add a form-wide error if no known button was pressed."""
        data = super().clean() or {}
        self.errors.pop("state", None)
        if not data.get("state"):
            raise forms.ValidationError(
                _("Choose what is done: watch, wait for a seat, already supported, or no action.")
            )
        return data


class SeveralForm(DecisionForm):
    """One decision about several candidates: those selected, or ``everyone`` whom the filters show."""

    note = forms.CharField(label=_("Those selected, because"), max_length=400, required=False)
    everyone = forms.BooleanField(label=_("All that match, on every page"), required=False)
