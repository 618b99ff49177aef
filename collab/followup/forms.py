"""Forms for causes, teaching changes and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.discussion.forms import KeyedForm
from collab.followup.models import Cause
from teams.lib.form_renderer import InlineRenderer
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from django.http import QueryDict

    from collab.followup.models import Question


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
