"""The form of a decision at the desk."""

from __future__ import annotations

from typing import Any

from django import forms

from datareview.triage.forms import DecisionForm


class DeskDecisionForm(DecisionForm):
    """A decision about the candidate that is open; ``next`` is the line to open then."""

    next = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, next_line: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["next"] = next_line
