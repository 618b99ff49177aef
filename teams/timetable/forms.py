"""Forms of the timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.directory.forms import staff_choices
from teams.lib.filters import ALL, FilterForm
from teams.lib.form_renderer import PlainRenderer
from teams.timetable.kind import TIMETABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from teams.calendar.queries import BellDay
    from teams.directory.models import Team
    from teams.timetable.queries import Grid


class TimetableFileForm(forms.Form):
    """A timetable file."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ",".join(TIMETABLES.endings)})
    )


class TimetableFilter(FilterForm):
    """Filters the people of the grid by name and team; the day is kept."""

    day = forms.CharField(max_length=4, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    team = forms.ChoiceField(label=_("Team"))

    def __init__(self, wanted: QueryDict, teams: Iterable[Team]) -> None:
        super().__init__(wanted, team=[ALL, *((str(one.uuid), one) for one in teams)])
        self.narrows = any(wanted.get(name) for name in ("q", "team"))


class CellForm(forms.Form):
    """The duty of one person in one period of a day."""

    default_renderer = PlainRenderer

    staff = forms.ChoiceField(label=_("Name"))
    period = forms.ChoiceField(label=_("Period"))
    kind = forms.ChoiceField(label=_("Type"), required=False)
    label = forms.CharField(label=_("What"), max_length=80, required=False)

    def __init__(self, grid: Grid, day: BellDay) -> None:
        super().__init__(auto_id="cell-%s")
        self.fields["staff"].choices = staff_choices(row.staff for row in grid.rows)  # type: ignore[attr-defined]
        self.fields["period"].choices = [(period.pk, period.name) for period in day.periods]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("not set")), *grid.kinds]  # type: ignore[attr-defined]
