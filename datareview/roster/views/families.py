"""A student's guardians and groups, and the school's list of groups."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.roster.forms.students import GroupNameForm, GuardianForm, JoinGroupForm
from datareview.roster.permissions import (
    editable_group_names,
    editable_guardians,
    editable_memberships,
    editable_students,
)
from datareview.roster.queries.students import group_choices, group_lines
from datareview.roster.services import families, groups
from datareview.roster.views.students import edit_address, edit_page
from datareview.sections.forms import EndForm
from datareview.sections.http import needs_names
from teams.access.permissions import require_ability
from teams.lib.http import render_form, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
@needs_names
def guardian_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a guardian."""
    student = get_object_or_404(editable_students(request.user), uuid=uuid)
    form = GuardianForm(request.POST, auto_id="guardian_%s")
    return save_form(
        request,
        form,
        lambda: families.add_guardian(student, actor=request.user, values=form.values()),
        page=lambda: edit_page(request, student, guardian_form=form),
        then=edit_address(student),
    )


@needs_names
def guardian_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit a guardian, or remove them. A concurrent edit shows the other version."""
    guardian = get_object_or_404(editable_guardians(request.user), uuid=uuid)
    back = edit_address(guardian.student)
    if request.method == "POST" and request.POST.get("remove"):
        return run_service(request, lambda: families.remove_guardian(guardian, actor=request.user), back=back)
    start = asdict(families.GuardianValues.of(guardian)) | {"seen": families.guardian_version(guardian)}
    form = GuardianForm(request.POST or None, initial=start, current=guardian.language)

    def newest() -> dict[str, object]:
        guardian.refresh_from_db()
        return {"seen": families.guardian_version(guardian)}

    context = {"guardian": guardian, "student": guardian.student, "back": back}
    return save_form(
        request,
        form,
        lambda: families.edit_guardian(
            guardian, actor=request.user, values=form.values(), seen=form.cleaned_data["seen"]
        ),
        page=lambda: render_form(request, "datareview/roster/guardian.html", form, context),
        then=back,
        done=_("Saved."),
        field="name",
        newest=newest,
    )


@require_POST
@needs_names
def membership_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a student to a group."""
    student = get_object_or_404(editable_students(request.user), uuid=uuid)
    form = JoinGroupForm(request.POST, groups=list(group_choices(student.school)), auto_id="group_%s")

    def work() -> object:
        name, days = form.chosen(), {key: form.cleaned_data[key] for key in ("starts_on", "ends_on")}
        member = groups.Membership(student, name.category, name.group, **days)
        return groups.add_to_group(member, actor=request.user)

    return save_form(
        request,
        form,
        work,
        page=lambda: edit_page(request, student, group_form=form),
        then=edit_address(student),
    )


@require_POST
@needs_names
def membership_end(request: SchoolRequest, pk: int) -> HttpResponse:
    """End a student's membership of a group, or remove one that was a mistake."""
    row = get_object_or_404(editable_memberships(request.user), pk=pk)
    back = edit_address(row.student)
    if request.POST.get("remove"):
        return run_service(request, lambda: groups.remove_from_group(row, actor=request.user), back=back)
    form = EndForm(request.POST)
    return run_service(
        request,
        lambda: groups.end_group(row, actor=request.user, **form.cleaned_data),
        back=back,
        form=form,
    )


def group_list(request: SchoolRequest) -> HttpResponse:
    """Show the school's list of groups."""
    require_ability(request.user, "see_all_students", request.school)
    return _groups_page(request, GroupNameForm())


@require_POST
@needs_names
def group_add(request: SchoolRequest) -> HttpResponse:
    """Add a group to the school's list."""
    require_ability(request.user, "edit_students", request.school)
    form = GroupNameForm(request.POST)
    return save_form(
        request,
        form,
        lambda: groups.add_group_name(request.school, actor=request.user, **form.cleaned_data),
        page=lambda: _groups_page(request, form),
        then=lambda name: reverse("datareview:group-detail", args=[name.pk]) + "?show=others",
    )


@needs_names
def group_edit(request: SchoolRequest, pk: int) -> HttpResponse:
    """Rename a group of the school's list, or remove it."""
    name = get_object_or_404(editable_group_names(request.user), pk=pk)
    if request.method == "POST" and request.POST.get("remove"):
        return run_service(
            request,
            lambda: groups.remove_group_name(name, actor=request.user),
            back="datareview:group-list",
        )
    form = GroupNameForm(request.POST or None, initial={"category": name.category, "group": name.group})
    return save_form(
        request,
        form,
        lambda: groups.rename_group(name, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "datareview/roster/group.html", form, {"name": name}),
        then=reverse("datareview:group-detail", args=[name.pk]),
    )


def _groups_page(request: SchoolRequest, form: GroupNameForm) -> HttpResponse:
    context = {"lines": group_lines(request.school)}
    return render_form(request, "datareview/roster/groups.html", form, context)
