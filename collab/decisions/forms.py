"""Forms for decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.agendas.queries.subjects import student_of
from collab.decisions.models import Decision
from collab.decisions.queries.cohorts import NAMED, decision_cohorts, nameable_students
from collab.discussion.forms import KeyedForm
from datareview.records.models import Student
from datareview.records.queries.order import named_apart
from datareview.trends.queries.cohort_scores import cohort_measures
from teams.lib.inputs import DayField, Pills

if TYPE_CHECKING:
    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting
    from teams.directory.models import User


class DecisionForm(KeyedForm):
    """A decision, its check date, and the measure, students and target to check."""

    template_name = "collab/decisions/fields.html"

    text = forms.CharField(label=_("We decide"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    check_on = DayField(label=_("Check date"), required=False)
    measure = forms.ChoiceField(label=_("Measure"), required=False)
    cohort = forms.ChoiceField(label=_("Which students"), required=False)
    named = forms.ModelMultipleChoiceField(
        Student.objects.none(),
        label=_("Students chosen by name"),
        to_field_name="uuid",
        required=False,
        widget=Pills,
    )
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

    def __init__(
        self, *args: Any, item: AgendaItem | None, meeting: Meeting, user: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        student = student_of(item) if item else None
        own = [("student", str(student))] if student else []
        candidates = item.topic.candidates if item else []
        if not any(candidate.state in candidate.DECIDABLE for candidate in candidates):
            del self.fields["student_next"]
        self.measures = {str(one.uuid): one for one in cohort_measures(meeting.team)}
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            ("", _("No measure: we ask ourselves on the check date")),
            *((key, str(one)) for key, one in self.measures.items() if not one.derived_from),
            *Decision.Gauge.choices,
        ]
        self.fields["cohort"].choices = [*own, *decision_cohorts(meeting.team)]  # type: ignore[attr-defined]
        students = nameable_students(user, meeting.team)
        self.fields["named"].queryset = students  # type: ignore[attr-defined]
        self.fields["named"].choices = lambda: named_apart(list(students), with_grade=False)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Tell measures from what is counted besides scores, and ask for the names of students to be chosen by name."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("measure", "")
        cleaned["measure"] = self.measures.get(chosen)
        cleaned["gauge"] = "" if cleaned["measure"] else chosen
        if chosen and cleaned.get("cohort") == NAMED and not cleaned.get("named"):
            self.add_error("named", _("Choose at least one student."))
        return cleaned


class CheckAgainForm(KeyedForm):
    """Another check date for the decision that an item checks."""

    check_on = DayField(label=_("Check again on"))
