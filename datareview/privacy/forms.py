"""The filter of who looked at records."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.privacy.queries import MOST_DAYS, Wanted
from teams.directory.models import Staff
from teams.lib.filters import ALL, FilterForm
from teams.lib.hidden_names import hide_names
from teams.lib.inputs import DayField
from teams.lib.parameters import day_or_none, uuid_or_none

if TYPE_CHECKING:
    from django.http import QueryDict

    from datareview.records.models import Student
    from teams.directory.models import School

BY_DEFAULT = dt.timedelta(days=6)


def wanted_of(school: School, query: QueryDict, student: Student | None) -> Wanted:
    """Parse the query string: by default the last week, and at most `MOST_DAYS` days."""
    last = day_or_none(query.get("last")) or school.today()
    first = day_or_none(query.get("first")) or last - BY_DEFAULT
    first = max(min(first, last), last - dt.timedelta(days=MOST_DAYS))
    reader = uuid_or_none(query.get("person"))
    staff = Staff.objects.filter(school=school, uuid=reader).first() if reader else None
    return Wanted(first, last, student, staff.user_id if staff else None)


class ViewFilter(FilterForm):
    """Filters by person and days; keeps the student."""

    student = forms.UUIDField(widget=forms.HiddenInput)
    person = forms.ChoiceField(label=_("Person"))
    first = DayField(label=_("From"))
    last = DayField(label=_("until"))

    def __init__(self, school: School, wanted: Wanted, query: QueryDict) -> None:
        people = Staff.objects.filter(school=school).select_related("user")
        super().__init__(query, person=[ALL, *((str(one.uuid), hide_names(str(one))) for one in people)])
        self.initial = {**self.initial, "first": wanted.first, "last": wanted.last}
        if wanted.student is None:
            del self.fields["student"]
