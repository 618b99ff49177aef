"""Starting a plan, logging a session, entering a score, deciding a review."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.models import Measure, Review, Session, Strategy
from teams.models import Staff

if TYPE_CHECKING:
    from datareview.models import Student

DATE = {"type": "date"}
WEEKDAYS = [(0, _("Mon")), (1, _("Tue")), (2, _("Wed")), (3, _("Thu")), (4, _("Fri"))]
TIERS = [(1, _("Tier 1")), (2, _("Tier 2")), (3, _("Tier 3"))]


class PlanForm(forms.Form):
    """A plan for one student; starting values come from the data (queries/plan_starts.py)."""

    concern = forms.CharField(label=_("Concern"), max_length=300)
    strategy = forms.ModelChoiceField(Strategy.objects.none(), label=_("Strategy"), to_field_name="uuid", empty_label=None)
    provider = forms.ModelChoiceField(Staff.objects.none(), label=_("Who delivers it"), to_field_name="uuid")
    tier = forms.ChoiceField(label=_("Tier"), choices=TIERS, initial=2)
    weekdays = forms.MultipleChoiceField(label=_("Days"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple)
    minutes = forms.IntegerField(label=_("Minutes a session"), min_value=5, max_value=120)
    measure = forms.ModelChoiceField(Measure.objects.none(), label=_("Measured by"), to_field_name="uuid", empty_label=None)
    baseline = forms.FloatField(label=_("Baseline"))
    goal = forms.FloatField(label=_("Goal"))
    goal_on = forms.DateField(label=_("By"), widget=forms.DateInput(attrs=DATE))
    review_on = forms.DateField(label=_("Review on"), widget=forms.DateInput(attrs=DATE))

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        school = student.school
        self.fields["strategy"].queryset = Strategy.objects.filter(school=school)  # type: ignore[attr-defined]
        self.fields["provider"].queryset = Staff.objects.active().filter(school=school).select_related("user")  # type: ignore[attr-defined]
        self.fields["measure"].queryset = Measure.objects.filter(school=school, derived_from="")  # type: ignore[attr-defined]


class SessionForm(forms.Form):
    """One session: held as planned is one tap."""

    held_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=DATE))
    result = forms.ChoiceField(label=_("What happened"), choices=Session.Result.choices, initial="held")
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=180, required=False)
    fidelity = forms.TypedChoiceField(
        label=_("Delivered as designed"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), (1, _("1 hardly")), (2, _("2 partly")), (3, _("3 mostly")), (4, _("4 fully"))],
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ScoreForm(forms.Form):
    """One score."""

    taken_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=DATE))
    value = forms.FloatField(
        label=_("Score"), widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "autocomplete": "off"})
    )


class ReviewForm(forms.Form):
    """What happens next, and why."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Review.Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    what_changes = forms.CharField(label=_("What changes"), max_length=200, required=False)
    next_review_on = forms.DateField(label=_("Next review"), required=False, widget=forms.DateInput(attrs=DATE))
    due_on = forms.DateField(widget=forms.HiddenInput)
