"""The form that names a substitute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.directory.forms import StaffField
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Staff


class SubstituteForm(forms.Form):
    """A colleague who stands in, with first and last day."""

    substitute = StaffField(label=_("Substitute"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("It ends automatically after this day."))

    def __init__(self, *args: Any, colleagues: QuerySet[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"].queryset = colleagues  # type: ignore[attr-defined]
