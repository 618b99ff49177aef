"""A new poll: team, invitees and times."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from collab.availability.queries.finder import finder_staff, first_team, team_staff
from collab.polls.queries.lists import poll_teams
from teams.directory.forms import SeveralStaffField
from teams.directory.models import Team
from teams.lib.inputs import DayField, Pills, ShortNumber
from teams.lib.parameters import day_or_none

if TYPE_CHECKING:
    from django.http import QueryDict

    from teams.directory.models import School, User

TIMES = 8
ANSWER_WITHIN = dt.timedelta(days=3)


class PollForm(forms.Form):
    """A new poll. Times are the fields ``time_1`` to ``time_8``; empty ones are ignored."""

    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Team"),
        to_field_name="uuid",
        empty_label=None,
        # after a change of team, reload its members
        widget=forms.Select(
            attrs={
                "hx-get": reverse_lazy("collab:poll-new"),
                "hx-target": "#asked",
                "hx-select": "#asked",
                "hx-swap": "outerHTML",
            }
        ),
    )
    title = forms.CharField(
        label=_("What is the meeting about?"),
        max_length=120,
        help_text=_(
            "Shown as the meeting’s title. Don’t name a student here, because people on other teams "
            "may read it."
        ),
    )
    minutes = forms.IntegerField(label=_("Duration (min)"), min_value=10, max_value=240, widget=ShortNumber)
    closes_on = DayField(label=_("Answer by"))
    people = SeveralStaffField(
        label=_("Invitees"),
        widget=Pills,
        error_messages={"required": _("Choose who to ask.")},
    )

    def __init__(self, *args: Any, user: User, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = poll_teams(user, school)  # type: ignore[attr-defined]
        self.fields["people"].queryset = finder_staff(school)  # type: ignore[attr-defined]
        for number in range(1, TIMES + 1):
            self.fields[f"time_{number}"] = forms.DateTimeField(
                label=_("Time %(number)s") % {"number": number},
                required=False,
                input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                error_messages={"invalid": _("Write a day and a time, like 2026-12-01 10:10.")},
            )

    def time_fields(self) -> list[forms.BoundField]:
        """The bound time fields, to be drawn side by side."""
        return [self[f"time_{number}"] for number in range(1, TIMES + 1)]

    def clean(self) -> dict[str, Any]:
        """Require at least two times."""
        data = super().clean() or {}
        given = [data.pop(f"time_{number}", None) for number in range(1, TIMES + 1)]
        data["times"] = sorted({at for at in given if at})
        wrong = any(name.startswith("time_") for name in self.errors)
        if len(data["times"]) < 2 and not wrong:
            self.add_error("time_1", _("Offer at least two different times."))
        return data

    @staticmethod
    def start(query: QueryDict, *, user: User, school: School) -> dict[str, Any]:
        """Initial data from `?team=&people=&minutes=&at=`; the team's members if no people are given."""
        teams = list(poll_teams(user, school))
        named = next((one for one in teams if str(one.uuid) == query.get("team")), None)
        team = named or first_team(user, school) or next(iter(teams), None)
        given = query.getlist("at")[:TIMES]
        times = {f"time_{number}": at for number, at in enumerate(given, start=1)}
        people = query.getlist("people") or [str(one.uuid) for one in (team_staff(team) if team else [])]
        return {
            "team": team.uuid if team else None,
            "minutes": query.get("minutes") or 45,
            "closes_on": answer_by(given, school.today()),
            "people": people,
            "title": query.get("title", ""),
            **times,
        }


def answer_by(times: list[str], today: dt.date) -> dt.date:
    """Default deadline: in three days, or the day before the first of ``times`` if that is sooner."""
    by = today + ANSWER_WITHIN
    for at in times:
        if day := day_or_none(at[:10]):
            by = min(by, day - dt.timedelta(days=1))
    return max(by, today)
