"""Repeating meetings: planning a term at once, seeing it, going on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.planning.forms.series import ExtendForm, SeriesForm
from collab.planning.queries.series import default_end, series_page, series_visible_to, usual_for
from collab.planning.services import series
from teams.access.permissions import plannable_teams
from teams.lib.http import render_form, run_service, save_form
from teams.lib.pages import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.planning.services.series import Moved, Planned
    from teams.lib.requests import SchoolRequest


def series_new(request: SchoolRequest) -> HttpResponse:
    """Plan a term; `?team=&weekday=&time=&minutes=&cycle_day=` fill the form."""
    if not plannable_teams(request.user, request.school).exists():
        raise PermissionDenied
    form = SeriesForm(request.POST or None, initial=_start(request), user=request.user, school=request.school)
    return save_form(
        request,
        form,
        lambda: series.plan_series(form.series(), actor=request.user),
        page=lambda: render_form(request, "collab/planning/series/new.html", form),
        then=lambda planned: planned.series,
        done=_told,
    )


def series_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """A series and its meetings to come."""
    row = get_object_or_404(series_visible_to(request.user), uuid=uuid)
    context = {"page": series_page(request.user, row), "extend_form": ExtendForm()}
    return render_page(request, "collab/planning/series/detail.html", context)


@require_POST
def series_extend(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Go on until a later day."""
    row, form = get_object_or_404(series_visible_to(request.user), uuid=uuid), ExtendForm(request.POST)
    return run_service(
        request,
        lambda: series.extend_series(row, actor=request.user, **form.cleaned_data),
        back=row,
        done=_told,
        form=form,
        invalid=_("Choose the day until which it goes on."),
    )


def told_moved(moved: Moved) -> str:
    """How many were moved, and which stayed where they are, with the reason."""
    told = ngettext("%(n)s meeting was moved.", "%(n)s meetings were moved.", moved.count) % {
        "n": moved.count
    }
    if not moved.stayed:
        return told
    days = "; ".join(
        _("%(day)s (%(reason)s on %(target)s)")
        % {
            "day": date_format(one.day, "D j M"),
            "reason": one.reason,
            "target": date_format(one.target, "D j M") if one.target else "–",
        }
        for one in moved.stayed
    )
    return _("%(told)s These stay where they are: %(days)s.") % {"told": told, "days": days}


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


def _told(planned: Planned) -> str:
    """What was planned, and which days were taken already."""
    told = ngettext("%(n)s meeting is planned.", "%(n)s meetings are planned.", planned.made) % {
        "n": planned.made
    }
    if not planned.taken:
        return told
    days = ", ".join(date_format(day, "j M") for day in planned.taken)
    return _("%(told)s The team meets already on %(days)s.") % {"told": told, "days": days}
