"""Read an uploaded file: its header, the kind of its data, and the mapping of its columns."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from datareview.imports.models import Import
from datareview.recognition.fields import FIELDS, SECTION, STUDENT
from datareview.records.models import Student
from teams.lib.errors import DomainError
from teams.tables.process import read_table_apart
from teams.tables.reading import Limits, plain_number

if TYPE_CHECKING:
    from teams.directory.models import School
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress
    from teams.tables.reading import Table


OF_ONE_FILE = {"fixed_day", "date_order"}
SIGNS: list[
    tuple[str, list[set[str]]]
] = [  # a kind of roster, and columns of which a file has one of each set
    (Import.Kind.GUARDIANS, [{"guardian", "guardian_name", "relation", "relationship"}]),
    (Import.Kind.GROUPS, [{"category"}, {"group", "subgroup"}]),
    (Import.Kind.TEACHERS, [set(SECTION), {"teacher", "teacher_email", "staff_id", "staff"}]),
    (Import.Kind.ENROLLMENTS, [set(SECTION), {*STUDENT, "student", "usersourcedid"}]),
    (Import.Kind.SECTIONS, [{*SECTION, "coursesourcedid"}]),
]


def read_job(job: Job, _progress: Progress) -> dict[str, Any]:
    """Read the header of a file and guess or remember its mapping. Idempotent."""
    row = Import.objects.select_related("school").get(pk=job.payload["import"])
    if row.state != Import.State.READING:
        return {}
    try:
        table = load_table(row)
    except DomainError as error:
        Import.objects.filter(pk=row.pk).update(state=Import.State.FAILED, error=str(error))
        raise
    with row.file.open("rb") as file:
        row.digest = hashlib.file_digest(file, "sha256").hexdigest()
    row.columns, row.row_count = table.columns, len(table.rows)
    row.fingerprint = hashlib.sha256("\n".join(table.columns).encode()).hexdigest()
    earlier = Import.objects.filter(school=row.school, fingerprint=row.fingerprint).exclude(mapping={})
    before = earlier.exclude(pk=row.pk).order_by("-pk").first()
    row.kind = before.kind if before else guess_kind(table.columns)
    row.mapping = _for_another_file(before.mapping) if before else guess_mapping(table, row.kind, row.school)
    row.state = Import.State.UPLOADED
    row.save()
    return {}


def _for_another_file(mapping: dict[str, Any]) -> dict[str, Any]:
    """A mapping without what was said of one file only: its day, and the order of its dates."""
    options = {name: value for name, value in mapping["options"].items() if name not in OF_ONE_FILE}
    return {**mapping, "options": options}


def load_table(row: Import) -> Table:
    """Read the table of an import's file in a separate process."""
    limits = Limits(
        settings.UPLOAD_MAX_BYTES,
        settings.UPLOAD_MAX_ROWS,
        settings.UPLOAD_MAX_SECONDS,
        settings.UPLOAD_MAX_MEMORY,
    )
    return read_table_apart(Path(row.file.path), row.name, limits)


def guess_kind(columns: list[str]) -> str:
    """Guess the kind of data from the column names."""
    names = {name.lower() for name in columns}
    if names & {"mark", "attendance", "attendance_date"}:
        return Import.Kind.ATTENDANCE
    if names & set(FIELDS[Import.Kind.SCORES]["value"]):
        return Import.Kind.SCORES
    return next(
        (kind for kind, several in SIGNS if all(names & words for words in several)), Import.Kind.STUDENTS
    )


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
    if kind != Import.Kind.STUDENTS and "student" in FIELDS[kind] and best and rates[best] >= 0.5:
        columns["student"] = best
    return {"columns": columns, "options": {}}


def match_rates(table: Table, school: School) -> dict[str, float]:
    """The share (0 to 1) of each column's values that are student numbers of the school, in the first 500 rows."""
    known = set(Student.objects.filter(school=school).values_list("local_id", flat=True))
    rates = {}
    for place, column in enumerate(table.columns):
        values = {plain_number(line[place]) for line in table.rows[:500]} - {""}
        rates[column] = len(values & known) / len(values) if values else 0.0
    return rates
