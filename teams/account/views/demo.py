"""One-click sign-in of the demo; outside a demo the URL does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.signals import user_logged_in
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from teams.account.queries import demo_user

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest, person: str) -> HttpResponse:
    """Sign in as ``person``@demo.test."""
    user = demo_user(person) if settings.DEMO else None
    if user is None:
        raise Http404
    login(request, user, backend="teams.account.backends.ScopeBackend")
    user_logged_in.send(type(user), request=request, user=user)  # allauth lists the device
    return redirect("/")
