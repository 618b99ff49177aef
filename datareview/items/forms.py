"""The form of an item, and of all items of an assessment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from datareview.items.services.items import MOST_ITEMS, ItemValues
from datareview.records.models import AssessmentItem
from teams.lib.inputs import ShortNumber

ROWS = "items"  # prefix of the rows' fields
SEPARATOR = "|"  # between the choices of an item
USUAL_LEVEL = 4.0  # the highest of a rubric
TYPED = ("pk", "number", "key", "code", "prompt", "options")  # a row without any of these is empty


class PointsField(forms.FloatField):
    """A number of points with a decimal point or a comma."""

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # as in Django's FloatField
        """Read "1,5" as 1.5."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class ItemForm(forms.Form):
    """One item. ``pk`` is that of the stored item, empty for a new one."""

    use_required_attribute = False

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    number = forms.IntegerField(
        label=gettext_lazy("Number"), min_value=1, max_value=MOST_ITEMS, required=False, widget=ShortNumber
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Answered by"),
        choices=AssessmentItem.Kind.choices,
        initial=AssessmentItem.Kind.CHOICE,
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=8,
        required=False,
        widget=forms.TextInput(
            attrs={"class": "short", "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    points = PointsField(
        label=gettext_lazy("Points"),
        required=False,
        initial="1",
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Standard"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "standard-codes", "autocomplete": "off"}),
    )
    prompt = forms.CharField(label=gettext_lazy("Text"), max_length=500, required=False)
    options = forms.CharField(
        label=gettext_lazy("Choices, with | between them"), max_length=1_000, required=False
    )
    is_dropped = forms.BooleanField(label=gettext_lazy("Dropped: counts nowhere"), required=False)

    def values(self, number: int) -> ItemValues:
        """The item of a valid form; without a number it gets this one."""
        data = self.cleaned_data
        usual = USUAL_LEVEL if data["kind"] == AssessmentItem.Kind.RUBRIC else 1.0
        return ItemValues(
            data["number"] or number,
            data["kind"],
            data["key"],
            usual if data["points"] is None else data["points"],
            data["code"],
            data["prompt"],
            _split(data["options"]),
            data["is_dropped"],
            data["pk"],
        )


class BaseItemFormSet(forms.BaseFormSet):
    """The items of an assessment, in the order of the page."""

    def items(self) -> list[ItemValues]:
        """The items that are filled in and not deleted."""
        found: list[ItemValues] = []
        for form in self.forms:
            data = form.cleaned_data
            is_typed = any(data.get(name) for name in TYPED)
            if is_typed and not data.get("DELETE"):
                next_number = max((item.number for item in found), default=0) + 1
                found.append(form.values(next_number))
        return found


def item_formset(extra: int) -> Any:
    """The class of formsets with ``extra`` empty rows."""
    return forms.formset_factory(
        ItemForm,
        formset=BaseItemFormSet,
        extra=extra,
        can_delete=True,
        max_num=MOST_ITEMS + extra,
        absolute_max=MOST_ITEMS + extra,
        validate_max=True,
    )


def plain_number(value: float) -> str:
    """``value`` as it is typed into a field: 2 and not 2.0."""
    return str(value).removesuffix(".0")


def _split(text: str) -> tuple[str, ...]:
    options = [part.strip() for part in text.split(SEPARATOR)]
    while options and not options[-1]:
        options.pop()
    return tuple(options)
