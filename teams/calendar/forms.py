"""Forms of the school calendar and the bell schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.calendar.usual_days import TERMS
from teams.directory.models import School
from teams.directory.queries.days import cycle_day_names
from teams.lib import formats
from teams.lib.form_renderer import PlainRenderer
from teams.lib.inputs import DayField, Pills

if TYPE_CHECKING:
    import datetime as dt

    from teams.calendar.queries import Suggestion
    from teams.calendar.usual_days import UsualDays

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SpanForm(forms.Form):
    """A school year or a term: name, first and last day."""

    name = forms.CharField(label=_("Name"), max_length=20)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))


class SuggestedYearForm(forms.Form):
    """What to add of a suggested school year: the year with its terms, unless it exists, and days without school."""

    name = forms.CharField(label=_("Name"), max_length=20)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    terms = forms.TypedChoiceField(
        label=_("Terms"),
        coerce=int,
        choices=[(0, _("none")), *((number, number) for number in TERMS)],
        initial=2,
    )
    holidays = forms.MultipleChoiceField(
        label=_("Days without school"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, suggestion: Suggestion, **kwargs: Any) -> None:
        year, holidays = suggestion.year, suggestion.holidays
        initial: dict[str, Any] = {"terms": 2, "holidays": [one.key for one in holidays]}
        if year:
            initial |= {"name": year.name, "starts_on": year.starts_on, "ends_on": year.ends_on}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.suggestion = suggestion
        self.fields["holidays"].choices = [  # type: ignore[attr-defined]
            (one.key, f"{one.name}: {formats.days(one.starts_on, one.ends_on)}") for one in holidays
        ]
        if year is None:
            for name in ("name", "starts_on", "ends_on", "terms"):
                del self.fields[name]
        if not holidays:
            del self.fields["holidays"]

    @property
    def year(self) -> dict[str, Any] | None:
        """Name, first and last day of the year to add, or None if it exists."""
        given = self.cleaned_data
        return {name: given[name] for name in ("name", "starts_on", "ends_on")} if "name" in given else None

    @property
    def chosen(self) -> list[UsualDays]:
        """The holidays that were chosen."""
        keys = self.cleaned_data.get("holidays", [])
        return [one for one in self.suggestion.holidays if one.key in keys]


class HolidayForm(forms.Form):
    """A holiday."""

    name = forms.CharField(label=_("Name"), max_length=80)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Leave empty for a single day."))


class CycleForm(forms.Form):
    """The day cycle."""

    cycle = forms.ChoiceField(label=_("How the cycle advances"), choices=School.Cycle.choices)
    cycle_days = forms.IntegerField(
        label=_("Days in the cycle"),
        min_value=2,
        max_value=10,
        help_text=_(
            "Weekly: 5, or 10 for alternating weeks. Rotating: 2 for A and B days, 6 for a six-day cycle."
        ),
    )
    cycle_from = DayField(
        label=_("A date that is day 1 of the cycle"),
        required=False,
        help_text=_("Leave empty for the first day of the school year."),
    )

    @staticmethod
    def start(school: School) -> dict[str, Any]:
        """Initial values: the school's current cycle."""
        return {"cycle": school.cycle, "cycle_days": school.cycle_days, "cycle_from": school.cycle_from}

    def school(self, school: School) -> School:
        """Return ``school`` with the new cycle, unsaved, to preview the coming weeks."""
        data: dict[str, str | int | dt.date | None] = self.cleaned_data
        would_be = School.objects.get(pk=school.pk)
        for name, value in data.items():
            setattr(would_be, name, value)
        return would_be


class CopyDayForm(forms.Form):
    """The day of the cycle to copy periods from, and the days to copy them to."""

    source = forms.TypedChoiceField(label=_("Copy"), coerce=int)
    target = forms.TypedMultipleChoiceField(label=_("to"), coerce=int, required=False, widget=Pills)
    replace = forms.BooleanField(
        label=_("Replace periods that are there, with their timetable"), required=False
    )

    default_renderer = PlainRenderer

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = list(enumerate(cycle_day_names(school)))
        self.fields["source"].choices = days  # type: ignore[attr-defined]
        self.fields["target"].choices = days  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """A period of the bell schedule."""

    cycle_day = forms.TypedChoiceField(label=_("Day"), coerce=int)
    name = forms.CharField(label=_("Name"), max_length=40)
    starts_at = forms.TimeField(label=_("From"), widget=TIME)
    ends_at = forms.TimeField(label=_("To"), widget=TIME)
    is_protected = forms.BooleanField(label=_("Reserved for team meetings"), required=False)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle_day"].choices = list(enumerate(cycle_day_names(school)))  # type: ignore[attr-defined]
