"""Answer an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from teams.invitations.forms import AnswerForm
from teams.invitations.queries import find_invitation, sets_password
from teams.invitations.services import accept_invitation, confirm_invitation, show_links
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.requests import second_factor_not_required

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from teams.invitations.models import Invitation
    from teams.lib.requests import SchoolRequest


@never_cache
@second_factor_not_required
@login_not_required
def invitation_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose a password, or join with the account they are signed in with."""
    invitation = find_invitation(token)
    if invitation is None:
        if not consume(request, app="allauth.account", action="unknown_invitation", limit_get=True):
            return respond_429(request)
        return render_page(request, "teams/invitations/answer.html", {"state": "unknown"}, status=404)
    user = request.user
    if invitation.state != invitation.State.OPEN:
        by_signing_in = invitation.accepted_at and user.pk == invitation.staff.user_id
        return redirect("/") if by_signing_in else _page(request, invitation, invitation.state)
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
            request, "teams/invitations/answer.html", form, {"state": "open", "invitation": invitation}
        ),
        then="/",
    )


@never_cache
def link_list(request: SchoolRequest) -> HttpResponse:
    """Show the links of all open invitations on one page, to print and hand out."""
    context = {"links": show_links(request.school, actor=request.user)}
    return render_page(request, "teams/invitations/links.html", context)


def _page(request: HttpRequest, invitation: Invitation, state: str) -> HttpResponse:
    context = {"state": state, "invitation": invitation}
    return render_page(request, "teams/invitations/answer.html", context)


def _accept(request: HttpRequest, invitation: Invitation, form: AnswerForm) -> None:
    """Accept, and sign in."""
    user = accept_invitation(invitation, **form.cleaned_data)
    perform_login(request, Login(user=user))  # with allauth's stages, so that a second factor is asked for
