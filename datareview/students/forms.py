"""The filter of the student list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.students.queries.list_columns import BY_MEASURE
from teams.lib.filters import ALL, FilterForm
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from django.http import QueryDict

    from datareview.students.queries.student_list import StudentList


class StudentFilter(FilterForm):
    """Filters by words, grade, section, flags, plans and, for some readers, group; sorts as the headings of the table do."""

    q = forms.CharField(
        label=_("Name, number or guardian"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    grade = forms.ChoiceField(label=_("Grade"))
    section = forms.ChoiceField(label=_("Section"))
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("Everyone")),
            ("flagged", _("With a flag")),
            ("plan", _("With a plan")),
            ("cases", _("Whose case I lead")),
            ("alone", _("Without a guardian on record")),
        ],
    )
    group = forms.ChoiceField(label=_("Group"))
    sort = forms.ChoiceField(label=_("Sort by"))

    def __init__(self, wanted: QueryDict, students: StudentList) -> None:
        super().__init__(
            wanted,
            grade=[ALL, *((number, grade(number)) for number in students.grades)],
            sort=[
                ("name", _("Name")),
                ("grade", _("Grade")),
                ("flags", _("Flags")),
                ("plan", _("Plan")),
                *((f"{BY_MEASURE}{one.uuid}", one) for one in students.measures),
            ],
            section=[ALL, *((str(section.uuid), section) for section in students.sections)],
            group=[ALL, *((str(one.pk), one) for one in students.groups)],
        )
        if not students.groups:
            del self.fields["group"]
