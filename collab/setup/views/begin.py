"""The first visit of a new server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from collab.setup.forms import BeginForm
from collab.setup.queries.begin import waits_for_first_visitor
from collab.setup.services import begin as services
from teams.lib.errors import DomainError
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
def begin_show(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time code, the school and its administrator; sign in and offer what is usual."""
    if request.user.is_authenticated:
        return redirect("/")
    form = BeginForm(request.POST or None)
    if not waits_for_first_visitor():
        if form.is_bound:
            messages.error(
                request,
                _("Someone else has just set up Collab here. Ask them for an account, then sign in."),
            )
        return redirect("account_login")
    if form.is_bound and form.is_valid():
        try:
            services.check_code(form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", str(error))
    return save_form(
        request,
        form,
        lambda: _begin(request, form),
        page=lambda: render_form(request, "collab/setup/begin.html", form),
        then="collab:usual-adopt",
        field="code",
    )


def _begin(request: HttpRequest, form: BeginForm) -> None:
    """Begin, and sign in."""
    user, _school = services.begin(**form.cleaned_data)
    login(request, user, backend="teams.account.backends.ScopeBackend")
    user_logged_in.send(type(user), request=request, user=user)  # allauth lists the device
