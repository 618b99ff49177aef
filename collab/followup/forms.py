"""Forms for action items, causes, decisions and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.discussion.forms import KeyedForm
from collab.followup.models import Cause
from collab.followup.queries.decisions import student_of
from datareview.records.models import Measure
from datareview.trends.queries.cohort_scores import cohort_choices, cohort_measures
from teams.directory.forms import StaffField, staff_choices
from teams.directory.models import Staff
from teams.lib.form_renderer import InlineRenderer
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from collab.agendas.models import AgendaItem
    from collab.followup.models import Question
    from collab.meetings.models import Meeting


class DecisionForm(KeyedForm):
    """A decision, its check date, and the measure, students and target to check."""

    template_name = "collab/followup/decision_fields.html"

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


class ActionForm(KeyedForm):
    """A new action item: what, who, and by when."""

    text = forms.CharField(label=_("Action item"), max_length=300)
    owner = StaffField(label=_("Who"), empty_label=None)
    due_on = DayField(label=_("By when"))

    def __init__(
        self, *args: Any, meeting: Meeting, people: Iterable[Staff] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if people is not None:  # already loaded
            self.fields["owner"].choices = staff_choices(people)  # type: ignore[attr-defined]
            return
        members = Q(pk__in=meeting.team.members.active().values("staff"))
        people = Staff.objects.filter(members | Q(pk__in=meeting.guests.values("staff")))
        self.fields["owner"].queryset = people.select_related("user")  # type: ignore[attr-defined]


class CauseForm(KeyedForm):
    """A cause and its kind."""

    default_renderer = InlineRenderer

    kind = forms.ChoiceField(label=_("Type of cause"), choices=Cause.Kind.choices)
    text = forms.CharField(
        label=_("Because"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("Because …")}),
    )


class TeachingForm(KeyedForm):
    """What I do differently."""

    default_renderer = InlineRenderer

    text = forms.CharField(
        label=_("What I will do differently"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("So in my lessons I will …")}),
    )


class TriedForm(forms.Form):
    """The date a teaching change was tried, and what the teacher saw."""

    tried_on = DayField(label=_("Tried on"), required=False)
    saw = forms.CharField(label=_("What I saw"), max_length=300, required=False)


class QuestionForm(KeyedForm):
    """A question that only the leaders can decide."""

    text = forms.CharField(label=_("Question"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class ReplyForm(forms.Form):
    """The leaders' answer to a question."""

    default_renderer = InlineRenderer

    answer = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: QueryDict | None = None, *, question: Question) -> None:
        super().__init__(data, auto_id=f"%s-{question.uuid}")
        self.fields["answer"].label = _("Answer to: %(text)s") % {"text": question.text}


class DropForm(forms.Form):
    """The reason for dropping an action item."""

    reason = forms.CharField(label=_("Why"), max_length=300)
