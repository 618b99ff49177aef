"""Planning a meeting, and what is written in one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.models import Contribution, Protocol
from collab.queries.meetings import plannable_teams, protocols_for
from teams.models import Staff, Team

if TYPE_CHECKING:
    import datetime as dt

    from teams.models import School, User


class MeetingForm(forms.Form):
    """A new meeting of a team, on a day, from a protocol."""

    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), to_field_name="uuid", empty_label=None
    )
    title = forms.CharField(
        label=_("What question shall it answer?"),
        max_length=200,
        help_text=_("Shown as the meeting’s title."),
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=240, initial=45)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    protocol = forms.ModelChoiceField(
        Protocol.objects.none(),
        label=_("Protocol"),
        to_field_name="uuid",
        required=False,
        empty_label=_("Empty agenda"),
    )

    def __init__(self, *args: Any, user: User, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        self.fields["team"].queryset = plannable_teams(user, school)  # type: ignore[attr-defined]
        self.fields["protocol"].queryset = protocols_for(user, school)  # type: ignore[attr-defined]

    def clean_day(self) -> dt.date:
        """A day to come."""
        day: dt.date = self.cleaned_data["day"]
        if day < self.school.today():
            raise forms.ValidationError(_("That day has passed already. Choose one to come."))
        return day

    def starts_at(self) -> dt.datetime:
        """The instant on the school's clock."""
        return self.school.at(self.cleaned_data["day"], self.cleaned_data["time"])


class ContributionForm(forms.Form):
    """What one person sees, wonders, or thinks."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contribution.Kind.choices)
    text = forms.CharField(label=_("Text"), max_length=2000)
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class DecisionForm(forms.Form):
    """A decision and the day to look again."""

    text = forms.CharField(label=_("We decide"), max_length=400)
    check_on = forms.DateField(
        label=_("Look again on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ActionForm(forms.Form):
    """Who does what by when."""

    text = forms.CharField(label=_("What"), max_length=300)
    owner = forms.ModelChoiceField(
        Staff.objects.none(), label=_("Who"), to_field_name="uuid", empty_label=None
    )
    due_on = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}))
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = team.members.active().values("staff")
        self.fields["owner"].queryset = Staff.objects.filter(pk__in=members).select_related("user")  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """An agenda item."""

    title = forms.CharField(label=_("Topic"), max_length=200)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=120, initial=5)
    outcome = forms.CharField(label=_("Outcome sought"), max_length=200, required=False)
