"""Forms of a student's own goal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.own_goals.models import OwnGoal
from datareview.own_goals.services import OwnGoalValues
from teams.lib.inputs import DayField, RadioPills

if TYPE_CHECKING:
    from datareview.records.models import Student

USUAL = dt.timedelta(weeks=6)  # from setting a goal to looking at it together


class OwnGoalForm(forms.Form):
    """A goal in the student's words; ``seen`` is the version that the user edits."""

    words = forms.CharField(
        label=_("The goal, in the student’s own words"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )
    step = forms.CharField(
        label=_("What I will do"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    helper = forms.CharField(label=_("Who helps me, and how"), max_length=200, required=False)
    look_on = DayField(label=_("We look at it together on"))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, student: Student, goal: OwnGoal | None = None, **kwargs: Any) -> None:
        start: dict[str, Any] = {"look_on": student.school.today() + USUAL}
        if goal:
            start = {name: getattr(goal, name) for name in ("words", "step", "helper", "look_on")}
            start["seen"] = goal.version
        kwargs["initial"] = start
        super().__init__(*args, **kwargs)

    def values(self) -> OwnGoalValues:
        """The values of a valid form."""
        return OwnGoalValues(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class LookBackForm(forms.Form):
    """How far the student came, and what they say of it."""

    state = forms.ChoiceField(
        label=_("How far did you come?"),
        choices=[one for one in OwnGoal.State.choices if one[0] != OwnGoal.State.OPEN],
        widget=RadioPills,
    )
    said = forms.CharField(
        label=_("What the student says"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
