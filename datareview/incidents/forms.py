"""The form of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.incidents.services import IncidentValues
from datareview.records.models import Incident
from teams.lib.inputs import DayField, RadioPills, ShortNumber, SuggestedText

if TYPE_CHECKING:
    from datareview.incidents.queries import UsualWords


class IncidentForm(forms.Form):
    """An incident, in the order in which people tell it; ``seen`` is the version the user edits."""

    day = DayField(label=_("Date"))
    time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(label=_("Place"), max_length=60, required=False)
    kind = forms.CharField(label=_("Kind of incident"), max_length=60)
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=Incident.Severity.choices,
        initial=Incident.Severity.MINOR,
        widget=RadioPills,
    )
    consequence = forms.ChoiceField(
        label=_("What was done"),
        choices=Incident.Consequence.choices,
        initial=Incident.Consequence.NONE,
        widget=RadioPills,
    )
    days = forms.DecimalField(
        label=_("How many school days it lasts"),
        required=False,
        min_value=0,
        max_value=400,
        decimal_places=1,
        widget=ShortNumber(attrs={"step": "0.5"}),
        help_text=_("Of a detention or a suspension."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, usual: UsualWords, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("kind", usual.kinds), ("place", usual.places)):
            self.fields[name].widget = SuggestedText(words, {"autocomplete": "off", "maxlength": "60"})

    def values(self) -> IncidentValues:
        """The cleaned values of a valid form."""
        return IncidentValues(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})
