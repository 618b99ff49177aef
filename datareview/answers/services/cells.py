"""Save any number of cells of a class in the same few queries."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.answers.marks import ABSENT_TEXT, Answer, Mark, read_answer, text_of
from datareview.answers.permissions import may_enter_class, students_with_ids
from datareview.answers.services.writing import AnswerChanges, StudentAnswers
from datareview.records.models import Assessment, AssessmentItem, ItemResponse, Sitting
from teams.access.prepared import prepared_rows
from teams.audit.services import record_event
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from datareview.records.models import Section
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class TypedCell:
    """What was typed for a student (public id) and an item (number).

    ``seen`` is the version of the cell that the person saw (`SavedCell.version`, "" for an empty one); None replaces
    whatever is stored.
    """

    student: UUID
    number: int
    text: str
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class SavedCell:
    """A cell after saving: its text and version as stored, who entered it, and why the typed text was not saved.

    ``is_conflict``: somebody else changed the cell since it was seen; ``text`` is theirs.
    """

    student: UUID
    number: int
    text: str
    version: str
    by: str = ""
    at: dt.datetime | None = None
    problem: str = ""
    is_conflict: bool = False


@transaction.atomic
def save_answers(
    assessment: Assessment, cells: Sequence[TypedCell], *, actor: User, section: Section
) -> list[SavedCell]:
    """Save typed cells of one class. Returns each cell as it is stored then.

    A text that cannot be read leaves its cell as it was and has a problem. So has a cell that somebody else changed
    since it was ``seen``, unless it has become what was typed: sending the same cells twice changes nothing. "x" is
    absent for the whole student, and deletes the answers: with ``seen``, "x" must be typed into every cell that has
    an answer.
    """
    assessment = _locked(assessment.pk)
    if not may_enter_class(actor, assessment, section):
        raise PermissionDenied
    items = {item.number: item for item in prepared_rows(_items, assessment.pk)}
    rows = _rows(assessment, section, {cell.student for cell in cells})
    problems: dict[int, str] = {}
    conflicts: set[int] = set()
    read: dict[int, Answer | Mark] = {}
    for place, cell in enumerate(cells):
        row, item = rows.get(cell.student), items.get(cell.number)
        if row is None or item is None:
            problems[place] = _("The class or the assessment was changed. Open the page again.")
            continue
        try:
            read[place] = read_answer(item, cell.text)
        except DomainError as error:
            problems[place] = _("%(student)s, item %(item)s: %(problem)s") % {
                "student": row.student,
                "item": item.number,
                "problem": error,
            }
            continue
        if _is_stale(row, cell, read[place]):
            conflicts.add(place)
    _refuse_hidden_absences(cells, read, rows, conflicts)
    for place, value in read.items():
        if place not in conflicts:
            _apply(rows[cells[place].student], cells[place].number, value)
    changes = AnswerChanges(assessment, section, items, actor)
    for row in rows.values():
        changes.add(row)
    changes.write()
    _record(changes)
    return [
        _saved(
            cell, rows.get(cell.student), items.get(cell.number), problems.get(place, ""), place in conflicts
        )
        for place, cell in enumerate(cells)
    ]


def _locked(assessment_id: int) -> Assessment:
    found = prepared_rows(_to_lock, assessment_id)
    if not found:
        raise Assessment.DoesNotExist
    return found[0]


# Prepared, since they are asked whenever a cell is saved.
def _to_lock(assessment_id: int) -> QuerySet[Assessment]:
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True).select_related("team__school")
    return rows.filter(pk=assessment_id)


def _items(assessment_id: int) -> QuerySet[AssessmentItem]:
    return AssessmentItem.objects.filter(assessment=assessment_id)


def _sittings(assessment_id: int, student_ids: Sequence[int]) -> QuerySet[Sitting]:
    return Sitting.objects.filter(assessment=assessment_id, student__in=student_ids)


def _responses(assessment_id: int, student_ids: Sequence[int]) -> QuerySet[ItemResponse]:
    rows = ItemResponse.objects.filter(item__assessment=assessment_id, student__in=student_ids)
    return rows.select_related("item", "entered_by")


def _rows(assessment: Assessment, section: Section, wanted: set[UUID]) -> dict[UUID, StudentAnswers]:
    found = {student.pk: student for student in students_with_ids(assessment, section, wanted)}
    sittings = {one.student_id: one for one in prepared_rows(_sittings, assessment.pk, [*found])}
    stored: dict[int, dict[int, ItemResponse]] = {pk: {} for pk in found}
    for one in prepared_rows(_responses, assessment.pk, [*found]):
        stored[one.student_id][one.item.number] = one
    rows = {}
    for pk, student in found.items():
        sitting = sittings.get(pk)
        absent = sitting is not None and sitting.is_absent
        answers = {number: Answer(one.points, one.choice) for number, one in stored[pk].items()}
        rows[student.uuid] = StudentAnswers(student, sitting, stored[pk], absent, absent, answers)
    return rows


def _is_stale(row: StudentAnswers, cell: TypedCell, value: Answer | Mark) -> bool:
    if cell.seen is None or cell.seen == row.version(cell.number):
        return False
    return value != _now(row, cell.number)


def _now(row: StudentAnswers, number: int) -> Answer | Mark:
    """What the cell says as stored."""
    if row.was_absent:
        return Mark.ABSENT
    one = row.stored.get(number)
    return Mark.EMPTY if one is None else Answer(one.points, one.choice)


def _refuse_hidden_absences(
    cells: Sequence[TypedCell],
    read: dict[int, Answer | Mark],
    rows: dict[UUID, StudentAnswers],
    conflicts: set[int],
) -> None:
    """Mark absences as conflicts that would delete answers which the person has not seen."""
    absences = [place for place, value in read.items() if value is Mark.ABSENT]
    covered: dict[UUID, set[int]] = {}
    for place in absences:
        if place not in conflicts:
            covered.setdefault(cells[place].student, set()).add(cells[place].number)
    for place in absences:
        cell = cells[place]
        unseen = rows[cell.student].stored.keys() - covered.get(cell.student, set())
        if cell.seen is not None and not rows[cell.student].was_absent and unseen:
            conflicts.add(place)


def _apply(row: StudentAnswers, number: int, value: Answer | Mark) -> None:
    if value is Mark.ABSENT:
        row.is_absent = True
        row.answers.clear()
        return
    row.is_absent = False
    if isinstance(value, Answer):
        row.answers[number] = value
    else:
        row.answers.pop(number, None)


def _record(changes: AnswerChanges) -> None:
    if not changes.many:
        return
    record_event(
        changes.actor,
        "entered-answers",
        changes.assessment,
        school=changes.assessment.team.school,
        detail={"replaced": changes.replaced} if changes.replaced else None,
        section=str(changes.section.uuid),
        n=changes.many,
    )


def _saved(
    cell: TypedCell, row: StudentAnswers | None, item: AssessmentItem | None, problem: str, is_conflict: bool
) -> SavedCell:
    if row is None or item is None:
        return SavedCell(cell.student, cell.number, "", "", problem=problem)
    if row.was_absent:
        text, one = ABSENT_TEXT, None
    else:
        one = row.stored.get(cell.number)
        text = text_of(item, one.points, one.choice) if one else ""
    by = str(one.entered_by) if one and one.entered_by else ""
    if is_conflict:
        problem = _("%(student)s, item %(item)s: you typed “%(mine)s”.") % {
            "student": row.student,
            "item": item.number,
            "mine": cell.text,
        }
    return SavedCell(
        cell.student,
        cell.number,
        text,
        row.version(cell.number),
        by=by,
        at=one.entered_at if one else None,
        problem=problem,
        is_conflict=is_conflict,
    )
