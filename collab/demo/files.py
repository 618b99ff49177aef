"""Files of the simulated schools, as a student information system exports them, loaded like every school's files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from datareview.imports.services.reading import read_once
from datareview.loading.services.now import apply_file_now, check_file_now, read_file_now
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from collab.demo.people import SchoolData

    Row = Sequence[object]


def load_file(
    place: SchoolData, kind: str, name: str, columns: dict[str, str], rows: Iterable[Row], *, at: dt.datetime
) -> None:
    """Write a file and let the administrator load it ``at`` that time; ``columns`` maps fields to names in its header.

    Does nothing without rows. Raises `ValueError` if the importer finds a problem: the simulator wrote a wrong file.
    """
    lines = [list(columns.values()), *rows]
    if len(lines) == 1:
        return
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    content = ContentFile(text.getvalue().encode(), name=name)
    with clock.stopped_at(at), read_once():
        row = read_file_now(place.school, actor=place.administrator, file=content, name=name)
        mapping = {"columns": columns, "options": {}}
        row = check_file_now(row, actor=place.administrator, kind=kind, mapping=mapping)
        problem = row.problems.first()
        if problem:
            raise ValueError(f"{name}, row {problem.row}: {problem.value}: {problem.message}")
        apply_file_now(row, actor=place.administrator)
