"""Create, show and extend series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.planning.forms.series import ExtendForm, SeriesForm
from collab.planning.queries.series import (
    default_end,
    own_teams_with_leads,
    series_page,
    series_visible_to,
    usual_for,
)
from collab.planning.queries.series_preview import preview_of
from collab.planning.services import series
from teams.access.permissions import can, plannable_teams
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.planning.services.series import MoveResult, PlanResult
    from teams.lib.requests import SchoolRequest


def series_new(request: SchoolRequest) -> HttpResponse:
    """Create a series; `?team=&weekday=&time=&minutes=&cycle_day=` prefill the form."""
    if not plannable_teams(request.user, request.school).exists():
        return nothing_to_plan(request)
    form = SeriesForm(request.POST or None, initial=_start(request), user=request.user, school=request.school)
    if "preview" in request.POST:
        return _series_preview(request, form)
    return save_form(
        request,
        form,
        lambda: series.plan_series(form.series(), actor=request.user),
        page=lambda: render_form(request, "collab/planning/series/new.html", form),
        then=lambda planned: planned.series,
        done=_plan_message,
    )


def _series_preview(request: SchoolRequest, form: SeriesForm) -> HttpResponse:
    """Show what saving the form would plan, with the form as typed; nothing is saved."""
    preview = None
    if form.is_valid():
        row = form.series()
        try:
            series.check_dates(row)
            preview = preview_of(row)
        except DomainError as error:
            form.add_error(None, str(error))
    return render_form(request, "collab/planning/series/new.html", form, {"preview": preview})


def series_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a series with its future meetings."""
    row = get_object_or_404(series_visible_to(request.user), uuid=uuid)
    context = {"page": series_page(request.user, row), "extend_form": ExtendForm()}
    return render_page(request, "collab/planning/series/detail.html", context)


@require_POST
def series_extend(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Extend a series to a later date."""
    row, form = get_object_or_404(series_visible_to(request.user), uuid=uuid), ExtendForm(request.POST)
    return run_service(
        request,
        lambda: series.extend_series(row, actor=request.user, **form.cleaned_data),
        back=row,
        done=_plan_message,
        form=form,
        invalid=_("Choose the new last day."),
    )


def nothing_to_plan(request: SchoolRequest) -> HttpResponse:
    """Say why the user plans no meetings: there is no team yet, or others plan them (403)."""
    leads_all = can(request.user, "lead_all_teams", request.school)
    context = {"leads_all": leads_all, "teams": own_teams_with_leads(request.user, request.school)}
    status = 200 if leads_all else 403
    return render_page(request, "collab/planning/nothing_to_plan.html", context, status=status)


def move_message(moved: MoveResult) -> str:
    """How many meetings moved, and which could not, with the reason."""
    message = ngettext("%(n)s meeting was moved.", "%(n)s meetings were moved.", moved.count) % {
        "n": moved.count
    }
    if not moved.unmoved:
        return message
    days = "; ".join(
        _("%(day)s (%(reason)s on %(target)s)")
        % {
            "day": formats.day(one.day),
            "reason": one.reason,
            "target": formats.day(one.target) if one.target else "–",
        }
        for one in moved.unmoved
    )
    return _("%(told)s These were not moved: %(days)s.") % {"told": message, "days": days}


def _start(request: SchoolRequest) -> dict[str, object]:
    today = request.school.today()
    names = {
        "team": "team",
        "weekday": "weekday",
        "time": "starts_at",
        "minutes": "minutes",
        "cycle_day": "cycle_day",
    }
    given = {field: request.GET[name] for name, field in names.items() if request.GET.get(name)}
    pattern = "cycle" if "cycle_day" in given and "weekday" not in given else "weeks"
    teams = plannable_teams(request.user, request.school)
    chosen = request.GET.get("team", "")
    team = next((one for one in teams if str(one.uuid) == chosen), None) or teams.first()
    start = {"pattern": pattern, "starts_on": today, "ends_on": default_end(request.school, today)}
    return {**(usual_for(team) if team else {}), **start, **given}


def _plan_message(planned: PlanResult) -> str:
    """How many meetings were planned, and on which dates the team already meets."""
    message = ngettext("%(n)s meeting is planned.", "%(n)s meetings are planned.", planned.made) % {
        "n": planned.made
    }
    if not planned.taken:
        return message
    days = ", ".join(formats.short_day(day) for day in planned.taken)
    return _("%(told)s The team already meets on %(days)s.") % {"told": message, "days": days}
