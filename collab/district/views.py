"""Pages of a district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.district.forms import (
    PART_NAMES,
    AdministratorForm,
    CopySettingsForm,
    DistrictSchoolForm,
    FoundForm,
    PairForm,
)
from collab.district.permissions import administered_schools
from collab.district.queries.district import district_pages, may_found
from collab.district.services import copying, districts
from teams.access.permissions import districts_of
from teams.invitations.services import describe_invited
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.requests import school_not_required

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse

    from teams.directory.models import School
    from teams.lib.requests import UserRequest

SHOW = "collab:district-show"


@school_not_required
def district_show(request: UserRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Show the districts that the user administers, or offer to make one of the user's school."""
    pages = district_pages(request.user)
    may_make = may_found(request.user, request.school)
    if not pages and not may_make:
        raise PermissionDenied
    context = {
        "pages": pages,
        "school_form": DistrictSchoolForm(),
        "administrator_form": AdministratorForm(),
        "found_form": FoundForm() if may_make else None,
        **forms,
    }
    return render_page(request, "collab/district/show.html", context, status=status)


@school_not_required
@require_POST
def district_found(request: UserRequest) -> HttpResponse:
    """Make a district of the user's school."""
    if request.school is None:
        raise PermissionDenied
    form, school = FoundForm(request.POST), request.school
    return save_form(
        request,
        form,
        lambda: districts.found_district(school, actor=request.user, **form.cleaned_data),
        page=lambda: district_show(request, status=422, found_form=form),
        then=SHOW,
        field="name",
    )


@school_not_required
@require_POST
def district_school_add(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Add a school."""
    district, form = (
        get_object_or_404(districts_of(request.user), uuid=uuid),
        DistrictSchoolForm(request.POST),
    )
    return save_form(
        request,
        form,
        lambda: districts.add_district_school(district, actor=request.user, **form.cleaned_data),
        page=lambda: district_show(request, status=422, school_form=form),
        then=SHOW,
        done=lambda school: (
            _("%(school)s was added. Copy what it should share with another school.") % {"school": school}
        ),
        field="school_name",
    )


@school_not_required
@require_POST
def district_school_invite(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Invite the administrators of a school again."""
    school = get_object_or_404(administered_schools(request.user), uuid=uuid)
    return run_service(
        request,
        lambda: districts.invite_administrators(school, actor=request.user),
        back=SHOW,
        done=describe_invited,
    )


@school_not_required
@require_POST
def district_administrator_add(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Let another person administer the district."""
    district, form = get_object_or_404(districts_of(request.user), uuid=uuid), AdministratorForm(request.POST)
    return save_form(
        request,
        form,
        lambda: districts.add_administrator(district, actor=request.user, **form.cleaned_data),
        page=lambda: district_show(request, status=422, administrator_form=form),
        then=SHOW,
        field="email",
    )


@school_not_required
@require_POST
def district_administrator_remove(request: UserRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Let a person no longer administer the district."""
    district = get_object_or_404(districts_of(request.user), uuid=uuid)
    user = get_object_or_404(district.administrators, uuid=person)
    return run_service(
        request,
        lambda: districts.remove_administrator(district, actor=request.user, user=user),
        back=SHOW,
        then="/" if user == request.user else SHOW,
    )


@school_not_required
def district_copy(request: UserRequest) -> HttpResponse:
    """Choose two schools, see what would be copied and what stays, and copy."""
    schools = administered_schools(request.user)
    if not schools.exists():
        raise PermissionDenied
    if request.method != "POST":
        pair = PairForm(request.GET or None, schools=schools)
        return _copy_page(
            request,
            pair,
            CopySettingsForm(initial={**request.GET.dict(), "parts": [*PART_NAMES]}, schools=schools),
        )
    form = CopySettingsForm(request.POST, schools=schools)
    return save_form(
        request,
        form,
        lambda: copying.copy_settings(actor=request.user, **form.cleaned_data),
        page=lambda: _copy_page(request, PairForm(request.POST, schools=schools), form),
        then=SHOW,
        done=_(
            "Copied. What the school had already is unchanged; copied rules are off until it switches them on."
        ),
    )


def _copy_page(request: UserRequest, pair: PairForm, form: CopySettingsForm) -> HttpResponse:
    rows = []
    if pair.is_bound and pair.is_valid():
        chosen: dict[str, School] = pair.cleaned_data
        copied = copying.preview_copy(chosen["source"], chosen["target"], actor=request.user)
        rows = [(PART_NAMES[one.part], one) for one in copied]
    context = {"pair": pair, "rows": rows}
    return render_form(request, "collab/district/copy.html", form, context)
