"""Jobs that a user may watch, and failed jobs for administrators."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Q

from teams.access.permissions import schools_where
from teams.jobs.models import Job
from teams.lib import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User

A_PAGE = 50
LOOKED_BACK = dt.timedelta(days=30)


def jobs_visible_to(user: User) -> QuerySet[Job]:
    """Jobs the user started, and all jobs of schools where they may see jobs."""
    return Job.objects.filter(Q(requested_by=user) | Q(school_id__in=schools_where(user, "see_jobs")))


def failures_at(school: School, page: int | str = 1) -> Page:
    """Jobs of the last month that failed at ``school`` or for all schools at once, newest first."""
    rows = Job.objects.filter(Q(school=school) | Q(school=None), state=Job.State.FAILED)
    rows = rows.filter(finished_at__gt=clock.now() - LOOKED_BACK)
    return Paginator(rows.order_by("-finished_at", "-pk"), A_PAGE).get_page(page)
