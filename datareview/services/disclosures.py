"""The log of who read, or took out, which student's record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.models import Disclosure
from datareview.permissions import why_visible

if TYPE_CHECKING:
    from datareview.models import Student
    from teams.models import User


def record_disclosure(student: Student, *, reader: User, what: str) -> Disclosure:
    """Log that ``reader`` opened ``student``'s record; ``what`` names the page, a slug like "student-page"."""
    return Disclosure.objects.create(
        reader=reader, student=student, what=what, why=why_visible(reader, student)
    )
