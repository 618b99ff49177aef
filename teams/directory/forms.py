"""Form fields that choose people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Staff
from teams.directory.queries.names import distinct_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def staff_choices(people: Iterable[Staff]) -> list[tuple[str, str]]:
    """Choices for people who are loaded already, with names that tell them apart."""
    rows = list(people)
    names = distinct_names(rows)
    return [(str(one.uuid), names[one.pk]) for one in rows]


class StaffIterator(ModelChoiceIterator):
    """The choices of a field for staff, with names that tell people apart."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        field: Any = self.field
        if field.empty_label is not None:
            yield "", field.empty_label
        people = list(self.queryset.select_related("user"))
        names = distinct_names(people)
        for one in people:
            value = ModelChoiceIteratorValue(field.prepare_value(one), one)
            yield value, field.label_of(one, names[one.pk])


class StaffField(forms.ModelChoiceField):
    """A choice of one person by uuid. The form sets ``queryset``."""

    iterator = StaffIterator

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"empty_label": _("Choose a person"), **kwargs}
        super().__init__(Staff.objects.none(), to_field_name="uuid", **kwargs)

    def label_of(self, staff: Staff, name: str) -> str:
        """Return the text of an option; ``name`` tells the person apart."""
        return name


class SeveralStaffField(forms.ModelMultipleChoiceField):
    """A choice of any number of people by uuid. The form sets ``queryset``."""

    iterator = StaffIterator

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Staff.objects.none(), to_field_name="uuid", **kwargs)

    def label_of(self, staff: Staff, name: str) -> str:
        """Return the text of an option."""
        return name
