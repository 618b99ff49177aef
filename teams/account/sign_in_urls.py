"""URLs under which people sign in, and change how. They have no namespace: django-allauth refers to them by name.

Of allauth only what can be used: nobody connects accounts of other providers.
"""

from django.urls import include, path
from django.views.generic import RedirectView

from teams.account.views import providers

urlpatterns = [
    # allauth sets a first password without asking who is there; by email, the address proves it.
    path(
        "password/set/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("provider/", providers.provider_again, name="provider_again"),
    path("provider/<slug:provider_id>/login/", providers.provider_sign_in, name="openid_connect_login"),
    path(
        "provider/<slug:provider_id>/login/callback/",
        providers.provider_return,
        name="openid_connect_callback",
    ),
]
