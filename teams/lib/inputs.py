"""Form inputs used by several areas: days, short numbers, choices side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from teams.lib.parameters import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise


class DayInput(forms.DateInput):
    """The browser's date picker, whose value is an ISO date in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A date from 1900 to 2099; days and weeks can be added to it without overflow."""

    widget = DayInput
    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


class ShortNumber(forms.NumberInput):
    """A narrow field for a number of few digits."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "short", **(attrs or {})})


class Pills(forms.CheckboxSelectMultiple):
    """Choices side by side that look like buttons, for any number of them."""

    template_name = "components/pills.html"


class RadioPills(forms.RadioSelect):
    """Choices side by side that look like buttons, for exactly one."""

    template_name = "components/pills.html"


class SuggestedText(forms.TextInput):
    """A text field with suggestions by the browser (a datalist)."""

    template_name = "components/suggested_text.html"

    def __init__(self, usual: Iterable[str | _StrPromise], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.usual = tuple(usual)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the template's context: the widget, and the suggestions as ``usual``."""
        found = super().get_context(name, value, attrs)
        found["widget"]["attrs"]["list"] = f"{found['widget']['attrs'].get('id', name)}-usual"
        return {**found, "usual": self.usual}
