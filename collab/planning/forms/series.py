"""Forms for series of meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from collab.meetings.models import Series
from collab.protocols.models import Protocol
from collab.protocols.queries import protocols_for
from teams.access.permissions import plannable_teams
from teams.directory.models import Team
from teams.directory.queries.days import cycle_day_names
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from teams.directory.models import School, User

NTHS = [(1, _("first")), (2, _("second")), (3, _("third")), (4, _("fourth")), (5, _("last"))]


class SeriesForm(forms.Form):
    """A new series: team, recurrence rule, and first and last date."""

    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), to_field_name="uuid", empty_label=None
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("Each meeting can have its own question later.")
    )
    pattern = forms.ChoiceField(
        label=_("How often"), choices=Series.Pattern.choices, widget=forms.RadioSelect
    )
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), coerce=int, choices=[(day, WEEKDAYS[day]) for day in range(5)]
    )
    every = forms.IntegerField(label=_("Repeat every … weeks"), min_value=1, max_value=8, initial=1)
    nth = forms.TypedChoiceField(label=_("Week of the month"), coerce=int, choices=NTHS)
    cycle_day = forms.TypedChoiceField(label=_("Day of the cycle"), coerce=int)
    starts_at = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(label=_("Duration (min)"), min_value=10, max_value=240, initial=45)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    protocol = forms.ModelChoiceField(
        Protocol.objects.none(),
        label=_("Protocol"),
        to_field_name="uuid",
        required=False,
        empty_label=_("Empty agenda"),
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"))

    def __init__(self, *args: Any, user: User, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = plannable_teams(user, school)  # type: ignore[attr-defined]
        self.fields["protocol"].queryset = protocols_for(user, school)  # type: ignore[attr-defined]
        self.fields["cycle_day"].choices = list(enumerate(cycle_day_names(school)))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Clear the fields of the recurrence rules not chosen, and their errors."""
        data = super().clean() or {}
        needed = {"weeks": ("weekday", "every"), "month": ("weekday", "nth"), "cycle": ("cycle_day",)}
        wanted = needed.get(data.get("pattern", ""), ())
        for name in {"weekday", "every", "nth", "cycle_day"} - set(wanted):
            self.errors.pop(name, None)
            data[name] = 1 if name == "every" else None
        return data

    def series(self) -> Series:
        """The series as an unsaved instance."""
        return Series(**self.cleaned_data)


class ExtendForm(forms.Form):
    """A later end date."""

    ends_on = DayField(label=_("Until"))
