"""The finder's form: people, duration and first week."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.availability.queries.finder import finder_staff, finder_teams, first_team, team_staff
from collab.availability.queries.frequency import frequency_choices, frequency_of
from teams.directory.forms import SeveralStaffField
from teams.directory.models import Team
from teams.lib.form_renderer import InlineRenderer, PlainRenderer
from teams.lib.inputs import DayField, Pills, ShortNumber

if TYPE_CHECKING:
    from django.http import QueryDict

    from teams.directory.models import School, User

DEFAULT_MINUTES = 45
FARTHEST = dt.timedelta(days=730)


class FinderForm(forms.Form):
    """Query parameters of the finder: a team or any staff of the school, duration, and first week.

    ``of`` is the team for which people were selected. If another team is chosen, its members are selected
    instead.
    """

    default_renderer = PlainRenderer

    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Team"),
        to_field_name="uuid",
        required=False,
        empty_label=_("Anyone at the school"),
    )
    minutes = forms.IntegerField(
        label=_("Duration (min)"), min_value=10, max_value=240, required=False, widget=ShortNumber
    )
    week = DayField(label=_("Starting the week of"), required=False)
    every = forms.ChoiceField(label=_("How often"), required=False)
    people = SeveralStaffField(
        label=_("Who"),
        required=False,
        widget=Pills,
        template_name=InlineRenderer.field_template_name,
    )
    of = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    day = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: User, school: School) -> None:
        teams = finder_teams(user, school)
        filled = _with_defaults(data, list(teams), first_team(user, school), school.today().isoformat())
        if filled.get("every") not in dict(frequency_choices(school)):
            filled["every"] = frequency_of(school).key if frequency_choices(school) else ""
        super().__init__(filled)
        self.fields["every"].choices = frequency_choices(school)  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["people"].queryset = finder_staff(school)  # type: ignore[attr-defined]
        self.today = school.today()

    def clean_week(self) -> dt.date | None:
        """Reject dates too far away to have a school calendar."""
        day: dt.date | None = self.cleaned_data["week"]
        if day and abs(day - self.today) > FARTHEST:
            raise forms.ValidationError(_("Choose a week within two years."))
        return day

    def wanted(self) -> dict[str, Any]:
        """Arguments for `finder_of`. Invalid fields fall back to defaults and show their errors."""
        self.full_clean()
        data = self.cleaned_data
        return {
            "team": data.get("team"),
            "people": data.get("people") or [],
            "minutes": data.get("minutes") or DEFAULT_MINUTES,
            "week": data.get("week") or self.today,
            "day": data.get("day") or 0,
            "every": data.get("every") or "",
        }


def _with_defaults(data: QueryDict, teams: list[Team], usual: Team | None, today: str) -> QueryDict:
    """``data`` with defaults, and with a team's members selected after the team changed."""
    filled = data.copy()
    for name, start in (("minutes", str(DEFAULT_MINUTES)), ("week", today)):
        if not filled.get(name):
            filled[name] = start
    if "team" not in filled and "people" not in filled:
        filled["team"] = str(usual.uuid) if usual else ""
    chosen = filled.get("team", "")
    ticked = data["of"] == chosen if "of" in data else "people" in data
    team = next((one for one in teams if str(one.uuid) == chosen), None)
    if team and not ticked:
        filled.setlist("people", [str(one.uuid) for one in team_staff(team)])
    filled["of"] = chosen
    return filled
