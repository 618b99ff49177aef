"""Forms of teams that know about meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.protocols.models import Protocol
from teams.directory.models import Team
from teams.lib.filters import ALL, FilterForm
from teams.lib.inputs import DayField
from teams.lib.tags.grades import grade
from teams.team_admin.forms import PeopleField, TeamForm
from teams.team_admin.queries import staff_names

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from collab.team_page.queries.team_list import TeamList
    from teams.directory.models import School


class TeamPageForm(TeamForm):
    """What a team is, with the protocol that its meetings usually follow."""

    usual_protocol = forms.ModelChoiceField(
        Protocol.objects.none(),
        label=_("Usual protocol"),
        to_field_name="uuid",
        required=False,
        empty_label=_("None"),
    )

    def __init__(
        self, *args: Any, protocols: QuerySet[Protocol], team: Team | None = None, **kwargs: Any
    ) -> None:
        if team and team.usual_protocol:
            kwargs = {**kwargs, "initial": {"usual_protocol": team.usual_protocol.uuid}}
        super().__init__(*args, team=team, **kwargs)
        self.fields["usual_protocol"].queryset = protocols  # type: ignore[attr-defined]


class NewTeamForm(TeamPageForm):
    """A new team with its people."""

    leads = PeopleField(
        label=_("Leads"),
        required=False,
        widget=forms.TextInput,
        help_text=_("Names or emails, separated by commas. A team can also have no lead."),
    )
    members = PeopleField(
        label=_("Other members"),
        required=False,
        help_text=_("Names or emails, separated by commas or lines."),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, school=school, **kwargs)
        names = staff_names(school)
        for name in ("leads", "members"):
            self.fields[name].names = names  # type: ignore[attr-defined]


class NormsForm(forms.Form):
    """Norms, one per line, with the dates of their adoption and of their next review."""

    norms = forms.CharField(
        label=_("One per line. Meetings show one at a time"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    adopted_on = DayField(label=_("Adopted on"), required=False)
    review_on = DayField(
        label=_("Review on"),
        required=False,
        help_text=_("The review is added to an agenda of the team when it is due."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    @staticmethod
    def start(team: Team) -> dict[str, Any]:
        """Initial data: the norms of ``team`` now."""
        text = "\n".join(norm.text for norm in team.norms.all())
        return {"norms": text, "adopted_on": team.norms_adopted_on, "review_on": team.norms_review_on}


class TeamFilter(FilterForm):
    """Filters teams by words, kind and grade; and sorts."""

    q = forms.CharField(
        label=_("Name or member"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[ALL, *Team.Kind.choices])
    grade = forms.ChoiceField(label=_("Grade"))
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("Active")),
            ("never", _("Never met")),
            ("leaderless", _("Without a lead")),
            ("archived", _("Archived")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[
            ("name", _("Name")),
            ("kind", _("Kind")),
            ("next", _("Next meeting")),
            ("members", _("Members")),
        ],
    )

    def __init__(self, wanted: QueryDict, teams: TeamList) -> None:
        super().__init__(wanted, grade=[ALL, *((number, grade(number)) for number in teams.grades)])
