"""Read an uploaded file: its header, the kind of its data, and the mapping of its columns."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.conf import settings
from django.utils.translation import gettext as _

from datareview.class_rows.class_lists import CLASS_LIST, class_rows_of, places_of, summary_of
from datareview.file_words.measures import like_measure
from datareview.imports.models import SET, STAFF, Import
from datareview.imports.services.files import SETS
from datareview.imports.services.sets import divide_set
from datareview.recipes.queries import mapping_for, recipe_for, recipes_with_a_way
from datareview.recognition.columns import MOST_ROWS
from datareview.recognition.recognizing import Recognition, recognize, recognize_for_each_kind
from datareview.records.models import Measure, Student
from teams.lib.errors import DomainError
from teams.staff_files.files import is_staff_list
from teams.tables.columns import Table
from teams.tables.days import read_days
from teams.tables.limits import Limits, TableError
from teams.tables.process import read_columns_apart
from teams.tables.ways import way_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datareview.recipes.models import FileRecipe
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress
    from teams.tables.columns import Columns


ROWS_SHOWN = 5
DAYS_SHOWN = 10  # columns
CELL_SHOWN = 80  # characters of a cell
DAYS = ("day", "entered_on", "left_on", "starts_on", "ends_on")  # fields with dates
_kept: ContextVar[dict[tuple[Path, str], Columns] | None] = ContextVar("kept_columns", default=None)


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
        table, before = _read(row)
    except DomainError as error:
        Import.objects.filter(pk=row.pk).update(state=Import.State.FAILED, error=str(error))
        raise
    row.digest = content_digest(row)
    row.columns, row.row_count = list(table.cells), len(table.lines)
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
    head = Table(row.columns, first, [], [], [])
    if not (row.team_id or before or found.recipe) and is_staff_list(head):
        found, row.guesses[STAFF] = Recognition(), True
    row.first_rows = [[cell[:CELL_SHOWN] for cell in cells] for cells in first[:ROWS_SHOWN]]
    if row.checked_at and {*row.mapping.get("columns", {}).values()} <= {*row.columns}:
        before = row.recipe  # read once more, with the same columns: they stay as a person matched them
    else:
        row.kind, row.mapping = _matched(row, found, others, before)
        row.checked_at, row.counts = None, {}
    row.recipe = before
    if row.assessment:
        row.mapping["options"]["assessment"] = str(row.assessment.uuid)
    row.as_read = {**table.as_read, "notes": table.notes, "days": _first_days(row, head)}
    row.state = Import.State.UPLOADED
    row.save()
    return {}


def _read(row: Import) -> tuple[Columns, FileRecipe | None]:
    """The table of a file with the remembered form that it has; read as a person said of it, or of a file of that form."""
    kind = Import.Kind.ANSWERS if row.team_id else ""
    table = load_columns(row)
    before = recipe_for(row.school, table.cells, kind, row.name)
    if row.way:
        return table, before
    for recipe in [before] if before else recipes_with_a_way(row.school, kind):
        row.way = recipe.way
        with suppress(TableError):
            other = load_columns(row) if recipe.way else table
            if recipe_for(row.school, other.cells, kind, row.name) == recipe:
                return other, recipe
    row.way = {}
    return table, before


def _matched(
    row: Import,
    found: Recognition,
    others: dict[str, Recognition],
    before: FileRecipe | None,
) -> tuple[str, dict[str, Any]]:
    """The kind and the mapping of a file, as remembered or else as recognized."""
    if before:
        guessed = {guess.field: guess.column for guess in others[before.kind].guesses}
        return before.kind, mapping_for(before, row.columns, guessed)
    row.kind = found.kind
    return found.kind, found.mapping() if found.recipe else _with_known_measures(row, found.mapping())


def _first_days(row: Import, table: Table) -> list[list[str]]:
    """Each matched column of dates with its first one, and that as ISO text; empty if it can be read both ways."""
    columns = [*(row.mapping["columns"].get(name) for name in DAYS), *row.mapping.get("days", {}).values()]
    found = []
    for name in dict.fromkeys(column for column in columns if column in table.columns):
        place = table.columns.index(name)
        texts = pd.Series([cells[place] for cells in table.rows if cells[place]], dtype=str)
        reading = read_days(texts, row.mapping["options"].get("day_zero"), until=row.school.today())
        if reading.example:
            found.append([name, reading.example, ""])
        elif reading.days.notna().any():
            first = reading.days.first_valid_index()
            found.append([name, texts[first], reading.days[first].date().isoformat()])
    return found[:DAYS_SHOWN]


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
    path, kept, way = _path_of(row), _kept.get(), way_of(row.way)
    if kept is None:
        return read_columns_apart(path, row.name, _limits(), way)
    key = path, str(way)
    if key not in kept:
        kept[key] = read_columns_apart(path, row.name, _limits(), way)
    return kept[key]


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
