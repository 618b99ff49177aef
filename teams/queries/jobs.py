"""Jobs that a user may watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from teams.models import Job
from teams.permissions import schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.models import User


def jobs_visible_to(user: User) -> QuerySet[Job]:
    """Jobs the user asked for, and those of schools whose jobs they look after."""
    return Job.objects.filter(Q(requested_by=user) | Q(school_id__in=schools_where(user, "see_jobs")))
