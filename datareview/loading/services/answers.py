"""Write the answers of a checked file, and undo them. A file has those of one assessment, so this is one transaction."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from datareview.answer_files.services.values import ABSENCE
from datareview.answers.marks import Answer
from datareview.answers.permissions import no_class
from datareview.answers.services.writing import AnswerChanges, StudentAnswers
from datareview.assessments.services.assessments import AssessmentValues, make_assessment
from datareview.imports.models import Import, ImportChange
from datareview.loading.queries import users_of_assessment
from datareview.looks.services import hold_answers
from datareview.records.models import Assessment, AssessmentItem, ItemResponse, Section, Sitting, Student
from teams.audit.services import record_event

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.answer_files.services.items import AnswerTarget
    from datareview.imports.checked import Checked

    Record = dict[Any, Any]  # one row of the checked table

A_BATCH = 500


@transaction.atomic
def write_answers(row: Import, checked: Checked) -> set[int]:
    """Write the new and changed answers, into a new assessment if the file makes one. Nothing if that was done before.

    Returns the ids of their students.
    """
    if checked.answers is None or row.changes.exists():
        return set()
    assessment = _assessment(row, checked.answers)
    items = {one.number: one for one in assessment.items.all()}
    rows = checked.rows[checked.rows["state"] != "same"].to_dict("records")
    parts: dict[int | None, list[Record]] = {}
    for record in rows:
        parts.setdefault(record["section_id"], []).append(record)
    sections = Section.objects.in_bulk([pk for pk in parts if pk])
    for section, records in parts.items():
        _write_class(row, assessment, items, sections.get(section or 0) or no_class(assessment), records)
    record_event(
        row.uploaded_by, "loaded-answers", assessment, school=row.school, n=len(rows), file=str(row.uuid)
    )
    return {record["student_id"] for record in rows}


def _assessment(row: Import, target: AnswerTarget) -> Assessment:
    """The locked assessment to write into; a new one is made, and remembered to be undone."""
    made = target.assessment
    if made is None:
        made = make_assessment(
            target.team,
            actor=row.uploaded_by,
            values=AssessmentValues(target.title, target.day),
            items=target.values,
            add_standards=True,
        )
        _change(row, made, None, {"title": made.title}).save()
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True)
    assessment = rows.select_related("team__school").get(pk=made.pk)
    row.assessment = assessment
    row.save(update_fields=["assessment"])
    return assessment


def _write_class(
    row: Import,
    assessment: Assessment,
    items: dict[int, AssessmentItem],
    section: Section,
    records: list[Record],
) -> None:
    students = Student.objects.in_bulk({record["student_id"] for record in records})
    sittings = {one.student_id: one for one in assessment.sittings.filter(student__in=students)}
    stored: dict[int, dict[int, ItemResponse]] = {pk: {} for pk in students}
    for one in ItemResponse.objects.filter(item__assessment=assessment, student__in=students):
        stored[one.student_id][next(n for n, item in items.items() if item.pk == one.item_id)] = one
    before: dict[str, dict[Any, Any]] = {
        "itemresponse": {
            (one.item_id, one.student_id): one for row_of in stored.values() for one in row_of.values()
        },
        "sitting": {one.student_id: one.is_absent for one in sittings.values()},
    }
    rows = {}
    for pk, student in students.items():
        was_absent = pk in sittings and sittings[pk].is_absent
        answers = {number: Answer(one.points, one.choice) for number, one in stored[pk].items()}
        rows[pk] = StudentAnswers(
            student, sittings.get(pk), dict(stored[pk]), was_absent, was_absent, answers
        )
    for record in records:
        student_row = rows[record["student_id"]]
        if record["number"] == ABSENCE:
            student_row.is_absent = not student_row.answers
        else:
            student_row.is_absent = False
            student_row.answers[record["number"]] = Answer(record["points"], record["choice"])
    changes = AnswerChanges(assessment, section, items, row.uploaded_by)
    for student_row in rows.values():
        changes.add(student_row)
    changes.write()
    _remember(row, changes, before)


def _remember(row: Import, changes: AnswerChanges, before: dict[str, dict[Any, Any]]) -> None:
    """Keep what each answer and sitting was before, to undo the file."""
    students = {one.student_id for one in changes.entered} | {one.student_id for one in changes.sat}
    wrote = {(one.item_id, one.student_id) for one in changes.entered}
    kept = []
    for one in ItemResponse.objects.filter(item__assessment=changes.assessment, student__in=students):
        if (key := (one.item_id, one.student_id)) in wrote:
            old = before["itemresponse"].get(key)
            kept.append(_change(row, one, _texts(old) if old else None, _texts(one)))
    sat = {one.student_id for one in changes.sat}
    for sitting in Sitting.objects.filter(assessment=changes.assessment, student__in=sat):
        old = before["sitting"].get(sitting.student_id)
        kept.append(
            _change(
                row, sitting, None if old is None else {"is_absent": old}, {"is_absent": sitting.is_absent}
            )
        )
    ImportChange.objects.bulk_create(kept, batch_size=A_BATCH)


def _texts(one: ItemResponse) -> dict[str, Any]:
    return {
        "points": one.points,
        "choice": one.choice,
        "entered_by_id": one.entered_by_id,
        "entered_at": one.entered_at.isoformat(),
    }


def _change(row: Import, one: Any, before: dict[str, Any] | None, after: dict[str, Any]) -> ImportChange:
    table = type(one).__name__.lower()
    return ImportChange(of_import=row, table=table, row_id=one.pk, before=before, after=after)


@transaction.atomic
def take_back_answers(row: Import) -> set[int]:
    """Restore the answers that a file changed and delete those that it brought, as far as nobody changed them since.

    Returns the ids of their students. An assessment that the file made is deleted, unless answers are left in it or people
    have worked with it.
    """
    if row.assessment_id:
        Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=row.assessment_id)
    ids = row.changes.filter(table="itemresponse").values_list("row_id", flat=True)
    students = set(ItemResponse.objects.filter(pk__in=list(ids)).values_list("student_id", flat=True))
    undone = _restore_answers(row)
    undone += _restore_sittings(row)
    ImportChange.objects.filter(pk__in=undone).delete()
    made = row.changes.filter(table="assessment").first()
    if made and not _is_used(made.row_id):
        Assessment.objects.filter(pk=made.row_id).delete()
        row.assessment = None
        made.delete()
    return students


def _is_used(assessment: int) -> bool:
    answers = ItemResponse.objects.filter(item__assessment=assessment)
    return answers.exists() or any(rows.exists() for rows in users_of_assessment([assessment]))


def _restore_answers(row: Import) -> list[int]:
    changes = {one.row_id: one for one in row.changes.filter(table="itemresponse")}
    gone, restored, undone = [], [], []
    found = {
        pk: one
        for pk, one in ItemResponse.objects.in_bulk(changes).items()
        if _texts(one) == changes[pk].after
    }
    _hold(row.assessment, found.values())
    for pk, one in found.items():
        change = changes[pk]
        undone.append(change.pk)
        if change.before is None:
            gone.append(pk)
            continue
        one.points, one.choice = change.before["points"], change.before["choice"]
        one.entered_by_id = change.before["entered_by_id"]
        one.entered_at = dt.datetime.fromisoformat(change.before["entered_at"])
        restored.append(one)
    ItemResponse.objects.filter(pk__in=gone).delete()
    fields = ["points", "choice", "entered_by", "entered_at"]
    ItemResponse.objects.bulk_update(restored, fields, batch_size=A_BATCH)
    return undone


def _hold(assessment: Assessment | None, changing: Collection[ItemResponse]) -> None:
    """Keep in the team's numbers what was shown of them."""
    if assessment is None:
        return
    students = {one.student_id for one in changing}
    released = assessment.sittings.filter(is_released=True, student__in=students)
    sections = dict(released.values_list("student_id", "section_id"))
    hold_answers(assessment, [one for one in changing if one.student_id in sections], sections)


def _restore_sittings(row: Import) -> list[int]:
    """Restore who sat it; a student who has answers still sat it."""
    changes = {one.row_id: one for one in row.changes.filter(table="sitting")}
    sittings = Sitting.objects.in_bulk(changes)
    answers = ItemResponse.objects.filter(item__assessment=row.assessment)
    answered = set(answers.values_list("student_id", flat=True))
    gone, restored, undone = [], [], []
    for pk, one in sittings.items():
        before = changes[pk].before
        if one.is_absent != changes[pk].after["is_absent"]:
            continue
        if one.student_id in answered and (before is None or before["is_absent"]):
            continue
        undone.append(changes[pk].pk)
        if before is None:
            gone.append(pk)
        else:
            one.is_absent = before["is_absent"]
            restored.append(one)
    Sitting.objects.filter(pk__in=gone).delete()
    Sitting.objects.bulk_update(restored, ["is_absent"], batch_size=A_BATCH)
    return undone
