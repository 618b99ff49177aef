"""Cohort and period of a report."""

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
    """``of`` is a key of `cohorts.queries` (default: the first); ``since`` defaults to four weeks ago."""

    default_renderer = PlainRenderer

    of = forms.ChoiceField(label=_("For"))
    since = DayField(label=_("Changes since"))

    def __init__(self, data: QueryDict, *, school: School, cohorts: list) -> None:
        self.today = school.today()
        self.first = cohorts[0][2][0][0] if cohorts else ""
        usual = {"of": self.first, "since": (self.today - dt.timedelta(days=USUAL_DAYS)).isoformat()}
        super().__init__({name: data.get(name) or value for name, value in usual.items()})
        self.fields["of"].choices = [(name, choices) for _kind, name, choices in cohorts]  # type: ignore[attr-defined]
        self.fields["of"].required = bool(cohorts)  # users without students get an empty page

    def clean_since(self) -> dt.date:
        """Refuse a day in the future."""
        since: dt.date = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError(_("That day is in the future. Choose today or an earlier day."))
        return since
