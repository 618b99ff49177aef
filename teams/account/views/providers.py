"""Sign-in at another provider: leaving for it, coming back, and signing in there again before an account changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import callback
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

if TYPE_CHECKING:
    from allauth.socialaccount.providers.base import Provider
    from django.http import HttpRequest, HttpResponse

MALFORMED = (KeyError, TypeError, ValueError)  # what reading an answer without the promised fields raises


@login_not_required
@require_POST
def provider_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Show a page that leads to the provider.

    A redirect would be refused: a page's forms may lead to our own addresses only, also by redirects.
    """
    provider = _provider(request, provider_id)
    try:
        response = provider.redirect(
            request, process=AuthProcess.LOGIN, next_url=get_next_redirect_url(request)
        )
    except (RequestException, *MALFORMED) as error:
        return render_authentication_error(request, provider, exception=error)
    context = {"provider": provider, "address": response["Location"]}
    return render(request, "account/provider_leave.html", context)


@login_not_required
@require_GET
def provider_return(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sign in the person whose verified address the provider names."""
    provider = _provider(request, provider_id)
    try:
        return callback(request, provider_id)
    except MALFORMED as error:
        return render_authentication_error(request, provider, exception=error)


@require_GET
def provider_again(request: HttpRequest) -> HttpResponse:
    """Ask someone without a password to sign in at the provider again, before their account changes."""
    return render(request, "account/provider_again.html")


def _provider(request: HttpRequest, provider_id: str) -> Provider:
    try:
        return get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
