"""Forms to choose a chart for an agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.agendas.queries.exhibits import chart_choices, decoded, student_charts
from teams.lib.form_renderer import InlineRenderer

if TYPE_CHECKING:
    from collab.agendas.models import AgendaItem
    from datareview.records.models import Student
    from teams.directory.models import Team, User


class ExhibitForm(forms.Form):
    """A chart of the team, or of the item's student."""

    default_renderer = InlineRenderer

    chart = forms.ChoiceField(label=_("Chart"))

    def __init__(self, *args: Any, item: AgendaItem, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = item.topic.candidate or item.topic.plan
        choices = chart_choices(user, item.topic.team, about.student if about else None)
        self.fields["chart"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The chart's view and parameters."""
        view, parameters = decoded(self.cleaned_data["chart"])
        return {"view": view, "parameters": parameters}


class StudentChartForm(forms.Form):
    """A chart of a student whom the user may see, for the next agenda of a team."""

    team = forms.ChoiceField(label=_("Team"))
    chart = forms.ChoiceField(label=_("Chart"))

    def __init__(self, *args: Any, student: Student, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(str(team.uuid), str(team)) for team in teams]  # type: ignore[attr-defined]
        self.fields["chart"].choices = student_charts(student)  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The chart's view and parameters."""
        view, parameters = decoded(self.cleaned_data["chart"])
        return {"view": view, "parameters": parameters}
