"""A student's grades of earlier terms, by term."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from datareview.records.values import value_address
from datareview.transcripts.models import PastGrade

if TYPE_CHECKING:
    from datareview.records.models import Student


@dataclass(frozen=True, slots=True)
class PastTerm:
    """A term with its grades: each with the course, and the page that says where it comes from."""

    name: str
    grades: list[tuple[PastGrade, str]]


def past_terms(student: Student) -> list[PastTerm]:
    """The terms of which ``student``, whom the reader may see, has grades; the newest first. One query."""
    rows = PastGrade.objects.filter(student=student)
    return [
        PastTerm(term, [(row, value_address(student.uuid, "past", row.pk)) for row in own])
        for term, own in groupby(rows, lambda row: row.term)
    ]
