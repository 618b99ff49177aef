"""Who may see questions, causes and teaching changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.agendas.permissions import items_visible_to
from collab.followup.models import Cause, Question, TeachingChange
from teams.access.conditions import one_of
from teams.access.permissions import schools_where
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def questions_visible_to(user: User) -> QuerySet[Question]:
    """Questions on items the user may read; for people who answer questions, all of the school's."""
    answers = Q(item__topic__team__school_id__in=schools_where(user, "answer_questions"))
    return Question.objects.filter(Q(one_of(items_visible_to(user), "item")) | answers)


def causes_visible_to(user: User) -> QuerySet[Cause]:
    """Causes on items that the user may read."""
    return Cause.objects.filter(one_of(items_visible_to(user), "item"))


def teaching_changes_visible_to(user: User) -> QuerySet[TeachingChange]:
    """Teaching changes on items that the user may read."""
    return TeachingChange.objects.filter(one_of(items_visible_to(user), "item"))


def own_teaching_changes(user: User) -> QuerySet[TeachingChange]:
    """The user's teaching changes, tried or not, at schools where they work today."""
    rows = TeachingChange.objects.filter(teacher__in=scope_of(user).employed_ids)
    return rows.select_related("item__meeting__team", "teacher__school")
