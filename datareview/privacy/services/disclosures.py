"""Write to the disclosure log."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Value, When

from datareview.privacy.models import Disclosure
from datareview.records.models import Student
from datareview.records.permissions import reasons_to_see
from teams.access.prepared import Text, prepared_rows
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import User

AGAIN_AFTER = dt.timedelta(hours=1)  # the same view of the same students before that is the same disclosure
NAMED = "named"


def record_disclosure(student_ids: Collection[int], *, reader: User, what: str) -> Disclosure | None:
    """Log that ``reader`` viewed the records of students on the page ``what``, as one row.

    The same page with the same students is logged once an hour. Returns None if there is nothing to log.
    """
    if not student_ids:
        return None
    students = f" {' '.join(map(str, sorted(student_ids)))} "
    if prepared_rows(_same_view, reader.pk, clock.now() - AGAIN_AFTER, what, Text(students)):
        return None
    return Disclosure.objects.create(
        reader=reader, what=what, students=students, reasons=_reasons(student_ids, reader)
    )


def _same_view(
    reader_id: int, since: dt.datetime, what: str, students: str
) -> QuerySet[Disclosure, tuple[int]]:
    rows = Disclosure.objects.filter(reader=reader_id, at__gt=since, what=what, students=students)
    return rows.order_by().values_list("pk")[:1]


def _reasons(student_ids: Collection[int], reader: User) -> dict[str, list[int]]:
    """Map the first reason why ``reader`` may see each student to their ids."""
    allowed = [When(reason, then=Value(name)) for name, reason in reasons_to_see(reader).items()]
    why = Case(*allowed, default=Value(NAMED), output_field=CharField())
    found: dict[str, list[int]] = {}
    rows = Student.objects.filter(pk__in=student_ids).annotate(why=why).order_by("pk")
    for name, pk in rows.values_list("why", "pk"):
        found.setdefault(name, []).append(pk)
    return found
