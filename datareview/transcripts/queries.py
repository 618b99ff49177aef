"""A student's grades of earlier terms, by term."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
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
    """The terms of which ``student``, whom the reader may see, has grades; the newest first. One query.

    A term ended on the latest of its grades' days; those without any come last.
    """
    terms: dict[str, list[PastGrade]] = defaultdict(list)
    for row in PastGrade.objects.filter(student=student).order_by("-term", "course"):
        terms[row.term].append(row)
    newest = sorted(terms.values(), key=_end, reverse=True)
    return [
        PastTerm(own[0].term, [(row, value_address(student.uuid, "past", row.pk)) for row in own])
        for own in newest
    ]


def _end(grades: list[PastGrade]) -> dt.date:
    return max((row.ended_on for row in grades if row.ended_on), default=dt.date.min)
