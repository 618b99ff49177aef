"""Read an uploaded file: its header, the kind of its data, and the mapping of its columns."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from datareview.class_rows.class_lists import CLASS_LIST, class_rows_of, places_of, summary_of
from datareview.imports.models import SET, Import
from datareview.imports.services.files import SETS
from datareview.imports.services.sets import divide_set
from datareview.recipes.queries import mapping_for, recipe_for
from datareview.recognition.columns import MOST_ROWS
from datareview.recognition.measures import like_measure
from datareview.recognition.recognizing import Recognition, recognize, recognize_for_each_kind
from datareview.records.models import Measure, Student
from teams.lib.errors import DomainError
from teams.tables.limits import Limits
from teams.tables.process import read_columns_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress
    from teams.tables.columns import Columns, Table


ROWS_SHOWN = 5
CELL_SHOWN = 80  # characters of a cell
_kept: ContextVar[dict[Path, Columns] | None] = ContextVar("kept_columns", default=None)


def read_job(job: Job, _progress: Progress) -> dict[str, Any]:
    """Read the header of a file and guess or remember its mapping. Idempotent."""
    row = Import.objects.select_related("school", "assessment").get(pk=job.payload["import"])
    if row.state != Import.State.READING:
        return {}
    try:
        if row.name.lower().endswith(SETS):
            row.guesses, row.state = {SET: divide_set(row, _limits())}, Import.State.UPLOADED
            row.digest = content_digest(row)
            row.save(update_fields=["guesses", "state", "digest"])
            return {}
        table = load_columns(row)
    except DomainError as error:
        Import.objects.filter(pk=row.pk).update(state=Import.State.FAILED, error=str(error))
        raise
    row.digest = content_digest(row)
    row.columns, row.row_count = list(table.cells), len(table.lines)
    before = recipe_for(row.school, row.columns, Import.Kind.ANSWERS if row.team_id else "")
    numbers = list(Student.objects.filter(school=row.school).values_list("local_id", flat=True))
    first = table.rows(MOST_ROWS)
    found = recognize(row.columns, first, numbers)
    others = recognize_for_each_kind(row.columns, first, numbers)
    if row.team_id:
        found = others[Import.Kind.ANSWERS]
    row.guesses = {kind: _stored(one) for kind, one in {**others, found.kind: found}.items() if kind}
    is_list = not row.team_id and bool(places_of(row.columns))
    if is_list and (listed := class_rows_of(row.columns, table.rows(), table.lines)):
        row.guesses[CLASS_LIST] = summary_of(listed)
    row.first_rows = [[cell[:CELL_SHOWN] for cell in cells] for cells in first[:ROWS_SHOWN]]
    row.kind = before.kind if before else found.kind
    row.mapping = found.mapping() if found.recipe else _with_known_measures(row, found.mapping())
    if before:
        guessed = {guess.field: guess.column for guess in others[before.kind].guesses}
        row.mapping = mapping_for(before, row.columns, guessed)
    row.recipe = before
    if row.assessment:
        row.mapping["options"]["assessment"] = str(row.assessment.uuid)
    row.state = Import.State.UPLOADED
    row.save()
    return {}


def _with_known_measures(row: Import, mapping: dict[str, Any]) -> dict[str, Any]:
    """A guessed mapping of scores with the names that the school's measures have; it is shown before it is used."""
    if row.kind != Import.Kind.SCORES:
        return mapping
    names = list(Measure.objects.filter(school=row.school, retired_on=None).values_list("name", flat=True))
    if measures := mapping.get("measures"):
        likely = {column: like_measure(column, names) or name for column, name in measures.items()}
        seen = list(likely.values())
        known = {
            column: name for column, name in likely.items() if seen.count(name) == 1 or mapping.get("days")
        }
        return {**mapping, "measures": measures | known}
    column = mapping["columns"].get("value", "")
    if column and not mapping["columns"].get("measure"):
        stem = row.name.rpartition(".")[0]
        if name := like_measure(column, names) or like_measure(stem, names):
            mapping["options"].setdefault("measure_name", name)
    return mapping


def content_digest(row: Import) -> str:
    """A digest of the content of a file."""
    with row.file.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stored(found: Recognition) -> dict[str, Any]:
    """A recognition as `Import.guesses` has it for a kind; ``fields`` has the column, how sure, and why."""
    return {
        "fields": {guess.field: [guess.column, guess.sure, guess.reason] for guess in found.guesses},
        "measures": found.measures,
        "days": found.days,
        "items": list(found.items),
        "sure": found.sure,
        "recipe": found.recipe,
    }


@contextmanager
def read_once() -> Iterator[None]:
    """Read each file only once inside the block, where it is checked and applied as soon as it is read."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def load_table(row: Import) -> Table:
    """Read the table of an import's file in a separate process."""
    return load_columns(row).table()


def load_columns(row: Import) -> Columns:
    """Read the columns of an import's file in a separate process."""
    path, kept = _path_of(row), _kept.get()
    if kept is None:
        return read_columns_apart(path, row.name, _limits())
    if path not in kept:
        kept[path] = read_columns_apart(path, row.name, _limits())
    return kept[path]


def _path_of(row: Import) -> Path:
    """Where the file is stored. Raises DomainError if it is no longer."""
    path = Path(row.file.path)
    if not path.exists():
        raise DomainError(_("This file was deleted when a student was erased. Upload it again without them."))
    return path


def _limits() -> Limits:
    return Limits(
        settings.UPLOAD_MAX_BYTES,
        settings.UPLOAD_MAX_ROWS,
        settings.UPLOAD_MAX_SECONDS,
        settings.UPLOAD_MAX_MEMORY,
    )
