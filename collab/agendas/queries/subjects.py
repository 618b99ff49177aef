"""Whether an item is about a student, which limits who may read it, and which student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.dashboards.queries.exhibits import is_of_student

if TYPE_CHECKING:
    from collab.agendas.models import AgendaItem
    from datareview.records.models import Student


def is_about_student(item: AgendaItem) -> bool:
    """Whether ``item`` is about a student, by its topic, the decision it checks, or a chart on it."""
    topic = item.topic
    if topic.candidate_id or topic.plan_id:
        return True
    if topic.decision and topic.decision.students.exists():
        return True
    return item.pk is not None and any(is_of_student(exhibit.view) for exhibit in item.exhibits.all())


def student_of(item: AgendaItem) -> Student | None:
    """The student an item is about, or None."""
    if item.topic.candidate:
        return item.topic.candidate.student
    return item.topic.plan.student if item.topic.plan else None
