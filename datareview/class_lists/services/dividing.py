"""Divide a class list that came by itself into its files, which are loaded as a set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.class_lists.queries import list_part_of, summary_in
from datareview.class_lists.services.loading import part_file
from datareview.class_rows.class_lists import class_rows_of, tables_of
from datareview.imports.models import SET, Import
from datareview.imports.services.files import start_reading, stored_import
from datareview.imports.services.reading import load_table, read_job
from datareview.loading.services.now import Quiet
from datareview.recognition.names import header_fingerprint
from teams.jobs.models import Job

if TYPE_CHECKING:
    from teams.directory.models import User

MOST_BEFORE = 20  # lists that are compared


def is_loaded_form(row: Import) -> bool:
    """Whether a file is a class list, and a person has loaded one with the same columns as such."""
    if not summary_in(row):
        return False
    before = Import.objects.filter(school=row.school, guesses__class_list__is_loaded=True).order_by("-pk")
    known = before.values_list("columns", flat=True)[:MOST_BEFORE]
    return header_fingerprint(row.columns) in {header_fingerprint(columns) for columns in known}


def divide_class_list(row: Import, *, actor: User) -> list[Import]:
    """Upload the students, sections, teachers and enrollments of a class list as files of a set. May run twice.

    People and teams are not added: that is for a person to decide.
    """
    table = load_table(row)
    tables = tables_of(class_rows_of(table.columns, table.rows, table.lines))
    kinds = [kind for kind, rows in tables.items() if len(rows) > 1]
    for kind in kinds:
        uuid = list_part_of(row, kind)
        if not Import.objects.filter(uuid=uuid).exists():
            file, name = part_file(row, kind, tables[kind])
            with stored_import(row.school, actor=actor, file=file, name=name) as part:
                part.uuid, part.part_of = uuid, row
                start_reading(part, actor=actor, job=row.job)
        part = Import.objects.get(uuid=uuid)
        if part.state == Import.State.READING:
            read_job(Job(payload={"import": part.pk}), Quiet())
    for kind in kinds:
        mapping = {"columns": {field: field for field in tables[kind][0]}, "options": {}}
        rows = Import.objects.filter(uuid=list_part_of(row, kind), state=Import.State.UPLOADED)
        rows.update(kind=kind, mapping=mapping)
    row.guesses[SET] = kinds
    row.save(update_fields=["guesses"])
    found = Import.objects.select_related("school", "uploaded_by", "job", "team__school").filter(part_of=row)
    return sorted(found, key=lambda part: kinds.index(part.kind))
