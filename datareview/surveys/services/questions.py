"""Add, change and remove the questions of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.surveys.models import SurveyQuestion
from datareview.surveys.services.surveys import locked_draft
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.surveys.models import Survey
    from teams.directory.models import User

MOST_QUESTIONS = 60
MOST_ANSWERS = 10  # of one scale


@dataclass(frozen=True, slots=True)
class QuestionValues:
    """What a person writes of a question; see `SurveyQuestion`."""

    text: str
    labels: Sequence[str] = ()
    is_scored: bool = True
    is_reversed: bool = False
    alerts: Sequence[int] = ()


@transaction.atomic
def add_questions(survey: Survey, texts: Sequence[str], values: QuestionValues, *, actor: User) -> None:
    """Add a question for each text, with the same answers."""
    survey = locked_draft(survey, actor)
    wanted = [text.strip() for text in texts if text.strip()]
    if not wanted:
        raise DomainError(_("Write at least one question."))
    if long := next((text for text in wanted if len(text) > 300), ""):
        raise DomainError(_("“%(text)s” is too long.") % {"text": long[:60] + "…"})
    labels = _labels(values.labels)
    last = max((one.number for one in survey.questions.all()), default=0)
    if last + len(wanted) > MOST_QUESTIONS:
        raise DomainError(_("A survey has %(n)s questions at most.") % {"n": formats.number(MOST_QUESTIONS)})
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(
            survey=survey,
            number=number,
            text=text,
            labels=labels,
            is_scored=values.is_scored,
            is_reversed=values.is_reversed,
        )
        for number, text in enumerate(wanted, start=last + 1)
    )
    _changed(survey, actor)


@transaction.atomic
def edit_question(question: SurveyQuestion, values: QuestionValues, *, actor: User, seen: int) -> None:
    """Change a question of a draft. ``seen`` is the version of the survey that the actor started from."""
    survey = locked_draft(question.survey, actor)
    if seen != survey.version:
        raise StaleEdit(_("Someone changed this survey while you were writing."), current=question.text)
    if not values.text.strip():
        raise DomainError(_("Write at least one question."))
    labels = _labels(values.labels)
    question.text, question.labels = values.text.strip(), labels
    question.is_scored, question.is_reversed = values.is_scored, values.is_reversed
    question.alerts = [place for place in values.alerts if 0 <= place < len(labels)]
    if survey.is_anonymous:
        question.alerts = []
    question.save()
    _changed(survey, actor)


@transaction.atomic
def remove_question(question: SurveyQuestion, *, actor: User) -> Survey:
    """Remove a question of a draft; those after it move up."""
    survey = locked_draft(question.survey, actor)
    SurveyQuestion.objects.filter(pk=question.pk).delete()
    rest = list(survey.questions.order_by("number", "pk"))
    for number, one in enumerate(rest, start=1):
        one.number = number
    SurveyQuestion.objects.bulk_update(rest, ["number"])
    _changed(survey, actor)
    return survey


def _labels(labels: Sequence[str]) -> list[str]:
    found = [label.strip() for label in labels if label.strip()]
    if len(found) == 1:
        raise DomainError(_("A scale has two answers or more. Without any, people write a text."))
    if len(found) > MOST_ANSWERS:
        raise DomainError(_("A scale has %(n)s answers at most.") % {"n": formats.number(MOST_ANSWERS)})
    if long := next((label for label in found if len(label) > 60), ""):
        raise DomainError(_("“%(text)s” is too long.") % {"text": long})
    return found


def _changed(survey: Survey, actor: User) -> None:
    survey.version += 1
    survey.save(update_fields=["version"])
    record_event(actor, "edited-survey", survey, school=survey.school)
