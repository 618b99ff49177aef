"""Invite a person, withdraw the invitation, and answer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.signals import user_logged_in
from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.requests import second_factor_not_required
from teams.people.forms import AnswerForm
from teams.people.http import visible_person
from teams.people.queries.invitations import find_invitation, invitations_of, sets_password
from teams.people.services.invitations import (
    accept_invitation,
    confirm_invitation,
    describe_invited,
    invite_people,
    withdraw_invitation,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from teams.lib.requests import SchoolRequest
    from teams.people.models import Invitation


@require_POST
def person_invite(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Invite a person, or invite them again."""
    staff = visible_person(request, uuid)
    return run_service(
        request,
        lambda: invite_people(request.school, [staff], actor=request.user),
        back=reverse("teams:person-detail", args=[staff.uuid]),
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
        back=reverse("teams:person-detail", args=[staff.uuid]),
        done=_("The invitation was withdrawn."),
    )


@never_cache
@second_factor_not_required
@login_not_required
def invitation_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose a password, or join with the account they are signed in with."""
    invitation = find_invitation(token)
    if invitation is None:
        if not consume(request, app="allauth.account", action="unknown_invitation", limit_get=True):
            return respond_429(request)
        return render_page(request, "teams/people/invitation.html", {"state": "unknown"}, status=404)
    user = request.user
    if invitation.state != invitation.State.OPEN:
        return _page(request, invitation, invitation.state)
    if user.is_authenticated and user.pk != invitation.staff.user_id:
        return _page(request, invitation, "someone-else")
    if user.is_authenticated:
        if request.method != "POST":
            return _page(request, invitation, "join")
        return run_service(request, lambda: confirm_invitation(invitation, actor=user), back="/")
    if not sets_password(invitation.staff):
        return _page(request, invitation, "sign-in")
    form = AnswerForm(request.POST or None, staff=invitation.staff)
    return save_form(
        request,
        form,
        lambda: _accept(request, invitation, form),
        page=lambda: render_form(
            request, "teams/people/invitation.html", form, {"state": "open", "invitation": invitation}
        ),
        then="/",
    )


def _page(request: HttpRequest, invitation: Invitation, state: str) -> HttpResponse:
    context = {"state": state, "invitation": invitation}
    return render_page(request, "teams/people/invitation.html", context)


def _accept(request: HttpRequest, invitation: Invitation, form: AnswerForm) -> None:
    """Accept, and sign in."""
    user = accept_invitation(invitation, **form.cleaned_data)
    login(request, user, backend="teams.account.backends.ScopeBackend")
    user_logged_in.send(type(user), request=request, user=user)  # allauth lists the device
