"""Who may lead a student's case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.records.permissions import staff_who_see
from teams.names.columns import people_order

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Student
    from teams.directory.models import Staff


def possible_leads(student: Student) -> QuerySet[Staff]:
    """Who sees ``student`` today, and who leads the case now, by name."""
    rows = staff_who_see(student).select_related("user")
    if student.case_lead_id:
        rows = rows.model.objects.filter(
            Q(pk__in=rows.values("pk")) | Q(pk=student.case_lead_id)
        ).select_related("user")
    return rows.order_by(*people_order("user__"), "pk")
