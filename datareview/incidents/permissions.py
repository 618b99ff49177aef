"""Who may record an incident of which students, and who may change which incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.records.models import Incident, Student
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of
from teams.access.permissions import can_at, schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def students_to_record(user: User) -> QuerySet[Student]:
    """Students who are at the school and whom the user may see, at schools where the user may record incidents."""
    schools = schools_where(user, "record_incidents")
    active = students_visible_to(user).filter(school__in=schools, status=Student.Status.ACTIVE)
    return active.select_related("school")


def editable_incidents(user: User) -> QuerySet[Incident]:
    """Incidents of students whom the user may see: their own, and all at schools where they may edit all."""
    own = Q(recorded_by=user, student__school__in=schools_where(user, "record_incidents"))
    every = Q(student__school__in=schools_where(user, "edit_incidents"))
    rows = Incident.objects.filter(own | every, one_of(students_visible_to(user), "student"))
    return rows.select_related("student__school", "recorded_by")


def may_edit(user: User, incident: Incident, school_id: int) -> bool:
    """Whether the user may change this incident of a student of the school, whom they may see."""
    is_own = incident.recorded_by_id == user.pk and can_at(user, "record_incidents", school_id)
    return is_own or can_at(user, "edit_incidents", school_id)
