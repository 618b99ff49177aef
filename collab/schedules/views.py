"""Whole-school schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.availability.queries.frequency import frequency_choices, frequency_of
from collab.schedules import services as schedules
from collab.schedules.forms import AcceptForm, ScheduleForm
from collab.schedules.queries.conflicts import objections_to, open_placements
from collab.schedules.queries.schedules import schedule_list_of, schedule_page, schedules_visible_to
from teams.access.permissions import can
from teams.jobs.services.jobs import with_progress
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.schedules.models import Schedule
    from collab.schedules.services import AcceptResult
    from teams.lib.requests import SchoolRequest


def schedule_list(request: SchoolRequest) -> HttpResponse:
    """List earlier searches and start a new one."""
    if not can(request.user, "schedule_teams", request.school):
        raise PermissionDenied
    every = frequency_of(request.school, request.POST.get("every") or request.GET.get("every"))
    form = ScheduleForm(request.POST or None, school=request.school, frequency=every)

    def page() -> HttpResponse:
        context = {
            "page": schedule_list_of(request.user, request.school),
            "no_solver": schedules.no_solver(),
            "frequencies": frequency_choices(request.school),
            "every": every,
        }
        return render_form(request, "collab/schedules/list.html", form, context)

    return save_form(
        request,
        form,
        lambda: schedules.start_schedule(request.school, actor=request.user, **form.cleaned_data),
        page=page,
        then=lambda started: started,
    )


def schedule_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a search in progress or its result."""
    schedule = get_object_or_404(schedules_visible_to(request.user), uuid=uuid)
    return _show(request, schedule, AcceptForm(school=schedule.school))


@require_POST
def schedule_accept(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Create series for the selected slots."""
    schedule = get_object_or_404(schedules_visible_to(request.user), uuid=uuid)
    form = AcceptForm(request.POST, school=schedule.school)
    if not form.is_valid():
        return _show(request, schedule, form, status=422)
    chosen = request.POST.getlist("placement")

    def accept() -> None:
        accepted = schedules.accept_placements(
            schedule, actor=request.user, placements=chosen, **form.cleaned_data
        )
        _show_messages(request, accepted)

    return run_service(request, accept, back=schedule)


def _show(request: SchoolRequest, schedule: Schedule, form: AcceptForm, status: int = 200) -> HttpResponse:
    context = {
        "page": schedule_page(request.user, schedule, _objections(schedule)),
        "form": form,
        "job": with_progress(schedule.job) if schedule.job else None,
        "ticked": request.POST.getlist("placement"),
        "all_ticked": not form.is_bound,
    }
    return render_page(request, "collab/schedules/detail.html", context, status=status)


def _objections(schedule: Schedule) -> dict[int, str]:
    rows = open_placements(schedule)
    return objections_to(schedule, rows, starts_on=schedule.school.today(), replace=True)


def _show_messages(request: SchoolRequest, accepted: AcceptResult) -> None:
    """Show messages for series created and teams refused."""
    made = len(accepted.made)
    if made or not accepted.refused:
        message = ngettext("%(n)s team now has its series.", "%(n)s teams now have their series.", made) % {
            "n": made
        }
        messages.success(request, message if made else _("These teams already have their series."))
    for team, sentence in accepted.refused:
        messages.error(request, f"{team}: {sentence}")
