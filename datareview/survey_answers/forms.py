"""Forms of answers, and of a talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.inputs import RadioPills

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from datareview.records.models import Student
    from datareview.surveys.models import SurveyAnswer, SurveyQuestion


class AnswersForm(forms.Form):
    """The questions of a survey, each of which may be left out; ``seen`` is the version of the answers on the page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        questions: Iterable[SurveyQuestion],
        answer: SurveyAnswer | None = None,
        **kwargs: Any,
    ) -> None:
        self.questions = list(questions)
        stored = answer.answers if answer else {}
        start = {f"q{number}": value for number, value in stored.items()}
        kwargs["initial"] = {**start, "seen": answer.version if answer else 0}
        super().__init__(*args, **kwargs)
        for one in self.questions:
            self.fields[f"q{one.number}"] = _field_of(one)

    def answers(self) -> dict[int, int | str]:
        """The answers of a valid form by the number of their question."""
        given = {one.number: self.cleaned_data[f"q{one.number}"] for one in self.questions}
        return {number: value for number, value in given.items() if value not in ("", None)}


def _field_of(question: SurveyQuestion) -> forms.Field:
    if not question.labels:
        return forms.CharField(
            label=question.text,
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    return forms.TypedChoiceField(
        label=question.text,
        choices=list(enumerate(question.labels)),
        coerce=int,
        required=False,
        empty_value=None,
        widget=RadioPills,
    )


class CodeForm(forms.Form):
    """The code on a slip."""

    code = forms.CharField(label=_("The code on your slip"), max_length=20)


class TalkForm(forms.Form):
    """What came of a talk."""

    note = forms.CharField(
        label=_("What you agreed (for those who may read the answers)"), max_length=400, required=False
    )


class ConsentsForm(forms.Form):
    """What the family of each student said: "yes", "no", or "" for nothing yet."""

    CHOICES = (("yes", _("Yes")), ("no", _("No")), ("", _("Nothing yet")))

    def __init__(self, *args: Any, rows: Sequence[tuple[Student, bool | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.students = {f"said-{student.uuid}": student for student, _said in rows}
        words = {True: "yes", False: "no", None: ""}
        for (name, student), (_student, said) in zip(self.students.items(), rows, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=str(student),
                choices=self.CHOICES,
                required=False,
                initial=words[said],
                widget=RadioPills,
            )

    def said(self) -> dict[int, bool | None]:
        """What a valid form says by the student's id, of those whom it names."""
        meant = {"yes": True, "no": False, "": None}
        sent = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        return {self.students[name].pk: meant[value] for name, value in sent.items()}
