"""Upload a file, guess its columns, and start its check, application or undoing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.imports.models import Import
from datareview.records.models import Student
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.jobs.services.jobs import start_job
from teams.lib.errors import DomainError
from teams.lib.tabular import Limits, Table, read_table

if TYPE_CHECKING:
    from django.core.files import File

    from teams.directory.models import School, User

STATES = Import.State
ACCEPTED = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".xlsx", ".xlsm", ".xls", ".ods")
BUSY = (STATES.CHECKING, STATES.APPLYING, STATES.UNDOING)

# Fields by kind of file, with the column names from which they are guessed.
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    Import.Kind.STUDENTS: {
        "student": ("student_id", "id_student", "studentid", "student number", "local_id", "id", "sis_id"),
        "first_name": ("first_name", "first name", "firstname", "given_name"),
        "last_name": ("last_name", "last name", "lastname", "family_name", "surname"),
        "grade": ("grade", "grade_level", "gradelevel"),
        "entered_on": ("entered_on", "entry_date", "enroll_date"),
    },
    Import.Kind.SCORES: {
        "student": ("student_id", "id_student", "studentid", "student number", "local_id", "id", "sis_id"),
        "day": ("date", "day", "test_date", "taken_on", "date_submitted", "assessment date"),
        "value": ("score", "value", "points", "percentage_earned", "result"),
        "measure": ("measure", "assessment", "test", "assessment_type"),
    },
    Import.Kind.ATTENDANCE: {
        "student": ("student_id", "id_student", "studentid", "student number", "local_id", "id", "sis_id"),
        "day": ("date", "day", "attendance_date"),
        "mark": ("mark", "status", "attendance", "code"),
    },
}
NEEDED: dict[str, tuple[str, ...]] = {
    Import.Kind.STUDENTS: ("student",),
    Import.Kind.SCORES: ("student", "value"),
    Import.Kind.ATTENDANCE: ("student", "day", "mark"),
}


def load_table(row: Import) -> Table:
    """Read the table of an import's file."""
    with row.file.open("rb") as file:
        return read_table(file.read(), row.name, _limits())


def _limits() -> Limits:
    return Limits(settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_ROWS)


@transaction.atomic
def upload_file(school: School, *, actor: User, file: File[bytes], name: str) -> Import:
    """Store an uploaded file and read its header; no data are imported yet."""
    require_ability(actor, "import_data", school)
    if not name.lower().endswith(ACCEPTED):
        raise DomainError(
            _("Collab reads CSV, TSV and spreadsheets (.xlsx, .xls, .ods). Save the file as one of these.")
        )
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise DomainError(
            _("The file is %(mb)d MB, and the limit is %(most)d MB. Split it.")
            % {"mb": (file.size or 0) // 2**20 + 1, "most": settings.UPLOAD_MAX_BYTES // 2**20}
        )
    table = read_table(file.read(), name, _limits())
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    fingerprint = hashlib.sha256("\n".join(table.columns).encode()).hexdigest()
    row = Import(
        school=school,
        uploaded_by=actor,
        name=name[:200],
        columns=table.columns,
        row_count=len(table.rows),
        fingerprint=fingerprint,
        digest=digest,
    )
    before = (
        Import.objects.filter(school=school, fingerprint=fingerprint)
        .exclude(mapping={})
        .order_by("-pk")
        .first()
    )
    row.kind = before.kind if before else guess_kind(table.columns)
    row.mapping = before.mapping if before else guess_mapping(table, row.kind, school)
    row.file.save(f"{row.uuid}{_ending(name)}", file, save=False)
    row.save()
    record_event(actor, "uploaded", row, school=school, rows=row.row_count)
    return row


def _ending(name: str) -> str:
    return next(ending for ending in sorted(ACCEPTED, key=len, reverse=True) if name.lower().endswith(ending))


def guess_kind(columns: list[str]) -> str:
    """Guess the kind of data from the column names."""
    names = {name.lower() for name in columns}
    if names & {"mark", "attendance", "attendance_date"}:
        return Import.Kind.ATTENDANCE
    if names & set(FIELDS[Import.Kind.SCORES]["value"]):
        return Import.Kind.SCORES
    return Import.Kind.STUDENTS


def guess_mapping(table: Table, kind: str, school: School) -> dict[str, Any]:
    """Guess the mapping of columns: the student's by its values, the others by their names."""
    names = {name.lower(): name for name in reversed(table.columns)}
    columns = {
        field: names[known[0]]
        for field, words in FIELDS[kind].items()
        if (known := [word for word in words if word in names])
    }
    rates = match_rates(table, school)
    best = max(rates, key=lambda column: rates[column], default=None)
    if kind != Import.Kind.STUDENTS and best and rates[best] >= 0.5:
        columns["student"] = best
    return {"columns": columns, "options": {}}


def match_rates(table: Table, school: School) -> dict[str, float]:
    """The share (0 to 1) of each column's values that are student numbers of the school, in the first 500 rows."""
    known = set(Student.objects.filter(school=school).values_list("local_id", flat=True))
    rates = {}
    for place, column in enumerate(table.columns):
        values = {student_number(line[place]) for line in table.rows[:500]} - {""}
        rates[column] = len(values & known) / len(values) if values else 0.0
    return rates


def student_number(text: str) -> str:
    """Normalize a student number: without spaces, and 43146.0 as 43146."""
    text = text.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


@transaction.atomic
def start_check(row: Import, *, actor: User, kind: str, mapping: dict[str, Any]) -> Import:
    """Store the mapping and start the job that checks the file."""
    row = _locked(row)
    require_ability(actor, "import_data", row.school)
    if row.state in (*BUSY, STATES.APPLIED):
        raise DomainError(_("This file is being processed or has already been applied."))
    missing = [field for field in NEEDED[kind] if not mapping["columns"].get(field)]
    if kind == Import.Kind.SCORES and mapping.get("measures"):
        missing = [field for field in missing if field != "value"]
    if missing:
        raise DomainError(_("Choose the column for: %(names)s.") % {"names": ", ".join(missing)})
    unknown = [name for name in mapping["columns"].values() if name and name not in row.columns]
    if unknown:
        raise DomainError(_("The file has no column “%(name)s”.") % {"name": unknown[0]})
    row.kind, row.mapping = kind, mapping
    return _start(row, actor, STATES.CHECKING, "datareview.check_import")


@transaction.atomic
def start_apply(row: Import, *, actor: User, confirm: bool = False) -> Import:
    """Start the job that writes the file's valid rows, all or none."""
    row = _locked(row)
    require_ability(actor, "import_data", row.school)
    if row.state in (STATES.APPLYING, STATES.APPLIED):
        return row
    if row.state != STATES.CHECKED:
        raise DomainError(_("Check the file before you apply it."))
    if row.counts.get("needs_confirm") and not confirm:
        raise DomainError(
            _("%(n)d stored values would change. Review them, then confirm.") % {"n": row.counts["changed"]}
        )
    return _start(row, actor, STATES.APPLYING, "datareview.apply_import")


@transaction.atomic
def start_undo(row: Import, *, actor: User) -> Import:
    """Start the job that restores the data from before the file was applied."""
    row = _locked(row)
    require_ability(actor, "import_data", row.school)
    if row.state != STATES.APPLIED:
        raise DomainError(_("Only a file that was applied can be undone."))
    return _start(row, actor, STATES.UNDOING, "datareview.undo_import")


def _start(row: Import, actor: User, state: str, task: str) -> Import:
    row.state, row.error = state, ""
    row.job = start_job(
        task, school=row.school, actor=actor, payload={"import": row.pk, "return_url": row.get_absolute_url()}
    )
    row.save()
    record_event(actor, str(state), row, school=row.school)
    return row


def _locked(row: Import) -> Import:
    row = (
        Import.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "job")
        .get(pk=row.pk)
    )
    row.state = row.standing
    return row
