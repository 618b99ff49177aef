"""Filters of the caseload; forms to log a session, enter a score and record a review."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.family_steps.forms import FamilyForm
from datareview.hand_scores.services import NEW, OLD
from datareview.plans.forms import NUMBER, TIERS, WEEKDAYS, ProviderField, StartField
from datareview.privacy.choices import choice_key
from datareview.progress.models import Review, Session
from datareview.progress.services.changes import CHANGEABLE, plan_version
from teams.access.permissions import staff_where
from teams.lib.filters import ALL, FilterForm
from teams.lib.inputs import DayField, Pills, RadioPills

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from datareview.plans.models import Plan
    from datareview.progress.queries.caseload import Caseload


class CaseloadFilter(FilterForm):
    """Filters by provider and tier; the tab's filter is kept."""

    show = forms.CharField(max_length=60, widget=forms.HiddenInput)
    provider = forms.ChoiceField(label=_("Delivered by"))
    tier = forms.ChoiceField(label=_("Tier"), choices=[ALL, *((number, number) for number, _name in TIERS)])

    def __init__(self, wanted: QueryDict, caseload: Caseload) -> None:
        super().__init__(
            wanted, provider=[("", _("Everyone")), *((staff.pk, staff) for staff in caseload.providers)]
        )


class SessionForm(forms.Form):
    """One session; its defaults are a session held as planned. ``steps`` is the checklist of the plan's strategy."""

    held_on = DayField(label=_("Day"))
    result = forms.ChoiceField(label=_("What happened"), choices=Session.Result.choices, initial="held")
    minutes = forms.IntegerField(label=_("Duration (min)"), min_value=0, max_value=180, required=False)
    fidelity = forms.TypedChoiceField(
        label=_("Delivered as designed"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "—"), (1, _("1 hardly")), (2, _("2 partly")), (3, _("3 mostly")), (4, _("4 fully"))],
    )
    steps = forms.MultipleChoiceField(
        label=_("Steps done"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {choice_key(text): text for text in plan.strategy.checks}
        self.fields["steps"].choices = list(self.texts.items())  # type: ignore[attr-defined]
        if not self.texts:
            del self.fields["steps"]

    def clean_steps(self) -> list[str]:
        """The texts of the steps that were ticked."""
        return [self.texts[key] for key in self.cleaned_data["steps"]]


class CountsField(forms.ChoiceField):
    """Which of two scores of a day counts."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(NEW, _("The new one")), (OLD, _("The one stored"))]
        super().__init__(
            **{
                "label": _("Which one counts?"),
                "choices": choices,
                "required": False,
                "widget": RadioPills,
                **kwargs,
            }
        )


class ScoreForm(forms.Form):
    """One score; it ``asks`` which counts if the day has another."""

    taken_on = DayField(label=_("Day"))
    value = forms.FloatField(label=_("Score"), widget=NUMBER)
    counts = CountsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = bool(self.data.get("counts"))


class ReopenForm(forms.Form):
    """Why a plan goes on after its end, and when it is reviewed next."""

    reason = forms.CharField(label=_("Why"), max_length=180, widget=forms.Textarea(attrs={"rows": 2}))
    next_review_on = DayField(label=_("Next review"))


class ChangeForm(FamilyForm):
    """What changes in a running plan from today on; ``seen`` is the version the user edits."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=WEEKDAYS,
        coerce=int,
        widget=Pills,
        error_messages={"required": _("Choose the days on which it is delivered.")},
    )
    time = StartField()
    minutes = forms.IntegerField(label=_("Session duration (min)"), min_value=5, max_value=120)
    provider = ProviderField(label=_("Who delivers it"), empty_label=None)
    tier = forms.TypedChoiceField(label=_("Tier"), choices=TIERS, coerce=int)
    goal = forms.FloatField(label=_("Goal"), widget=NUMBER)
    goal_on = DayField(label=_("Goal date"))
    why = forms.CharField(
        label=_("Why"), max_length=120, help_text=_("It labels the phase line on the chart.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, plan: Plan, loads: Mapping[int, int], **kwargs: Any) -> None:
        initial = {name: getattr(plan, name) for name in CHANGEABLE}
        initial |= {"provider": plan.provider.uuid, "seen": plan_version(plan)}
        super().__init__(*args, **kwargs | {"initial": initial})
        able = staff_where(plan.student.school, "deliver_plan")
        self.fields["provider"].queryset = able  # type: ignore[attr-defined]
        self.fields["provider"].loads = loads  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The values of the plan."""
        return {name: self.cleaned_data[name] for name in CHANGEABLE}


class ReviewForm(FamilyForm):
    """A review: the decision and the reason."""

    decision = forms.ChoiceField(
        label=_("What happens next?"), choices=Review.Decision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    what_changes = forms.CharField(
        label=_("What changes"),
        max_length=200,
        required=False,
        help_text=_("Needed to change or intensify. It labels the phase line on the chart."),
    )
    next_review_on = DayField(
        label=_("Next review"),
        required=False,
        help_text=_("Not needed if the plan fades or ends."),
    )
    due_on = forms.DateField(widget=forms.HiddenInput)


class ReviewPageForm(ReviewForm):
    """A review outside a meeting: ``conflicts`` is what speaks against it; ``despite`` saves all the same."""

    despite = forms.BooleanField(label=_("Save all the same"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: Sequence[str] = ()
