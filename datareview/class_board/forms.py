"""The form of work that was not handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.records.queries.order import named_apart
from teams.lib.inputs import DayField, Pills

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.records.models import Student
    from teams.directory.models import School


class MissingWorkForm(forms.Form):
    """A piece of work, the day on which it was due, and who has not handed it in."""

    title = forms.CharField(label=_("Which work"), max_length=120)
    due_on = DayField(label=_("Due on"))
    students = forms.TypedMultipleChoiceField(label=_("Not handed in by"), widget=Pills)

    def __init__(self, *args: Any, school: School, students: Sequence[Student], **kwargs: Any) -> None:
        kwargs["initial"] = {"due_on": school.today()}
        super().__init__(*args, **kwargs)
        self.known = {str(one.uuid): one for one in students}
        self.fields["students"].choices = named_apart(students, with_grade=False)  # type: ignore[attr-defined]
        self.fields["students"].coerce = self.known.__getitem__  # type: ignore[attr-defined]
