"""Inputs that several forms use: a day, a short number, choices side by side."""

from __future__ import annotations

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar, which takes one form of a date in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ShortNumber(forms.NumberInput):
    """A number of few digits, in a field as short as it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "short", **(attrs or {})})


class Pills(forms.CheckboxSelectMultiple):
    """Choices side by side that look like buttons; any number of them may be ticked."""

    template_name = "components/pills.html"


class RadioPills(forms.RadioSelect):
    """Choices side by side that look like buttons; one of them is chosen."""

    template_name = "components/pills.html"
