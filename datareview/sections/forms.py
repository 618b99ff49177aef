"""Forms of sections, their teachers and students."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.sections.services.sections import SectionValues
from teams.directory.forms import staff_choices
from teams.lib.filters import ALL, FilterForm
from teams.lib.form_renderer import PlainRenderer
from teams.lib.inputs import DayField
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import QueryDict

    from datareview.records.models import Section, Student
    from datareview.sections.queries.sections import SectionList
    from teams.directory.models import School, SchoolYear, Staff, Term


def grade_choices(school: School) -> list[tuple[int | str, str]]:
    """Grades of the school."""
    lowest, highest = min(school.lowest_grade, 0), school.highest_grade
    return [("", "—"), *((number, grade(number)) for number in range(lowest, highest + 1))]


class EndForm(forms.Form):
    """The last day of something."""

    ends_on = DayField(label=_("Last day"))


class SectionForm(forms.Form):
    """A section; ``seen`` is the version the user edits."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For example: Math 7, period 2"))
    local_id = forms.CharField(
        label=_("Section number"),
        max_length=40,
        required=False,
        help_text=_("The one in your files. Leave empty to use the name."),
    )
    course = forms.CharField(label=_("Course"), max_length=80, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=40, required=False)
    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int, empty_value=None, required=False)
    term = forms.ChoiceField(label=_("Term"), required=False)
    period = forms.CharField(label=_("Period"), max_length=20, required=False)
    is_core = forms.BooleanField(label=_("A core course: lists of students show it"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, school: School, year: SchoolYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms: dict[str, Term] = {str(term.uuid): term for term in year.terms.all()}
        self.fields["grade"].choices = grade_choices(school)  # type: ignore[attr-defined]
        choices = [("", _("the whole year")), *((uuid, str(term)) for uuid, term in self.terms.items())]
        self.fields["term"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> SectionValues:
        """The cleaned values of a valid form."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return SectionValues(**{**data, "term": self.terms.get(data["term"])})


class SectionFilter(FilterForm):
    """Filters and sorts sections."""

    q = forms.CharField(
        label=_("Section, course or teacher"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    year = forms.ChoiceField(label=_("School year"))
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("Now")),
            ("untaught", _("Without a teacher")),
            ("ended", _("Ended")),
            ("all", _("All")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[("name", _("Name")), ("course", _("Course")), ("students", _("Students"))],
    )

    def __init__(self, wanted: QueryDict, found: SectionList) -> None:
        chosen = {"year": str(found.year.uuid)} if found.year else {}
        super().__init__({**chosen, **wanted.dict()}, year=[(str(one.uuid), str(one)) for one in found.years])
        self.narrows = any(wanted.get(name) for name in ("q", "year", "show"))


class SeveralSectionsForm(forms.Form):
    """What is done with the selected sections; the button says which: a teacher for them, or their last day."""

    TEACHER, END = "teacher", "end"
    default_renderer = PlainRenderer

    do = forms.ChoiceField(choices=[(TEACHER, ""), (END, "")], widget=forms.HiddenInput)
    staff = forms.ChoiceField(label=_("Teacher"), required=False)
    ends_on = DayField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, people: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.uuid): one for one in people}
        self.fields["staff"].choices = [("", "—"), *staff_choices(self.people.values())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Require what the button needs."""
        data = super().clean() or {}
        if data.get("do") == self.TEACHER and not data.get("staff"):
            self.add_error("staff", _("Choose a teacher."))
        if data.get("do") == self.END and not data.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Enter the last day."))
        return data


class UnplacedFilter(FilterForm):
    """Filters and sorts students who are in no section."""

    q = forms.CharField(
        label=_("Name or number"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    grade = forms.ChoiceField(label=_("Grade"))
    sort = forms.ChoiceField(label=_("Sort by"), choices=[("", _("Grade")), ("name", _("Name"))])

    def __init__(self, wanted: QueryDict, school: School) -> None:
        super().__init__(wanted, grade=[ALL, *grade_choices(school)[1:]])


class UnplacedForm(forms.Form):
    """The section in which the selected students are enrolled."""

    section = forms.ChoiceField(label=_("Section"))
    starts_on = DayField(label=_("First day"))

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {str(one.uuid): one for one in sections}
        choices = [("", "—"), *((uuid, str(one)) for uuid, one in self.sections.items())]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Section:
        """The chosen section of a valid form."""
        return self.sections[self.cleaned_data["section"]]


class TeacherForm(forms.Form):
    """A teacher of a section, with dates."""

    staff = forms.ChoiceField(label=_("Teacher"))
    is_lead = forms.BooleanField(
        label=_("Leads the section (otherwise co-teaches)"), required=False, initial=True
    )
    starts_on = DayField(label=_("From"), required=False, help_text=_("Empty: since the section began."))
    ends_on = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, people: QuerySet[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.uuid): one for one in people}
        self.fields["staff"].choices = staff_choices(self.people.values())  # type: ignore[attr-defined]

    def chosen(self) -> Staff:
        """The chosen person of a valid form."""
        return self.people[self.cleaned_data["staff"]]


class EnrollForm(forms.Form):
    """Who is enrolled: a grade, or a student per line."""

    lines = forms.CharField(
        label=_("Numbers or names, one per line"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("As in a spreadsheet: 1001, or Maya Okafor, or Okafor, Maya."),
    )
    grade = forms.TypedChoiceField(
        label=_("Or everyone in a grade"), coerce=int, empty_value=None, required=False
    )
    starts_on = DayField(label=_("First day"))

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = grade_choices(school)  # type: ignore[attr-defined]
        for name in ("lines", "grade"):
            self.fields[name].one_of = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Require at least one line or a grade."""
        data = super().clean() or {}
        if not data.get("lines", "").strip() and data.get("grade") is None:
            self.add_error("lines", _("Enter at least one student, or choose a grade."))
        return data


class KeepForm(forms.Form):
    """The students of checked lines who are enrolled."""

    student = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)
    starts_on = DayField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, students: Iterable[Student], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.students = {str(one.uuid): one for one in students}
        self.fields["student"].choices = [(uuid, uuid) for uuid in self.students]  # type: ignore[attr-defined]

    def chosen(self) -> list[Student]:
        """The chosen students of a valid form."""
        return [self.students[uuid] for uuid in self.cleaned_data["student"]]


class RollForm(forms.Form):
    """From which of ``years``, the newest first, to which sections are copied: to the newest, if nothing is chosen."""

    source = forms.ChoiceField(label=_("Sections of"))
    target = forms.ChoiceField(label=_("Make them again in"))
    with_teachers = forms.BooleanField(label=_("With their teachers"), required=False, initial=True)

    def __init__(self, *args: Any, years: list[SchoolYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = {str(one.uuid): one for one in years}
        for name in ("source", "target"):
            self.fields[name].choices = [(uuid, str(one)) for uuid, one in self.years.items()]  # type: ignore[attr-defined]
        self.initial.update(zip(("target", "source"), self.years, strict=False))

    def clean(self) -> dict[str, Any]:
        """Require two different years."""
        data = super().clean() or {}
        if data.get("source") and data.get("source") == data.get("target"):
            self.add_error("target", _("Choose another year."))
        return data
