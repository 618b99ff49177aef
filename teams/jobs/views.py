"""Pages of job progress and of failed jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from teams.access.permissions import require_ability
from teams.jobs.queries import failures_at, jobs_visible_to
from teams.jobs.services.jobs import with_progress
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def job_list(request: SchoolRequest) -> HttpResponse:
    """Show failed jobs, whether started by a user or automatically."""
    require_ability(request.user, "see_jobs", request.school)
    context = {"failures": failures_at(request.school, request.GET.get("page", 1))}
    return render_page(request, "teams/jobs/list.html", context)


def job_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a job; its fragment polls until the job is finished."""
    job = with_progress(get_object_or_404(jobs_visible_to(request.user), uuid=uuid))
    template = "components/job.html" if request.htmx else "teams/jobs/detail.html"
    response = render_page(request, template, {"job": job})
    if request.htmx and job.is_finished:
        response["HX-Refresh"] = "true"  # reload the page, which shows the result
    return response
