"""The form of a decision at the desk."""

from __future__ import annotations

from typing import Any

from django import forms

from datareview.triage.forms import DecisionForm


class DeskDecisionForm(DecisionForm):
    """A decision about the candidate that is open; ``next`` is the query of the desk then: its section and line."""

    next = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, onward: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["next"] = onward
