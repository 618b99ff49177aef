"""What was answered: how often each answer was given, of those that the reader may read, or protected without names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.surveys.models import Survey
from datareview.surveys.permissions import answers_readable_by, runs_survey
from datareview.surveys.scoring import shown_counts
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.surveys.models import SurveyAnswer, SurveyQuestion
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """One answer of a scale: its words, how often it was given (None: not shown), and its share of 100."""

    label: str
    count: int | None
    width: int
    asks_for_talk: bool

    @property
    def words(self) -> str:
        """The number, or that it is not shown."""
        return _("not shown") if self.count is None else formats.number(self.count)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """How a question was answered by ``n`` people; ``texts`` are the answers to one without a scale, in no order."""

    question: SurveyQuestion
    n: int
    choices: list[AnswerCount]
    texts: list[str]

    @property
    def is_hidden(self) -> bool:
        """Whether no number of it is shown."""
        return bool(self.choices) and all(one.count is None for one in self.choices)


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a survey for a reader; ``why_not`` says why there are none, "" if there are."""

    why_not: str
    questions: list[QuestionResult]
    least: int


def results_of(user: User, survey: Survey) -> Results:
    """The results of ``survey``, which the user may see; two queries.

    Anonymous ones are shown once it is closed, and small numbers are not: while answers come in, what changes between two
    looks would be one person's answer. Named ones change also later, when a family says no or a student moves, so
    that only answers count which the reader may read one by one.
    """
    least = survey.school.min_group_size
    if survey.opened_at is None:
        return Results(_("Not opened yet."), [], least)
    if survey.is_anonymous and survey.state != Survey.State.CLOSED:
        return Results(_("Results are shown once the survey is closed."), [], least)
    rows = survey.answers.all() if survey.is_anonymous else answers_readable_by(user).filter(survey=survey)
    answers = list(rows)
    if survey.is_anonymous and len(answers) < least:
        why = _("Fewer than %(n)s people answered, so nothing is shown.") % {"n": formats.number(least)}
        return Results(why, [], least)
    if not answers and not survey.is_anonymous and not runs_survey(user, survey):
        return Results(_("Answers with a name are shown to those who may read them one by one."), [], least)
    if not answers:
        return Results(_("No one has answered yet."), [], least)
    least_shown = least if survey.is_anonymous else 0
    return Results("", [_of_question(one, answers, least_shown) for one in survey.questions.all()], least)


def _of_question(question: SurveyQuestion, answers: list[SurveyAnswer], least: int) -> QuestionResult:
    given = [one.answers[str(question.number)] for one in answers if str(question.number) in one.answers]
    if not question.labels:
        texts = sorted(str(one) for one in given) if len(given) >= least else []
        return QuestionResult(question, len(given), [], texts)
    often = Counter(given)
    counts = [often[place] for place in range(len(question.labels))]
    shown = shown_counts(counts, least) if least else list(counts)
    most = max([one for one in shown if one is not None], default=0) or 1
    choices = [
        AnswerCount(label, count, round(100 * count / most) if count else 0, place in question.alerts)
        for place, (label, count) in enumerate(zip(question.labels, shown, strict=True))
    ]
    return QuestionResult(question, len(given), choices, [])


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A question and one person's answer in words, "" without one."""

    question: SurveyQuestion
    words: str
    asks_for_talk: bool


def read_lines(answer: SurveyAnswer) -> list[ReadLine]:
    """The answers of one person, whom the reader may read, in the order of the questions."""
    lines = []
    for question in answer.survey.questions.all():
        given = answer.answers.get(str(question.number))
        words = "" if given is None else str(given)
        if question.labels and isinstance(given, int):
            words = question.labels[given]
        lines.append(ReadLine(question, words, question.labels != [] and given in question.alerts))
    return lines
