"""Forms of notes about students, and of the school's skills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.anecdotes.models import Anecdote, Skill
from datareview.anecdotes.queries import readers_to_name, skills_of, teams_to_share_with
from datareview.anecdotes.services.anecdotes import AnecdoteValues
from teams.directory.models import Staff
from teams.lib.inputs import DayField, Pills, RadioPills

if TYPE_CHECKING:
    from datareview.records.models import Student
    from teams.directory.models import User


class AnecdoteForm(forms.Form):
    """A note in the order in which people tell it; ``seen`` is the version that the user edits."""

    text = forms.CharField(
        label=_("What you saw or heard"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )
    skill = forms.ModelChoiceField(
        label=_("About"), queryset=Skill.objects.none(), required=False, widget=RadioPills
    )
    is_strength = forms.BooleanField(label=_("This is a strength"), required=False)
    is_handover = forms.BooleanField(label=_("Hand it over to next year’s teachers"), required=False)
    sharing = forms.ChoiceField(
        label=_("Who may read it"),
        choices=Anecdote.Sharing.choices,
        initial=Anecdote.Sharing.SCHOOL,
        widget=RadioPills,
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    readers = forms.ModelMultipleChoiceField(
        label=_("People"), queryset=Staff.objects.none(), required=False, widget=Pills
    )
    seen_on = DayField(label=_("Date"))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, student: Student, user: User, anecdote: Anecdote | None = None, **kwargs: Any
    ) -> None:
        school = student.school
        start: dict[str, Any] = {"seen_on": school.today()}
        if anecdote:
            names = ("text", "skill", "is_strength", "is_handover", "sharing", "seen_on")
            start = {name: getattr(anecdote, name) for name in names}
            start |= {"seen": anecdote.version, "readers": list(anecdote.readers.all())}
            start["team"] = str(anecdote.team.uuid) if anecdote.team else ""
        kwargs["initial"] = start
        super().__init__(*args, **kwargs)
        skills = skills_of(school)
        if anecdote and anecdote.skill_id:
            skills = skills | Skill.objects.filter(pk=anecdote.skill_id)
        self.fields["skill"].queryset = skills  # type: ignore[attr-defined]
        self.fields["skill"].empty_label = _("Nothing of these")  # type: ignore[attr-defined]
        self.teams = {str(team.uuid): team for team in teams_to_share_with(user, school)}
        choices = [("", "–"), *((uuid, str(team)) for uuid, team in self.teams.items())]
        self.fields["team"].choices = choices  # type: ignore[attr-defined]
        self.fields["readers"].queryset = readers_to_name(user, student)  # type: ignore[attr-defined]

    def values(self) -> AnecdoteValues:
        """The values of a valid form."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        cleaned["team"] = self.teams.get(cleaned["team"])
        cleaned["readers"] = list(cleaned["readers"])
        return AnecdoteValues(**cleaned)


class SkillsForm(forms.Form):
    """Skills to add, one a line."""

    names = forms.CharField(
        label=_("New skills, one a line"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def values(self) -> list[str]:
        """The names of a valid form."""
        return str(self.cleaned_data["names"]).splitlines()


class SkillForm(forms.Form):
    """The name of a skill."""

    name = forms.CharField(label=_("Skill"), max_length=40)
