"""The form of a school."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from teams.directory.models import LEAST_GROUP_RANGE
from teams.schools.queries import problem_with_grades
from teams.schools.zones import zone_choices

GRADES = [(0, _("Kindergarten")), *((grade, str(grade)) for grade in range(1, 13))]


class SchoolForm(forms.Form):
    """Name, time zone, language, grades and least group; ``seen`` is what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Meetings already planned keep their moment, not their clock time.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of emails to people who have not chosen their own."),
    )
    lowest_grade = forms.TypedChoiceField(label=_("Lowest grade"), coerce=int, choices=GRADES)
    highest_grade = forms.TypedChoiceField(label=_("Highest grade"), coerce=int, choices=GRADES)
    min_group_size = forms.IntegerField(
        label=_("Least number of students of a group"),
        min_value=LEAST_GROUP_RANGE[0],
        max_value=LEAST_GROUP_RANGE[1],
        help_text=_(
            "Figures of smaller groups are not shown, nor those from which they would follow. "
            "Gaps that were released stay as they are."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(self.initial["time_zone"])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Say at their field what is wrong with the grades."""
        data = super().clean() or {}
        low, high = data.get("lowest_grade"), data.get("highest_grade")
        if low is not None and high is not None and (problem := problem_with_grades(low, high)):
            self.add_error("lowest_grade", problem)
        return data
