"""Forms to start a search and to accept its results."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.planning.queries.series import default_end
from collab.schedules.queries.problems import schedule_teams
from teams.directory.models import Team
from teams.lib.inputs import DayField, Pills, ShortNumber

if TYPE_CHECKING:
    from collab.availability.queries.frequency import MeetingFrequency
    from teams.directory.models import School

LENGTHS = [("", _("The duration above")), (1, _("One whole period")), (2, _("Two periods together"))]
COVERS = [
    ("", _("As much as needed")),
    (0, _("None: everyone is free")),
    (1, _("1 period per team")),
    (2, _("2 periods per team")),
    (3, _("3 periods per team")),
]


class ScheduleForm(forms.Form):
    """Teams, duration, days and limits of a search."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Teams"),
        to_field_name="uuid",
        widget=Pills,
        error_messages={"required": _("Choose the teams that need a time.")},
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        widget=Pills,
        error_messages={"required": _("Choose the days on which teams may meet.")},
    )
    minutes = forms.IntegerField(
        label=_("Duration (min)"), min_value=10, max_value=240, initial=45, widget=ShortNumber
    )
    periods = forms.TypedChoiceField(
        label=_("Length"), coerce=int, choices=LENGTHS, required=False, empty_value=None
    )
    most_covers = forms.TypedChoiceField(
        label=_("Periods to cover"), coerce=int, choices=COVERS, required=False, empty_value=None
    )
    most_at_once = forms.IntegerField(
        label=_("Most teams at once"), min_value=1, max_value=200, required=False, widget=ShortNumber
    )
    every = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, school: School, frequency: MeetingFrequency, **kwargs: Any) -> None:
        names, teams = frequency.names, schedule_teams(school)
        start = {
            "teams": [team.uuid for team in teams],
            "days": list(range(len(names))),
            "every": frequency.key,
        }
        super().__init__(*args, **kwargs)
        self.initial = start
        self.fields["teams"].queryset = teams  # type: ignore[attr-defined]
        self.fields["days"].choices = list(enumerate(names))  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """First and last date of new series, and whether current series end."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"))
    replace = forms.BooleanField(label=_("End the teams’ current series"), required=False, initial=True)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        today = school.today()
        super().__init__(*args, **kwargs)
        monday = today + dt.timedelta(days=7 - today.weekday())  # leave this week's meetings as they are
        self.initial = {"starts_on": monday, "ends_on": default_end(school, monday), "replace": True}
        self.today = today

    def clean_starts_on(self) -> dt.date:
        """Reject past dates."""
        day: dt.date = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError(_("That day has passed. Choose a later one."))
        return day

    def clean(self) -> dict[str, Any]:
        """Require the last date not to be before the first."""
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first. Choose a later one."))
        return data
