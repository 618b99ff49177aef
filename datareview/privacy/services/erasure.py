"""Erase a student: everything recorded, and the name in what people typed. Logs keep facts without the person."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from datareview.privacy.models import Disclosure
from datareview.records.models import CourseGrade, Student, StudentMerge
from teams.access.permissions import require_ability
from teams.audit.models import AuditDetail, AuditEvent
from teams.audit.services import record_event
from teams.directory.models import Staff, User
from teams.documents.models import Document
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from teams.directory.models import School

OUR_APPS = {"collab", "datareview", "teams"}
NOT_ABOUT_STUDENTS = (AuditEvent, Disclosure, Document, Staff, Student, User)


NAMING = ("notes", "unsettled", "codes")  # parts of the counts of a file in which students are named


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: texts in which a name was replaced, and whether one was left alone for a namesake's sake."""

    texts: int
    has_namesake: bool


@dataclass(frozen=True, slots=True)
class _Identity:
    """The words by which a record names a student: number, first and preferred name, last name."""

    number: str
    firsts: tuple[str, ...]
    last: str

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> _Identity:
        """The words in the fields of a record."""
        firsts = [name for name in (fields["first_name"], fields["preferred_name"]) if name]
        return cls(fields["local_id"], tuple(firsts), fields["last_name"])


@transaction.atomic
def erase_student(student: Student, *, actor: User) -> Erased:
    """Delete a student with all records, and replace the full name in every text that people typed.

    In a text with the full name, the first and the last name alone are replaced too. A name that another student has
    stays in texts. A record that was merged into the student's is erased with it, also its names. The audit log and the
    log of disclosures keep their rows, whose ids refer to nobody then. The files that the school
    uploaded are deleted; what they changed of the student is forgotten, and can't be undone. Pictures
    of the student's work are deleted too, and of work of which nobody said whose it is.
    Needs the ability to load data. Raises DomainError while a file of the school is being processed.
    """
    require_ability(actor, "import_data", student.school)
    _delete_uploads(student.school)
    _delete_work(student)
    plans, candidates = student.plans, student.candidates
    merges = list(student.merges.filter(undone_at=None))
    known_as = [
        _Identity.of(vars(student)),
        *(_Identity.of(one.record["student"][0]["fields"]) for one in merges),
    ]
    subjects = [
        student.uuid,
        *plans.values_list("uuid", flat=True),
        *candidates.values_list("uuid", flat=True),
        *(merge.gone_uuid for merge in merges),
    ]
    AuditDetail.objects.filter(event__subject_uuid__in=subjects).delete()
    StudentMerge.objects.filter(gone_id=student.pk).delete()
    _forget_import_changes(student, merges)
    _forget_import_problems(student.school, known_as)
    Document.objects.filter(owner__in=Staff.objects.filter(school=student.school).values("user")).delete()
    named = [one for one in known_as if one.firsts and one.last]
    own = [one for one in named if not _is_shared(one, student)]
    texts = _replace_everywhere(_replacer(own)) if own else 0
    record_event(actor, "erased", student, school=student.school)
    student.delete()
    return Erased(texts, has_namesake=len(own) < len(named))


def _delete_uploads(school: School) -> None:
    """Delete the content of the school's files on commit; what was loaded from them stays."""
    imports = apps.get_model("datareview", "Import")  # an area above this one
    files = imports._default_manager.filter(school=school)  # noqa: SLF001
    if files.filter(state__in=imports.BEFORE).exists():
        raise DomainError(_("A file of the school is being processed. Erase the student when that is done."))
    storage = imports._meta.get_field("file").storage  # noqa: SLF001 (documented Meta API)
    for name in files.exclude(file="").values_list("file", flat=True):
        transaction.on_commit(partial(storage.delete, name))


def _delete_work(student: Student) -> None:
    """Delete the student's pieces of work, and those of the school of which nobody said whose they are."""
    rows = apps.get_model("collab", "StudentWork")._default_manager  # noqa: SLF001 (an app above this one)
    ours = rows.filter(item__topic__team__school=student.school)
    ours.filter(models.Q(student=student) | models.Q(student=None)).delete()


def _forget_import_changes(student: Student, merges: Iterable[StudentMerge]) -> None:
    """Delete what imports keep to undo changes of the student's rows: names, scores, attendance and families.

    Rows of ``merges`` that were not moved but removed are the student's too.
    """
    changes = apps.get_model("datareview", "ImportChange")._default_manager  # noqa: SLF001 (an area above this one)
    for table, rows in (
        ("student", Student.objects.filter(pk=student.pk)),
        ("score", student.scores.all()),
        ("attendanceday", student.attendance.all()),
        ("incident", student.incidents.all()),
        ("coursegrade", CourseGrade.objects.filter(enrollment__student=student)),
        ("enrollment", student.enrollments.all()),
        ("pastgrade", student.past_grades.all()),
        ("guardian", student.guardians.all()),
        ("subgroup", student.subgroups.all()),
        ("itemresponse", student.responses.all()),
        ("sitting", student.sittings.all()),
    ):
        changes.filter(table=table, row_id__in=rows.values_list("pk", flat=True)).delete()
    removed = defaultdict(list)
    for row in (row for merge in merges for row in (*merge.record["student"], *merge.record["removed"])):
        removed[row["model"].partition(".")[2]].append(row["pk"])
    for table, ids in removed.items():
        changes.filter(table=table, row_id__in=ids).delete()


def _forget_import_problems(school: School, known_as: Iterable[_Identity]) -> None:
    """Delete the problems of files that quote the student's number or name, with those of the same row of the file."""
    problems = apps.get_model("datareview", "ImportProblem")._default_manager  # noqa: SLF001 (an area above this one)
    ours = problems.filter(of_import__school=school)
    known = {text for one in known_as for text in (one.number, *one.firsts, one.last)} - {""}
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b", re.IGNORECASE)
    texts = ours.values_list("of_import", "row", "value", "message").iterator(chunk_size=2000)
    told = {(of_import, row) for of_import, row, *found in texts if any(map(words.search, found))}
    for of_import, row in told:
        ours.filter(of_import=of_import, row=row).delete()
    _forget_import_rows(school, words)
    _forget_codes(school, words)


def _forget_import_rows(school: School, words: re.Pattern[str]) -> None:
    """Delete the rows, notes and names that imports keep to show them if ``words`` are in one."""
    files = apps.get_model("datareview", "Import")._default_manager.filter(school=school)  # noqa: SLF001 (an area above this one)
    rows = files.values("pk", "first_rows", "first_changes", "counts", "mapping", "as_read")
    for row in rows.iterator(chunk_size=200):
        options, counts = row["mapping"].get("options", {}), row["counts"]
        kept: dict[str, Any] = {
            "first_rows": _without(row["first_rows"], words),
            "first_changes": _without(row["first_changes"], words),
            "as_read": {
                name: _without(found, words) if name in ("lines", "notes") else found
                for name, found in row["as_read"].items()
            },
            "counts": counts | {name: _without(counts[name], words) for name in NAMING if name in counts},
        }
        people = {name: uuid for name, uuid in options.get("people", {}).items() if not words.search(name)}
        kept["mapping"] = _without_codes(row["mapping"], words)
        if "people" in options:
            kept["mapping"] |= {"options": {**options, "people": people}}
        if any(value != row[name] for name, value in kept.items()):  # type: ignore[literal-required]
            files.filter(pk=row["pk"]).update(**kept)


def _forget_codes(school: School, words: re.Pattern[str]) -> None:
    """Delete the explained codes of remembered forms of files if ``words`` are in one."""
    recipes = apps.get_model("datareview", "FileRecipe")._default_manager.filter(school=school)  # noqa: SLF001 (an area above this one)
    for pk, mapping in recipes.values_list("pk", "mapping"):
        if (kept := _without_codes(mapping, words)) != mapping:
            recipes.filter(pk=pk).update(mapping=kept)


def _without_codes(mapping: dict[str, Any], words: re.Pattern[str]) -> dict[str, Any]:
    """A mapping of a file without the codes in which ``words`` are."""
    codes = {
        field: {text: meaning for text, meaning in found.items() if not words.search(text)}
        for field, found in mapping.get("codes", {}).items()
    }
    return {**mapping, "codes": codes} if codes else {**mapping}


def _without(rows: list[Any], words: re.Pattern[str]) -> list[Any]:
    return [one for one in rows if not words.search(str(one))]


def _is_shared(known_as: _Identity, student: Student) -> bool:
    """Whether someone other than ``student`` has one of the first or preferred names with the last name."""
    others = Student.objects.filter(last_name__iexact=known_as.last).exclude(pk=student.pk)
    theirs = others.values_list("first_name", "preferred_name")
    firsts = {name.casefold() for name in known_as.firsts}
    return any(name.casefold() in firsts for names in theirs for name in names)


def _replacer(known_as: Iterable[_Identity]) -> Callable[[str], str]:
    """A function that replaces a student's names in a text."""
    fulls, parts = [], []
    for one in known_as:
        first, last = "|".join(map(re.escape, one.firsts)), re.escape(one.last)
        fulls.append(rf"(?:{first})\s+{last}|{last},\s*(?:{first})")
        parts.append(f"{first}|{last}")
    full = re.compile(rf"\b(?:{'|'.join(fulls)})\b", re.IGNORECASE)
    part = re.compile(rf"\b(?:{'|'.join(parts)})\b")
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
        if not fields:
            continue
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
