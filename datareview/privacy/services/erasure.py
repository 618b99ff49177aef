"""Erase a student: everything recorded, and the name in what people typed. Logs keep facts without the person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from datareview.privacy.models import Disclosure
from datareview.records.models import Student
from teams.access.permissions import require_ability
from teams.audit.models import AuditDetail, AuditEvent
from teams.audit.services import record_event
from teams.directory.models import Staff, User
from teams.documents.models import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OUR_APPS = {"collab", "datareview", "teams"}
NOT_ABOUT_STUDENTS = (AuditEvent, Disclosure, Document, Staff, Student, User)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: texts in which the name was replaced, and whether they were left alone for a namesake's sake."""

    texts: int
    has_namesake: bool


@transaction.atomic
def erase_student(student: Student, *, actor: User) -> Erased:
    """Delete a student with all records, and replace the full name in every text that people typed.

    In a text with the full name, the first and the last name alone are replaced too. If another student has the same
    name, texts stay as they are. The audit log and the log of disclosures keep their rows, whose ids refer to nobody
    then. Files that were uploaded are not changed; what they changed of the student is forgotten, and can't be undone.
    Needs the ability to load data.
    """
    require_ability(actor, "import_data", student.school)
    same_name = {"first_name__iexact": student.first_name, "last_name__iexact": student.last_name}
    has_namesake = Student.objects.filter(**same_name).exclude(pk=student.pk).exists()
    plans, candidates = student.plans, student.candidates
    subjects = [
        student.uuid,
        *plans.values_list("uuid", flat=True),
        *candidates.values_list("uuid", flat=True),
        *student.merges.values_list("gone_uuid", flat=True),
    ]
    AuditDetail.objects.filter(event__subject_uuid__in=subjects).delete()
    _forget_import_changes(student)
    _forget_import_problems(student)
    Document.objects.filter(owner__in=Staff.objects.filter(school=student.school).values("user")).delete()
    can_replace = student.first_name and student.last_name and not has_namesake
    texts = _replace_everywhere(_replacer(student)) if can_replace else 0
    record_event(actor, "erased", student, school=student.school)
    student.delete()
    return Erased(texts, has_namesake)


def _forget_import_changes(student: Student) -> None:
    """Delete what imports keep to undo changes of the student's rows: names, scores, attendance and families."""
    changes = apps.get_model("datareview", "ImportChange")._default_manager  # noqa: SLF001 (an area above this one)
    for table, rows in (
        ("student", Student.objects.filter(pk=student.pk)),
        ("score", student.scores.all()),
        ("attendanceday", student.attendance.all()),
        ("enrollment", student.enrollments.all()),
        ("guardian", student.guardians.all()),
        ("subgroup", student.subgroups.all()),
    ):
        changes.filter(table=table, row_id__in=rows.values_list("pk", flat=True)).delete()


def _forget_import_problems(student: Student) -> None:
    """Delete the problems of files that quote the student's number or name, with those of the same row of the file."""
    problems = apps.get_model("datareview", "ImportProblem")._default_manager  # noqa: SLF001 (an area above this one)
    ours = problems.filter(of_import__school=student.school)
    known = {student.local_id, student.first_name, student.preferred_name, student.last_name} - {""}
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b", re.IGNORECASE)
    texts = ours.values_list("of_import", "row", "value", "message").iterator(chunk_size=2000)
    told = {(of_import, row) for of_import, row, *found in texts if any(map(words.search, found))}
    for of_import, row in told:
        ours.filter(of_import=of_import, row=row).delete()


def _replacer(student: Student) -> Callable[[str], str]:
    """A function that replaces the student's name in a text."""
    names = [name for name in (student.first_name, student.preferred_name) if name]
    first, last = "|".join(map(re.escape, names)), re.escape(student.last_name)
    full = re.compile(rf"\b(?:(?:{first})\s+{last}|{last},\s*(?:{first}))\b", re.IGNORECASE)
    part = re.compile(rf"\b(?:{first}|{last})\b")
    instead = _("(erased)")

    def replace(text: str) -> str:
        found, times = full.subn(instead, text)
        return part.sub(instead, found) if times else text

    return replace


def _replace_everywhere(replace: Callable[[str], str]) -> int:
    """Apply ``replace`` to every text of our models. Returns the number of texts that changed."""
    count = 0
    for model in apps.get_models():
        if model._meta.app_label not in OUR_APPS or model in NOT_ABOUT_STUDENTS:  # noqa: SLF001 (documented Meta API)
            continue
        fields = list(_text_fields(model))
        names = [field.name for field in fields]
        for pk, *values in model._default_manager.values_list("pk", *names).iterator(chunk_size=2000):  # noqa: SLF001
            changed = {
                field.name: after if field.max_length is None else after[: field.max_length]
                for field, value in zip(fields, values, strict=True)
                if (after := _replaced(value, replace)) != value
            }
            if changed:
                count += model._default_manager.filter(pk=pk).update(**changed) * len(changed)  # noqa: SLF001
    return count


def _text_fields(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """Fields that hold words: text without choices, and JSON."""
    for field in model._meta.concrete_fields:  # noqa: SLF001 (documented Meta API)
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if isinstance(field, models.JSONField) or (is_text and not isinstance(field, models.FileField)):
            yield field


def _replaced(value: Any, replace: Callable[[str], str]) -> Any:
    """A copy of a text, or of JSON, with every text in it replaced."""
    if isinstance(value, dict):
        return {key: _replaced(one, replace) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, replace) for one in value]
    return replace(value) if isinstance(value, str) else value
