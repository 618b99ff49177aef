"""Codes of rows on printed sheets, short enough to key in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datareview.records.models import Student

CHECKS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def code_of(place: int, student: Student) -> str:
    """The place of a student in the class and a letter of the student's own: "12K".

    The letter tells when somebody has joined the class since the sheet was printed.
    """
    return f"{place}{CHECKS[student.uuid.int % len(CHECKS)]}"
