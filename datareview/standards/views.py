"""Pages of the school's standards, and of a team's essential standards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.assessments.permissions import may_make_assessments
from datareview.standards.forms import EssentialForm, StandardFilter, StandardForm, YearFilter
from datareview.standards.permissions import essentials_visible_to, standards_visible_to
from datareview.standards.queries.essentials import essential_page
from datareview.standards.queries.standards import school_standards, standard_uses
from datareview.standards.services.essentials import (
    add_essential,
    change_essential,
    essential_fingerprint,
    remove_essential,
)
from datareview.standards.services.standards import (
    add_standard,
    change_standard,
    retire_standard,
    standard_fingerprint,
)
from teams.access.permissions import require_ability, teams_visible_to
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.assessments.models import EssentialStandard
    from datareview.records.models import Standard
    from teams.directory.models import Team
    from teams.lib.requests import SchoolRequest


def standard_list(request: SchoolRequest) -> HttpResponse:
    """Show the school's standards, filtered and sorted by the query string."""
    found = school_standards(request.user, request.school, request.GET.dict())
    context = {"list": found, "filters": StandardFilter(request.GET, found)}
    return render_page(request, "datareview/standards/list.html", context, partial="standards")


def standard_add(request: SchoolRequest) -> HttpResponse:
    """Add a standard."""
    require_ability(request.user, "edit_standards", request.school)
    form = StandardForm(request.POST or None)
    return save_form(
        request,
        form,
        lambda: add_standard(request.school, actor=request.user, values=form.values()),
        page=lambda: render_form(request, "datareview/standards/edit.html", form),
        then="datareview:standard-list",
        done=_("The standard was added."),
        field="code",
    )


def standard_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a standard, and show where it is used. A concurrent edit shows the other version."""
    standard = _standard(request, uuid)
    require_ability(request.user, "edit_standards", standard.school)
    form = StandardForm(request.POST or None, standard=standard)

    def newest() -> dict[str, object]:
        standard.refresh_from_db()
        return {"seen": standard_fingerprint(standard)}

    def page() -> HttpResponse:
        context = {"standard": standard, "uses": standard_uses(request.user, standard)}
        return render_form(request, "datareview/standards/edit.html", form, context)

    return save_form(
        request,
        form,
        lambda: change_standard(
            standard, actor=request.user, values=form.values(), seen=form.cleaned_data["seen"]
        ),
        page=page,
        then="datareview:standard-list",
        done=_("Saved."),
        field="code",
        newest=newest,
    )


@require_POST
def standard_retire(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Retire a standard; ``retired=no`` brings it back."""
    standard = _standard(request, uuid)
    is_retired = request.POST.get("retired") != "no"
    return run_service(
        request,
        lambda: retire_standard(standard, actor=request.user, is_retired=is_retired),
        back=reverse("datareview:standard-edit", args=[standard.uuid]),
        done=_("Retired. It is no longer suggested.") if is_retired else _("It is in use again."),
    )


def essential_list(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a team's essential standards of a school year, with their checks and what is next."""
    page = essential_page(request.user, _team(request, uuid), request.GET.get("year", ""))
    context = {"page": page, "filters": YearFilter(page)}
    return render_page(request, "datareview/standards/essentials.html", context)


def essential_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add an essential standard of the school year named by ``?year=``, or of the current one."""
    team = _team(request, uuid)
    if not may_make_assessments(request.user, team):
        raise PermissionDenied
    year = essential_page(request.user, team, request.GET.get("year", "")).year
    if year is None:
        raise Http404
    form = EssentialForm(request.POST or None, team=team, year=year)
    return save_form(
        request,
        form,
        lambda: add_essential(team, actor=request.user, year=year, values=form.values()),
        page=lambda: render_form(
            request, "datareview/standards/essential_edit.html", form, {"team": team, "year": year}
        ),
        then=reverse("datareview:essential-list", args=[team.uuid]),
        done=_("Added to the essential standards."),
    )


def essential_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change what is planned for an essential standard. A concurrent edit shows the other version."""
    essential = _essential(request, uuid)
    form = EssentialForm(request.POST or None, team=essential.team, year=essential.year, essential=essential)

    def newest() -> dict[str, object]:
        essential.refresh_from_db()
        return {"seen": essential_fingerprint(essential)}

    context = {"team": essential.team, "year": essential.year, "essential": essential}
    return save_form(
        request,
        form,
        lambda: change_essential(
            essential, actor=request.user, values=form.values(), seen=form.cleaned_data["seen"]
        ),
        page=lambda: render_form(request, "datareview/standards/essential_edit.html", form, context),
        then=reverse("datareview:essential-list", args=[essential.team.uuid]),
        done=_("Saved."),
        field="code",
        newest=newest,
    )


@require_POST
def essential_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Take a standard from the team's essential ones."""
    essential = _essential(request, uuid)
    return run_service(
        request,
        lambda: remove_essential(essential, actor=request.user),
        back=reverse("datareview:essential-list", args=[essential.team.uuid]),
        done=_("Removed. The standard itself and its assessments stay."),
    )


def _standard(request: SchoolRequest, uuid: UUID) -> Standard:
    return get_object_or_404(standards_visible_to(request.user).select_related("school"), uuid=uuid)


def _team(request: SchoolRequest, uuid: UUID) -> Team:
    return get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)


def _essential(request: SchoolRequest, uuid: UUID) -> EssentialStandard:
    rows = essentials_visible_to(request.user).select_related("team__school", "year", "term", "standard")
    essential = get_object_or_404(rows, uuid=uuid)
    if not may_make_assessments(request.user, essential.team):
        raise PermissionDenied
    return essential
