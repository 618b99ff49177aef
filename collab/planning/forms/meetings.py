"""Forms to plan and move a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.planning.services.meetings import when_of
from collab.protocols.models import Protocol
from collab.protocols.queries import protocols_for
from teams.access.permissions import plannable_teams
from teams.directory.models import Team
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    import datetime as dt

    from collab.meetings.models import Meeting
    from teams.directory.models import School, User


def question_field() -> forms.CharField:
    """A meeting's title."""
    return forms.CharField(
        label=_("What question should it answer?"),
        max_length=200,
        help_text=_("Shown as the meeting’s title."),
    )


class TitleForm(forms.Form):
    """The question that a meeting should answer."""

    title = question_field()
    seen = forms.CharField(max_length=200, widget=forms.HiddenInput, required=False, strip=False)


class WhenForm(forms.Form):
    """Date, time (school time), duration and place."""

    day = DayField(label=_("Day"))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Duration (min)"), min_value=10, max_value=240, initial=45)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school

    def clean_day(self) -> dt.date:
        """Reject past dates."""
        day: dt.date = self.cleaned_data["day"]
        if day < self.school.today():
            raise forms.ValidationError(_("That day has passed. Choose a later one."))
        return day

    def starts_at(self) -> dt.datetime:
        """The start as an aware datetime."""
        return self.school.at(self.cleaned_data["day"], self.cleaned_data["time"])


class MeetingForm(WhenForm):
    """A new meeting of a team, from a protocol."""

    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), to_field_name="uuid", empty_label=None
    )
    title = question_field()
    protocol = forms.ModelChoiceField(
        Protocol.objects.none(),
        label=_("Protocol"),
        to_field_name="uuid",
        required=False,
        empty_label=_("Empty agenda"),
    )

    field_order = ("team", "title", "day", "time", "minutes", "place", "protocol")

    def __init__(self, *args: Any, user: User, school: School, **kwargs: Any) -> None:
        super().__init__(*args, school=school, **kwargs)
        self.fields["team"].queryset = plannable_teams(user, school)  # type: ignore[attr-defined]
        self.fields["protocol"].queryset = protocols_for(user, school)  # type: ignore[attr-defined]


class MoveForm(WhenForm):
    """A new time or place, for one meeting or for all that follow."""

    following = forms.BooleanField(label=_("This and all following meetings in the series"), required=False)
    seen = forms.CharField(max_length=120, widget=forms.HiddenInput, required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        """Remember what was typed in the form of `when_of`."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            time = data["time"].isoformat("minutes")
            self.typed = f"{data['day'].isoformat()}|{time}|{data['minutes']}|{data['place']}"
        return data

    def newest(self, meeting: Meeting) -> dict[str, object]:
        """Values for the form after somebody else has moved the meeting: theirs, except where the user changed something."""
        now = when_of(meeting)
        was, typed, new = (text.split("|", 3) for text in (self.cleaned_data["seen"], self.typed, now))
        if len(was) != len(new):  # not what the page had sent
            return {"seen": now}
        fields = zip(("day", "time", "minutes", "place"), was, typed, new, strict=True)
        return {"seen": now} | {name: value for name, before, mine, value in fields if mine == before}

    @staticmethod
    def start(meeting: Meeting) -> dict[str, Any]:
        """Initial data: the meeting's current time and place."""
        starts = meeting.starts_at.astimezone(meeting.team.school.tz)
        minutes = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
        when = {"day": starts.date(), "time": starts.time(), "minutes": minutes, "place": meeting.place}
        return {**when, "seen": when_of(meeting)}
