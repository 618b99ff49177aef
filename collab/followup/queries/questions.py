"""Questions to leaders, and how long they have waited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from collab.followup.models import Question
from collab.followup.permissions import questions_visible_to
from teams.access.permissions import can

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class QuestionWait:
    """A question and the number of days it has waited, or waited before it was answered."""

    question: Question
    days: int


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """Open questions, longest waiting first, and the most recently answered ones."""

    waiting: list[QuestionWait]
    answered: list[QuestionWait]
    may_answer: bool


def questions_page(user: User, school: School) -> QuestionsPage:
    """Questions that ``user`` may see at ``school``."""
    rows = _with_names(questions_visible_to(user).filter(item__topic__team__school=school)).distinct()
    today = school.today()
    return QuestionsPage(
        waiting=[_asked(row, today) for row in rows.filter(answered_at=None).order_by("created_at")],
        answered=[_asked(row, today) for row in rows.exclude(answered_at=None).order_by("-answered_at")[:30]],
        may_answer=can(user, "answer_questions", school),
    )


def questions_to_answer(user: User, school: School) -> QuerySet[Question]:
    """Questions that the user may answer at ``school``."""
    rows = Question.objects.filter(item__topic__team__school=school)
    return _with_names(rows if can(user, "answer_questions", school) else rows.none())


def _with_names(rows: QuerySet[Question]) -> QuerySet[Question]:
    return rows.select_related("item__meeting", "item__topic__team__school", "asked_by", "answered_by")


def _asked(question: Question, today: dt.date) -> QuestionWait:
    zone = question.item.topic.team.school.tz
    end = question.answered_at.astimezone(zone).date() if question.answered_at else today
    return QuestionWait(question, (end - question.created_at.astimezone(zone).date()).days)


def answer_title(question: Question) -> str:
    """Agenda title of an answered question."""
    return (_("Answer: %(question)s") % {"question": question.text})[:200]
