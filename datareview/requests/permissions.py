"""Who may ask for assistance, and see requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from datareview.requests.models import AssistanceRequest
from teams.access.conditions import one_of
from teams.access.permissions import schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def students_to_ask_for(user: User) -> QuerySet[Student]:
    """Enrolled students whom the user may see."""
    return students_visible_to(user).filter(status=Student.Status.ACTIVE)


def requests_visible_to(user: User) -> QuerySet[AssistanceRequest]:
    """Requests about students the user may see: one's own, and all where the user decides about candidates."""
    return AssistanceRequest.objects.filter(
        Q(asked_by=user) | Q(student__school__in=schools_where(user, "triage")),
        one_of(students_visible_to(user), "student"),
    )
