"""Forms of surveys and of their questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Domain, Section
from datareview.surveys.library import AGREEMENT, BY_KEY
from datareview.surveys.models import Survey
from datareview.surveys.permissions import sections_to_ask
from datareview.surveys.services.questions import QuestionValues
from datareview.surveys.services.surveys import SurveyValues
from teams.access.permissions import can
from teams.directory.models import Staff
from teams.lib.inputs import DayField, Pills, RadioPills, ShortNumber

if TYPE_CHECKING:
    from datareview.surveys.models import SurveyQuestion
    from teams.directory.models import School, User

GRADES_LEFT_OUT = ("lowest_grade", "highest_grade")


class SurveyForm(forms.Form):
    """A survey; ``seen`` is the version that the user edits. Fields that no longer change are left out of an open one."""

    title = forms.CharField(label=_("Title"), max_length=120)
    words = forms.CharField(
        label=_("What people read before they answer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    respondent = forms.ChoiceField(
        label=_("Who answers"), choices=Survey.Respondent.choices, widget=RadioPills
    )
    is_anonymous = forms.TypedChoiceField(
        label=_("Named or anonymous"),
        choices=[("", _("Named: answers belong to the student’s record")), ("yes", _("Anonymous"))],
        coerce=bool,
        required=False,
        empty_value="",
        widget=RadioPills,
        help_text=_(
            "Anonymous answers are shown only together, after the end, and no talk can follow from them."
        ),
    )
    consent = forms.ChoiceField(
        label=_("Consent of families"), choices=Survey.Consent.choices, widget=RadioPills
    )
    section = forms.ModelChoiceField(
        label=_("Class"), queryset=Section.objects.none(), to_field_name="uuid", required=False
    )
    lowest_grade = forms.TypedChoiceField(label=_("From grade"), coerce=int, required=False, empty_value=None)
    highest_grade = forms.TypedChoiceField(label=_("To grade"), coerce=int, required=False, empty_value=None)
    domain = forms.ChoiceField(label=_("About"), choices=Domain.choices)
    scoring = forms.ChoiceField(
        label=_("Score"),
        choices=Survey.Scoring.choices,
        help_text=_("A named answer with a score is on the student’s page and on Data."),
    )
    follow_up_by = forms.ModelChoiceField(
        label=_("Who talks with a child whose answer asks for it"),
        queryset=Staff.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("No one"),
        help_text=_("They read the answers of these children, and get an email at once, without a name."),
    )
    follow_up_days = forms.IntegerField(
        label=_("Within days"), min_value=0, max_value=30, initial=1, widget=ShortNumber
    )
    follow_up_from = forms.FloatField(
        label=_("Also with this score or a worse one"),
        required=False,
        widget=ShortNumber(attrs={"step": "any"}),
    )
    help_words = forms.CharField(
        label=_("Whom to turn to today, shown after the answers"), max_length=400, required=False
    )
    closes_on = DayField(label=_("Last day to answer"), required=False)
    source = forms.CharField(label=_("Source of the questions"), max_length=300, required=False)
    license = forms.CharField(label=_("License"), max_length=200, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    instrument = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(
        self,
        *args: Any,
        user: User,
        school: School,
        survey: Survey | None = None,
        instrument: str = "",
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _of_survey(survey) if survey else _of_instrument(instrument)
        super().__init__(*args, **kwargs)
        grades = [
            ("", "–"),
            *((str(one), str(one)) for one in range(school.lowest_grade, school.highest_grade + 1)),
        ]
        for name in GRADES_LEFT_OUT:
            self.fields[name].choices = grades  # type: ignore[attr-defined]
        section = self.fields["section"]
        section.queryset = sections_to_ask(user, school)  # type: ignore[attr-defined]
        is_for_all = can(user, "run_surveys", school)
        section.empty_label = _("Not one class: by grade") if is_for_all else _("Choose a class")  # type: ignore[attr-defined]
        if not is_for_all:
            for name in GRADES_LEFT_OUT:
                del self.fields[name]
        staff = Staff.objects.active(school.today()).filter(school=school).select_related("user")
        staff = staff.order_by("user__last_name", "user__first_name", "pk")
        self.fields["follow_up_by"].queryset = staff  # type: ignore[attr-defined]
        self.survey = survey
        if survey and survey.opened_at:
            for name in set(self.fields) - KEPT_OPEN:
                del self.fields[name]

    def values(self) -> SurveyValues:
        """The values of a valid form; of an open survey, with what no longer changes as it is."""
        cleaned = {
            name: value for name, value in self.cleaned_data.items() if name not in ("seen", "instrument")
        }
        if "is_anonymous" in cleaned:
            cleaned["is_anonymous"] = bool(cleaned["is_anonymous"])
        if self.survey:
            known = {name: getattr(self.survey, name) for name in SurveyValues.__dataclass_fields__}
            cleaned = {**known, **cleaned}
        return SurveyValues(**cleaned)


KEPT_OPEN = {"help_words", "follow_up_by", "follow_up_days", "follow_up_from", "closes_on", "seen"}


def _of_survey(survey: Survey) -> dict[str, Any]:
    start = {name: getattr(survey, name) for name in SurveyValues.__dataclass_fields__}
    start["is_anonymous"] = "yes" if survey.is_anonymous else ""
    start["section"] = survey.section.uuid if survey.section else None
    start["follow_up_by"] = survey.follow_up_by.uuid if survey.follow_up_by else None
    return {**start, "seen": survey.version}


def _of_instrument(key: str) -> dict[str, Any]:
    found = BY_KEY.get(key)
    if found is None:
        return {
            "respondent": "student",
            "consent": "out",
            "domain": "wellbeing",
            "scoring": "mean",
            "is_anonymous": "",
        }
    return {
        "title": str(found.name),
        "words": str(found.words),
        "respondent": found.respondent,
        "consent": "out",
        "domain": found.domain,
        "scoring": found.scoring,
        "is_anonymous": "yes" if found.is_anonymous else "",
        "source": str(found.source),
        "license": str(found.license),
        "instrument": key,
    }


class SurveyQuestionForm(forms.Form):
    """A question, or several with one scale when they are added."""

    text = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=6000)
    labels = forms.CharField(
        label=_("Answers, one a line, the lowest first"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Leave it empty for an answer in their own words."),
    )
    is_scored = forms.BooleanField(label=_("Counts for the score"), required=False, initial=True)
    is_reversed = forms.BooleanField(label=_("The first answer is the best one"), required=False)
    alerts = forms.TypedMultipleChoiceField(
        label=_("Answers that ask for a talk"), coerce=int, required=False, widget=Pills
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, survey: Survey, question: SurveyQuestion | None = None, **kwargs: Any
    ) -> None:
        last = survey.questions.exclude(labels=[]).last()
        labels = last.labels if last else [str(label) for label in AGREEMENT]
        start: dict[str, Any] = {"labels": "\n".join(labels), "is_scored": True}
        if question:
            start = {name: getattr(question, name) for name in ("text", "is_scored", "is_reversed", "alerts")}
            start |= {"labels": "\n".join(question.labels), "seen": survey.version}
        kwargs["initial"] = start
        super().__init__(*args, **kwargs)
        if question and question.labels and not survey.is_anonymous:
            choices = list(enumerate(question.labels))
            self.fields["alerts"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["alerts"]
        if question is None:
            self.fields["text"].label = _("Questions, one a line")

    def values(self) -> QuestionValues:
        """The values of a valid form."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return QuestionValues(**{**cleaned, "labels": str(cleaned["labels"]).splitlines()})
