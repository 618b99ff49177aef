"""Which report: of whom, and since when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.inputs import DayInput

if TYPE_CHECKING:
    from teams.directory.models import School

USUAL_DAYS = 28


class ReportForm(forms.Form):
    """``of`` is a key of `queries.cohorts`; without ``since`` the report goes back four weeks."""

    of = forms.ChoiceField(label=_("Of"), required=False)
    since = forms.DateField(label=_("Changes since"), required=False, widget=DayInput())

    def __init__(self, *args: Any, school: School, cohorts: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        self.fields["of"].choices = [(name, choices) for _kind, name, choices in cohorts]  # type: ignore[attr-defined]
        self.first = cohorts[0][2][0][0] if cohorts else ""

    def clean_of(self) -> str:
        """The first cohort where none is chosen."""
        return self.cleaned_data["of"] or self.first

    def clean_since(self) -> dt.date:
        """Four weeks ago where no day is given; none that is still to come."""
        today = self.school.today()
        since = self.cleaned_data["since"] or today - dt.timedelta(days=USUAL_DAYS)
        if since > today:
            raise forms.ValidationError(_("That day is still to come. Choose one up to today."))
        return since
