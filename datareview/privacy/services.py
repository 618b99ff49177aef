"""Write to the disclosure log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.privacy.models import Disclosure
from datareview.records.models import Student
from datareview.records.permissions import reasons_to_see, why_visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import User


def record_disclosure(student: Student, *, reader: User, what: str) -> Disclosure:
    """Log that ``reader`` viewed ``student``'s record; ``what`` is the slug of the page, such as "student-page"."""
    return Disclosure.objects.create(
        reader=reader, student=student, what=what, why=why_visible(reader, student)
    )


def record_disclosures(students: Iterable[Student], *, reader: User, what: str) -> list[Disclosure]:
    """Log that ``reader`` viewed the records of many students, in a constant number of queries."""
    waiting = {student.pk for student in students}
    rows: list[Disclosure] = []
    for why, reason in reasons_to_see(reader).items():
        found = set(Student.objects.filter(reason, pk__in=waiting).values_list("pk", flat=True))
        rows += [Disclosure(reader=reader, student_id=pk, what=what, why=why) for pk in sorted(found)]
        waiting -= found
    return Disclosure.objects.bulk_create(rows, batch_size=500)
