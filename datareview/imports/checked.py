"""What a check of a file found, and the columns that it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from teams.tables.problems import FILE

if TYPE_CHECKING:
    import pandas as pd

    from datareview.answer_files.services.items import AnswerTarget
    from datareview.imports.models import Import
    from datareview.records.models import Measure


@dataclass(slots=True)
class Checked:
    """The result of a check. ``rows`` has ``line``, ``state`` (new, changed, same) and the values to write."""

    rows: pd.DataFrame
    problems: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    answers: AnswerTarget | None = None


def mapped_columns(row: Import) -> dict[str, str]:
    """Map each mapped field to its column in the frame."""
    return {field: FILE + name for field, name in row.mapping["columns"].items() if name}
