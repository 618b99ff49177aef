"""Forms for teams and their members."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from teams.directory.models import SchoolYear, Team
from teams.lib.inputs import DayField, Pills, SuggestedText
from teams.lib.parameters import int_or_none
from teams.lib.tags.grades import grade
from teams.team_admin.queries import staff_names
from teams.team_admin.services.members import state_of
from teams.team_admin.services.teams import MOST_AT_ONCE, NewTeam, TeamValues, team_fingerprint, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import School, Staff, TeamMember
    from teams.team_admin.queries import StaffNames

RHYTHMS = [
    (7, gettext_lazy("Every week")),
    (14, gettext_lazy("Every two weeks")),
    (21, gettext_lazy("Every three weeks")),
    (30, gettext_lazy("Every month")),
    (60, gettext_lazy("Every two months")),
    (90, gettext_lazy("Every three months")),
]
SPAN = re.compile(r"\s*([\w-]+?)\s*(?:[-–]\s*(\w+))?\s*")
NAMED_GRADES = {"k": 0, "kg": 0, "pk": -1, "pre-k": -1}


class PeopleField(forms.CharField):
    """Names or emails of people who work at the school; gives a list of `Staff`. Set ``names`` first."""

    widget = forms.Textarea(attrs={"rows": 3})
    names: StaffNames

    def clean(self, value: Any) -> Any:
        """Find the people, or say who is unknown."""
        found, problems = self.names.find(super().clean(value))
        if problems:
            raise forms.ValidationError(problems)
        return found


class TeamForm(forms.Form):
    """What a team is. ``seen`` is the version that the user edits."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Team.Kind.choices)
    grades = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Grades"), coerce=int, required=False, widget=Pills
    )
    cohort = forms.ChoiceField(
        label=gettext_lazy("Whose work it is"),
        choices=Team.Cohort.choices,
        widget=forms.RadioSelect,
        initial=Team.Cohort.GRADES,
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For students in its members’ sections: the subject of those sections."),
    )
    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=300, required=False)
    meets_every_days = forms.TypedChoiceField(
        label=gettext_lazy("Expected to meet"), coerce=int, choices=RHYTHMS
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(
        self,
        *args: Any,
        school: School,
        subjects: Iterable[str] = (),
        team: Team | None = None,
        **kwargs: Any,
    ) -> None:
        start = _start(team) if team else {}
        super().__init__(*args, **{**kwargs, "initial": {**start, **kwargs.get("initial", {})}})
        numbers = range(school.lowest_grade, school.highest_grade + 1)
        self.fields["grades"].choices = [(number, grade(number)) for number in numbers]  # type: ignore[attr-defined]
        self.fields["subject"].widget = SuggestedText(subjects, {"maxlength": 40})
        if team and team.meets_every_days not in dict(RHYTHMS):
            own = (team.meets_every_days, _("Every %(n)s days") % {"n": team.meets_every_days})
            self.fields["meets_every_days"].choices = [*RHYTHMS, own]  # type: ignore[attr-defined]

    def values(self) -> TeamValues:
        """What was typed, as `TeamValues`."""
        data = {**self.cleaned_data, "grades": tuple(self.cleaned_data["grades"])}
        return TeamValues(**{name: data[name] for name in TeamValues.__dataclass_fields__ if name in data})


class TeamRowsForm(forms.Form):
    """Several teams, one per line."""

    rows = forms.CharField(
        label=gettext_lazy("Teams, one per line"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        strip=False,
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school

    def clean_rows(self) -> list[NewTeam]:
        """Read the lines, or say what is wrong with each."""
        teams, problems = teams_in_text(self.school, self.cleaned_data["rows"])
        if len(teams) > MOST_AT_ONCE:
            problems.append(_("Add at most %(most)s teams at once.") % {"most": MOST_AT_ONCE})
        if problems:
            raise forms.ValidationError(problems)
        return teams


class AddMembersForm(forms.Form):
    """People to add to a team, and from when."""

    people = PeopleField(
        label=gettext_lazy("People"),
        help_text=gettext_lazy("Names or emails, separated by commas or lines."),
    )
    is_lead = forms.BooleanField(label=gettext_lazy("As a lead"), required=False)
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"starts_on": school.today()}, **kwargs})
        self.fields["people"].names = staff_names(school)  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    """A member's dates, and whether they lead. ``seen`` is the version that the user edits."""

    is_lead = forms.BooleanField(label=gettext_lazy("Lead"), required=False)
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("The last day with access.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, member: TeamMember, **kwargs: Any) -> None:
        names = ("is_lead", "starts_on", "ends_on")
        start = {name: getattr(member, name) for name in names} | {"seen": state_of(member)}
        super().__init__(*args, **{"initial": start, "auto_id": f"{member.uuid}_%s", **kwargs})


class RulesForm(forms.Form):
    """The school's rules about teams."""

    leads_edit_members = forms.BooleanField(
        label=gettext_lazy("Leads may change the members of their own teams"), required=False
    )
    newcomers_read_all = forms.BooleanField(
        label=gettext_lazy("New members may read what the team did before they joined"), required=False
    )

    @staticmethod
    def start(school: School) -> dict[str, bool]:
        """Initial data: the rules in force."""
        return {name: getattr(school, name) for name in RulesForm.base_fields}


class CopyTeamsForm(forms.Form):
    """Teams to copy, and the school year that gets the copies."""

    year = forms.ModelChoiceField(
        SchoolYear.objects.none(), label=gettext_lazy("Copy to"), to_field_name="uuid", empty_label=None
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Teams"),
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, teams: Iterable[Team], years: Iterable[SchoolYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = teams  # type: ignore[attr-defined]
        self.fields["year"].queryset = years  # type: ignore[attr-defined]


def teams_in_text(school: School, text: str) -> tuple[list[NewTeam], list[str]]:
    """The teams in ``text``, one per line, and a sentence for each line that cannot be read.

    A line has name, kind, grades, leads and members, separated by tabs or semicolons, as a spreadsheet copies them.
    """
    names = staff_names(school)
    teams, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            team, wrong = _team_in_line(line, names)
            teams.append(team)
            problems += [
                _("Line %(number)s: %(problem)s") % {"number": number, "problem": one} for one in wrong
            ]
    return teams, problems


def grades_in_text(text: str) -> tuple[int, ...] | None:
    """Grades such as "K-2, 5"; None if ``text`` cannot be read as grades."""
    found: list[int] = []
    for part in filter(str.strip, text.split(",")):
        match = SPAN.fullmatch(part)
        low = _grade_in(match[1]) if match else None
        high = _grade_in(match[2]) if match and match[2] else low
        if low is None or high is None or not 0 <= high - low <= 20:
            return None
        found += range(low, high + 1)
    return tuple(dict.fromkeys(found))


def _grade_in(text: str) -> int | None:
    return NAMED_GRADES.get(text.casefold(), int_or_none(text))


def _team_in_line(line: str, names: StaffNames) -> tuple[NewTeam, list[str]]:
    cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ";")]
    name, kind, grades, leads, members = (*cells[:5], *[""] * (5 - len(cells[:5])))
    wrong: list[str] = []
    if len(cells) > 5:
        wrong.append(_("There are more than five columns. Separate members by commas."))
    kinds = {str(label).casefold(): value for value, label in Team.Kind.choices} | {
        one: one for one in Team.Kind
    }
    chosen = kinds.get(kind.casefold(), "") if kind else Team.Kind.GRADE
    if not chosen:
        wrong.append(_("“%(kind)s” is not a kind of team.") % {"kind": kind})
    numbers = grades_in_text(grades)
    if numbers is None:
        wrong.append(_("“%(grades)s” can’t be read as grades.") % {"grades": grades})
    people: list[tuple[Staff, ...]] = []
    for text in (leads, members):
        found, unknown = names.find(text)
        people.append(tuple(found))
        wrong += unknown
    values = TeamValues(name=name, kind=chosen or Team.Kind.GRADE, grades=numbers or ())
    return NewTeam(values, leads=people[0], members=people[1]), wrong


def _start(team: Team) -> dict[str, Any]:
    now = values_of(team)
    fields = {
        name: getattr(now, name) for name in TeamValues.__dataclass_fields__ if name != "usual_protocol"
    }
    return {**fields, "grades": list(now.grades), "seen": team_fingerprint(team)}
