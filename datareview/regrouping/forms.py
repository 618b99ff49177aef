"""The forms of the groups, with a choice of group for each student, and of what came of a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from datareview.plans.forms import WEEKDAYS
from datareview.regrouping.models import MasteryBand
from datareview.regrouping.queries.points import parts_of
from datareview.regrouping.services import GroupValues
from teams.access.permissions import staff_where
from teams.directory.forms import StaffField
from teams.lib.inputs import DayField, Pills, ShortNumber

if TYPE_CHECKING:
    import datetime as dt

    from django.forms import BoundField

    from datareview.regrouping.queries.groups import GroupPlace, GroupsPage, TeachingGroup

MOST_SEATS = 60
FEWEST_TO_SPLIT = 4  # students


@dataclass(frozen=True, slots=True)
class StudentChoice:
    """A student and the field that chooses their group."""

    place: GroupPlace
    field: BoundField


@dataclass(frozen=True, slots=True)
class GroupFields:
    """A group and its fields on the page."""

    line: TeachingGroup
    fields: list[BoundField]
    students: list[StudentChoice]
    plan_query: str = ""  # starts plans of these students on the standard

    @property
    def has_errors(self) -> bool:
        """Whether one of the fields was refused."""
        return any(field.errors for field in self.fields)

    @property
    def parts(self) -> int:
        """Into how many groups it is split with one click; 0 with too few students."""
        many = len(self.students)
        return parts_of(many, self.line.group.seats) if many >= FEWEST_TO_SPLIT else 0


class GroupsForm(forms.Form):
    """All groups of a set at once: what is written about each, who is in which, and the day of the check."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    split = forms.IntegerField(required=False)  # the name of a button
    check_on = DayField(label=_("Check again on"), required=False)

    def __init__(self, *args: Any, page: GroupsPage, **kwargs: Any) -> None:
        regrouping = page.regrouping
        super().__init__(*args, **kwargs)
        self.initial.update(version=regrouping.version, check_on=regrouping.check_on)
        self.page = page
        self.choices = [*((str(line.group.pk), line.name) for line in page.groups), ("", _("In no group"))]
        for line in page.groups:
            self._add_group(line)
            for place in line.places:
                self._add_student(place, line.group.pk)
        for place in page.outside:
            self._add_student(place, None)

    def _add_group(self, line: TeachingGroup) -> None:
        group, at = line.group, f"g{line.group.pk}-"
        teacher = StaffField(label=_("Teacher"), required=False, empty_label=_("No teacher yet"))
        teacher.queryset = staff_where(self.page.regrouping.assessment.team.school, "join_teams")
        self.fields[f"{at}teacher"] = teacher
        self.fields[f"{at}place"] = forms.CharField(label=_("Place"), max_length=60, required=False)
        self.fields[f"{at}weekdays"] = forms.MultipleChoiceField(
            label=_("Days"), choices=WEEKDAYS, widget=Pills, required=False
        )
        self.fields[f"{at}time"] = forms.TimeField(
            label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        )
        self.fields[f"{at}teaches"] = forms.CharField(
            label=_("What is taught"),
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"{at}seats"] = forms.IntegerField(
            label=_("Seats"), required=False, min_value=1, max_value=MOST_SEATS, widget=ShortNumber
        )
        self.initial.update(
            {
                f"{at}teacher": group.teacher.uuid if group.teacher else None,
                f"{at}place": group.place,
                f"{at}weekdays": group.weekdays,
                f"{at}time": group.time,
                f"{at}teaches": group.teaches,
                f"{at}seats": group.seats,
            }
        )

    def _add_student(self, place: GroupPlace, group: int | None) -> None:
        name = f"s-{place.student.uuid}"
        label = pgettext("label of a choice", "Group of %(student)s") % {"student": place.student}
        self.fields[name] = forms.ChoiceField(label=label, choices=self.choices, required=False)
        self.initial[name] = str(group or "")

    def groups(self) -> list[GroupFields]:
        """Each group with its bound fields and students, as they are stored."""
        names = ("teacher", "weekdays", "time", "place", "teaches", "seats")
        return [
            GroupFields(
                line,
                [self[f"g{line.group.pk}-{name}"] for name in names],
                [self._choice(place) for place in line.places],
                self._plan_query(line),
            )
            for line in self.page.groups
        ]

    def _plan_query(self, line: TeachingGroup) -> str:
        standard = self.page.regrouping.standard
        values: dict[str, Any] = {"student": [str(place.student.uuid) for place in line.places]}
        if standard:
            values["measure"] = str(standard.uuid)
        return "?" + urlencode(values, doseq=True)

    def outside(self) -> list[StudentChoice]:
        """The students in no group, with their fields."""
        return [self._choice(place) for place in self.page.outside]

    def _choice(self, place: GroupPlace) -> StudentChoice:
        return StudentChoice(place, self[f"s-{place.student.uuid}"])

    def group_values(self) -> dict[int, GroupValues]:
        """What was written about each group, of a valid form."""
        found = {}
        for line in self.page.groups:
            at = f"g{line.group.pk}-"
            found[line.group.pk] = GroupValues(
                teacher=self.cleaned_data[f"{at}teacher"],
                place=self.cleaned_data[f"{at}place"],
                weekdays=tuple(int(day) for day in self.cleaned_data[f"{at}weekdays"]),
                time=self.cleaned_data[f"{at}time"],
                teaches=self.cleaned_data[f"{at}teaches"],
                seats=self.cleaned_data[f"{at}seats"],
            )
        return found

    def places(self) -> dict[int, int | None]:
        """Student id → group id, None for no group, of a valid form."""
        every = [*self.page.outside, *(place for line in self.page.groups for place in line.places)]
        chosen = {place.student.pk: self.cleaned_data[f"s-{place.student.uuid}"] for place in every}
        return {student: int(group) if group else None for student, group in chosen.items()}

    def check_day(self) -> dt.date | None:
        """The day of the check, of a valid form."""
        return self.cleaned_data["check_on"]


class NewGroupForm(forms.Form):
    """The band of a group to add."""

    band = forms.ChoiceField(label=_("Add a group"), choices=MasteryBand)


class NoteForm(forms.Form):
    """What a teacher tried with a group, and what they saw."""

    tried = forms.CharField(
        label=_("What we tried"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    saw = forms.CharField(
        label=_("What we saw"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
