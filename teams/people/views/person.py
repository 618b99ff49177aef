"""The page of a person: details, invitation, role, leaving and returning, second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from teams.invitations.queries import invitations_of
from teams.invitations.services import describe_invited, invite_people, withdraw_invitation
from teams.lib.errors import DomainError
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.people.forms import HandOverForm, LeaveForm, PersonForm, RoleForm, SpokenForm
from teams.people.http import visible_person
from teams.people.queries.handover import open_work_of
from teams.people.queries.person import (
    changes_account,
    gets_password_link,
    person_page,
    resets_second_step,
    summary_of,
)
from teams.people.queries.role_change import losses_of
from teams.people.services.changing import change_roles, edit_person, leave_school, return_person
from teams.people.services.handover import describe_handed_over, hand_over_work
from teams.people.services.password_link import make_password_link
from teams.people.services.second_step import reset_second_step

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.directory.models import Staff
    from teams.lib.requests import SchoolRequest


def person_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a person."""
    staff = visible_person(request, uuid)
    context = {"page": person_page(staff), "staff": staff, "role_form": RoleForm.of(staff)}
    return render_page(request, "teams/people/detail.html", context)


def person_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit a person's details."""
    staff = visible_person(request, uuid)
    with_account = changes_account(staff)
    start = PersonForm.start(staff, summary_of(staff))
    form = PersonForm(request.POST or None, with_account=with_account, initial=start)
    return save_form(
        request,
        form,
        lambda: edit_person(staff, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "teams/people/edit.html", form, {"staff": staff}),
        then=_address(staff),
        done=_("Saved."),
        field=NON_FIELD_ERRORS,
        newest=lambda: {"seen": summary_of(visible_person(request, uuid))},
    )


@require_POST
def role_change(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Give a person another role. What it takes away is said first, and asked once."""
    staff = visible_person(request, uuid)
    form = RoleForm(request.POST)
    if form.is_valid() and "sure" not in request.POST:
        roles = form.cleaned_data
        if losses := losses_of(staff, roles=roles.values()):
            context = {"staff": staff, "losses": losses, "roles": roles}
            return render_page(request, "teams/people/role.html", context)
    return run_service(
        request,
        lambda: change_roles(request.school, [staff], actor=request.user, **form.cleaned_data),
        back=_address(staff),
        form=form,
        done=_("Saved."),
    )


def person_leave(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Ask for a person's last day, and end their access."""
    staff = visible_person(request, uuid)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    return save_form(
        request,
        form,
        lambda: leave_school(staff, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "teams/people/leave.html", form, {"staff": staff}),
        then=reverse("teams:work-handover", args=[staff.uuid]) if open_work_of(staff) else _address(staff),
        done=_("Saved."),
    )


def work_handover(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """List a person's open work, and hand it over to others."""
    staff = visible_person(request, uuid)
    work = open_work_of(staff)
    form = HandOverForm(request.POST if request.method == "POST" else None, work=work)
    return save_form(
        request,
        form,
        lambda: hand_over_work(staff, form.recipients(), actor=request.user),
        page=lambda: render_form(request, "teams/people/handover.html", form, {"staff": staff, "work": work}),
        then=reverse("teams:work-handover", args=[staff.uuid]),
        done=describe_handed_over,
    )


@require_POST
def person_return(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Let a person who left work at the school again."""
    staff = visible_person(request, uuid)
    form = RoleForm(request.POST)
    return run_service(
        request,
        lambda: return_person(staff, actor=request.user, **form.cleaned_data),
        back=_address(staff),
        form=form,
        done=_("Saved."),
    )


@reauthentication_required
def second_step_reset(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Remove the second step of a person who lost it, after a check that they ask for it."""
    staff = visible_person(request, uuid)
    if not resets_second_step(staff):
        return redirect(_address(staff))
    form = SpokenForm(request.POST or None)
    return save_form(
        request,
        form,
        lambda: reset_second_step(staff, actor=request.user),
        page=lambda: render_form(request, "teams/people/second_step.html", form, {"staff": staff}),
        then=_address(staff),
        done=_("The second step was removed. They sign in with the password and set up another one."),
    )


@never_cache
@reauthentication_required
def password_link(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Make a link for a person who forgot the password, after a check that they ask for it. It is shown once."""
    staff = visible_person(request, uuid)
    if not gets_password_link(staff):
        return redirect(_address(staff))
    form = SpokenForm(request.POST or None)
    context: dict[str, object] = {"staff": staff}
    if request.method == "POST" and form.is_valid():
        try:
            context["address"] = make_password_link(staff, actor=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
    return render_form(request, "teams/people/password_link.html", form, context)


@require_POST
def person_invite(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Invite a person, or invite them again."""
    staff = visible_person(request, uuid)
    return run_service(
        request,
        lambda: invite_people(request.school, [staff], actor=request.user),
        back=_address(staff),
        done=describe_invited,
    )


@require_POST
def invitation_withdraw(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Withdraw the last invitation of a person."""
    staff = visible_person(request, uuid)
    invitation = get_object_or_404(invitations_of(staff)[:1])
    return run_service(
        request,
        lambda: withdraw_invitation(invitation, actor=request.user),
        back=_address(staff),
        done=_("The invitation was withdrawn."),
    )


def _address(staff: Staff) -> str:
    return reverse("teams:person-detail", args=[staff.uuid])
