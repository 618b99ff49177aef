"""A sheet to print, with the codes by which its rows are keyed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.answers.marks import letters_of
from datareview.answers.permissions import students_in_class
from datareview.answers.queries.grid import AnswerColumn
from datareview.answers.sheets import code_of
from datareview.records.models import AssessmentItem
from datareview.records.queries.order import by_name

if TYPE_CHECKING:
    from datareview.records.models import Assessment, Section, Student

ITEMS_A_TABLE = 20  # that fit across a page with boxes to write in


@dataclass(frozen=True, slots=True)
class Sheet:
    """Students with their codes, and the items in parts that fit across a page."""

    students: list[tuple[str, Student]]
    parts: list[list[AnswerColumn]]

    @property
    def columns(self) -> list[AnswerColumn]:
        """All items."""
        return [column for part in self.parts for column in part]


def sheet_of(assessment: Assessment, section: Section) -> Sheet:
    """The sheet of a class."""
    students = students_in_class(assessment, section).order_by(*by_name())
    columns = [
        AnswerColumn(item, letters_of(item) if item.kind == AssessmentItem.Kind.CHOICE else "")
        for item in assessment.items.all()
    ]
    parts = [columns[first : first + ITEMS_A_TABLE] for first in range(0, len(columns), ITEMS_A_TABLE)]
    return Sheet([(code_of(place, one), one) for place, one in enumerate(students, start=1)], parts)
