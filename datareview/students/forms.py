"""The filter of the student list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.filters import ALL, FilterForm
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from django.http import QueryDict

    from datareview.students.queries.student_list import StudentList


class StudentFilter(FilterForm):
    """Filters by words, grade, section, flags and plans; and sorts."""

    q = forms.CharField(
        label=_("Name or number"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    grade = forms.ChoiceField(label=_("Grade"))
    section = forms.ChoiceField(label=_("Section"))
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[("", _("Everyone")), ("flagged", _("With a flag")), ("plan", _("With a plan"))],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"), choices=[("name", _("Name")), ("grade", _("Grade")), ("flags", _("Flags"))]
    )

    def __init__(self, wanted: QueryDict, students: StudentList) -> None:
        super().__init__(
            wanted,
            grade=[ALL, *((number, grade(number)) for number in students.grades)],
            section=[ALL, *((str(section.uuid), section) for section in students.sections)],
        )
