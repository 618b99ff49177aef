"""Forms for decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.agendas.queries.subjects import student_of
from collab.discussion.forms import KeyedForm
from datareview.records.models import Measure
from datareview.trends.queries.cohort_scores import cohort_choices, cohort_measures
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting


class DecisionForm(KeyedForm):
    """A decision, its check date, and the measure, students and target to check."""

    template_name = "collab/decisions/fields.html"

    text = forms.CharField(label=_("We decide"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    check_on = DayField(label=_("Check date"), required=False)
    measure = forms.ModelChoiceField(
        Measure.objects.none(),
        label=_("Measure"),
        to_field_name="uuid",
        required=False,
        empty_label=_("No measure"),
    )
    cohort = forms.ChoiceField(label=_("Which students"), required=False)
    target = forms.FloatField(label=_("Target average"), required=False)
    student_next = forms.ChoiceField(
        label=_("About the student"),
        required=False,
        choices=[
            ("", _("Not settled yet")),
            ("watch", _("Watch until the check date")),
            ("no_action", _("No action")),
        ],
    )

    def __init__(self, *args: Any, item: AgendaItem | None, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        student = student_of(item) if item else None
        own = [("student", str(student))] if student else []
        candidate = item.topic.candidate if item else None
        if candidate is None or candidate.state not in candidate.DECIDABLE:
            del self.fields["student_next"]
        self.fields["measure"].queryset = cohort_measures(meeting.team)  # type: ignore[attr-defined]
        self.fields["cohort"].choices = [*own, *cohort_choices(meeting.team)]  # type: ignore[attr-defined]
