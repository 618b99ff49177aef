"""Forms for a team's own protocol and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.protocols.models import Capture, Protocol, ReservedFor, Shows, Speaker, StepKind
from collab.protocols.services import MOST_STEPS, STEP_FIELDS
from teams.lib.form_renderer import PlainRenderer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import Team


class ProtocolForm(forms.Form):
    """Name and purpose; ``seen`` is the fingerprint of the version the user edits."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(label=_("Purpose"), max_length=300, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)


class CopyForm(forms.Form):
    """The team that gets a copy."""

    default_renderer = PlainRenderer

    team = forms.ChoiceField(label=_("Make an editable copy for"))

    def __init__(self, teams: Iterable[Team]) -> None:
        super().__init__()
        self.fields["team"].choices = [(team.uuid, team) for team in teams]  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """One step. Choice fields have an initial value, so an untouched extra form counts as empty."""

    title = forms.CharField(label=_("Step"), max_length=120)
    minutes = forms.IntegerField(label=_("Duration (min)"), min_value=1, max_value=120)
    kind = forms.ChoiceField(label=_("What we do"), choices=StepKind.choices, initial=StepKind.DISCUSS)
    prompt = forms.CharField(label=_("Prompt"), max_length=400, required=False)
    speaker = forms.ChoiceField(label=_("Who speaks"), choices=Speaker.choices, initial=Speaker.ALL)
    capture = forms.ChoiceField(label=_("What to record"), choices=Capture.choices, initial=Capture.NOTES)
    reserved_for = forms.ChoiceField(
        label=_("Time reserved for"), choices=ReservedFor.choices, required=False
    )
    shows = forms.ChoiceField(
        label=_("What it shows of assessments on the agenda"), choices=Shows.choices, required=False
    )


class BaseStepFormSet(forms.BaseFormSet):
    """The steps of a protocol, ordered by their numbers."""

    def steps(self) -> list[dict[str, Any]]:
        """Cleaned data of the steps in order, without deleted ones."""
        kept = [form.cleaned_data for form in self.ordered_forms if form.cleaned_data.get("title")]
        return [{name: row[name] for name in STEP_FIELDS} for row in kept]


StepFormSet = forms.formset_factory(
    StepForm,
    formset=BaseStepFormSet,
    extra=4,
    can_order=True,
    can_delete=True,
    max_num=MOST_STEPS,
    validate_max=True,
)


def initial_steps(protocol: Protocol) -> list[dict[str, Any]]:
    """Initial data of the form set: one dict per step."""
    return [{name: getattr(step, name) for name in STEP_FIELDS} for step in protocol.steps.all()]
