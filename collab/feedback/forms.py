"""The form for meeting feedback."""

from __future__ import annotations

from django import forms

from collab.feedback.models import PulseAnswer, PulseQuestion


class PulseForm(forms.Form):
    """The four feedback questions. All are optional."""

    def __init__(self) -> None:
        super().__init__(auto_id="pulse-%s")
        for question, label in PulseQuestion.choices:
            field = forms.ChoiceField(
                label=label, choices=PulseAnswer.choices, required=False, widget=forms.RadioSelect
            )
            field.template_name = "components/field_rate.html"  # type: ignore[attr-defined]  # unknown to the stubs
            self.fields[question] = field
