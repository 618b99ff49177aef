"""Inputs that several forms use: a day, a short number, choices side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from teams.lib.parameters import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar, which takes one form of a date in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day from 1900 to 2999, to which days and weeks can be added without overflow."""

    widget = DayInput
    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


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


class SuggestedText(forms.TextInput):
    """A line of text for which the browser suggests what is usual."""

    template_name = "components/suggested_text.html"

    def __init__(self, usual: Iterable[str | _StrPromise], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.usual = tuple(usual)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the template: the widget, and ``usual``, the list that the field names."""
        found = super().get_context(name, value, attrs)
        found["widget"]["attrs"]["list"] = f"{found['widget']['attrs'].get('id', name)}-usual"
        return {**found, "usual": self.usual}
