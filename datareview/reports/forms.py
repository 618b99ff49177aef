"""Which report: of whom, and since when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.form_renderer import PlainRenderer
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from django.http import QueryDict

    from teams.directory.models import School

USUAL_DAYS = 28


class ReportForm(forms.Form):
    """``of`` is a key of `queries.cohorts`, first the first; without ``since`` the report goes back four weeks."""

    default_renderer = PlainRenderer

    of = forms.ChoiceField(label=_("For"))
    since = DayField(label=_("Changes since"))

    def __init__(self, data: QueryDict, *, school: School, cohorts: list) -> None:
        self.today = school.today()
        self.first = cohorts[0][2][0][0] if cohorts else ""
        usual = {"of": self.first, "since": (self.today - dt.timedelta(days=USUAL_DAYS)).isoformat()}
        super().__init__({name: data.get(name) or value for name, value in usual.items()})
        self.fields["of"].choices = [(name, choices) for _kind, name, choices in cohorts]  # type: ignore[attr-defined]
        self.fields["of"].required = bool(cohorts)  # there is a page for who works with no students, too

    def clean_since(self) -> dt.date:
        """Refuse a day that is still to come."""
        since: dt.date = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError(_("That day is in the future. Choose today or an earlier day."))
        return since
