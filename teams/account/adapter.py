"""Account policy: only schools add accounts; changes of an account ask for the password again."""

from __future__ import annotations

import hashlib
import time
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.core.internal.ratelimit import consume, get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teams.access.permissions import must_have_second_factor
from teams.account.devices import known_device
from teams.account.queries import may_begin
from teams.directory.models import User
from teams.lib.requests import route_of
from teams.logs.failures import note_failure
from teams.logs.security import log_security_event
from teams.mail.queries import language_of
from teams.mail.services.outbox import queue_account_mail

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from allauth.socialaccount.providers.base import Provider
    from django.http import HttpRequest

DAY = 24 * 60 * 60  # the longest that failed sign-ins count
ASKED_BY_ANYONE = ("account/email/password_reset_key", "account/email/unknown_account")
AGAIN_BY = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
WITH_LINK = ("account/email/password_reset_key", "account/email/email_confirmation")


class ClosedAdapter(DefaultAccountAdapter):
    """Disables public sign-up."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait a few minutes, or choose “Forgot your password?”: a new password unlocks"
            " your account at once."
        ),
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("You sign in with that address already."),
        "email_password_mismatch": _("This address and password don’t belong together."),
        "email_taken": _("That address belongs to another account."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link is too old, or it was used before."),
        "rate_limited": _("Too many requests. Wait a minute, and try again."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the first trusted proxy saw, or else the one that connected to us."""
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:  # bypassed a proxy: fewer addresses than proxies
            return str(request.META["REMOTE_ADDR"])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether a change of the account asks for the password. Not in a demo, whose people have a public one.

        People who sign in at another provider only, without a password or a second factor, sign in there again.
        """
        if settings.DEMO or not super().is_reauthentication_required(app=app, **kwargs):
            return False
        if not settings.SIGN_IN_PROVIDERS or get_reauthentication_flows(self.request.user):
            return True
        signed_in = get_authentication_records(self.request, self.request.user)
        if not signed_in or time.time() - signed_in[-1]["at"] > REAUTHENTICATION_TIMEOUT:
            raise ReauthenticationRequired  # allauth asks nobody who has neither
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to prove that it is still the same person: password, second factor, or the provider again."""
        methods = [
            {**one, "description": AGAIN_BY[one["id"]]} for one in super().get_reauthentication_methods(user)
        ]
        if methods or not settings.SIGN_IN_PROVIDERS:
            return methods
        return [{"id": "provider", "description": _("Sign in again"), "url": reverse("provider_again")}]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The page after a new password: home, which shows that it was changed."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Queue a notice of a change of the account."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try here and for the account, then at this address, until it succeeds; ValidationError after too many.

        "Here" is the device if its owner signed in on it before, and the address elsewhere: tries of strangers don't count
        on such a device. Log a lock-out, count it for the administrator's warning, and tell the account's owner.
        """
        try:
            # An address with too many tries is refused first, so that it leaves no counts of ever more accounts.
            if not consume(request, app="allauth.account", action="login_failed", key="", dry_run=True):
                raise self.validation_error("too_many_login_attempts")
            used = self._count_tries(request, credentials.get("email", ""))
            super().pre_authenticate(request, **credentials)
            self._login_failed_rl_usage.usage += used  # allauth takes them back if the password is right
        except ValidationError:
            log_security_event("locked out", route=route_of(request))
            note_failure("locked out of sign-in")
            raise

    def _count_tries(self, request: HttpRequest, email: str) -> list[Any]:
        """Count a try; ValidationError after too many. Returns what takes the count back."""
        device = known_device(request, email)
        used = []
        for action, where in (
            ("login_failed_here", device or get_ip(request)),
            ("login_failed_account", device),
        ):
            count = consume(request, app="allauth.account", action=action, key=self._key(where, email))
            if count is None:
                self._tell_owner(email)
                raise self.validation_error("too_many_login_attempts")
            used += count.usage
        return used

    def _tell_owner(self, email: str) -> None:
        """Queue an email about a lock-out to the account's owner, once until it ends."""
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        told = hashlib.sha256(self._key("told", email).encode()).hexdigest()
        if user and cache.add(f"lock-out-told:{told}", True, DAY):
            self.send_notification_mail("account/email/locked_out", user)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Unlock the account after a new password by email, at every address."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        cache.set(self._unlocked_key(credentials["email"]), str(uuid.uuid4()), DAY)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail, in the language of its reader; of those that strangers can ask for, only a few.

        That is a few for an account from one address.
        """
        if template_prefix in ASKED_BY_ANYONE and not consume(
            self.request,
            app="allauth.account",
            action="reset_mail_here",
            key=self._key(get_ip(self.request), email),
        ):
            return
        user = context.get("user")
        with translation.override(language_of(user) if user else translation.get_language()):
            message = self.render_mail(
                template_prefix, email, {"request": self.request, "email": email, **context}
            )
        queue_account_mail(
            user,
            address=email,
            subject=message.subject,
            text=str(message.body),
            is_secret=template_prefix in WITH_LINK,
        )

    def _key(self, where: str, email: str) -> str:
        """What is counted for an account, at ``where``. It differs after each new password by email."""
        mark = hashlib.sha256(email.lower().encode()).hexdigest()
        return f"{where} {mark} {cache.get(self._unlocked_key(email), '')}"

    def _unlocked_key(self, email: str) -> str:
        return f"sign-in-unlocked:{hashlib.sha256(email.lower().encode()).hexdigest()}"


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Signs in people at another provider if the verified address that it names is that of their account."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers of the settings; those of allauth's table are not used."""
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=one["id"],
                name=one["name"],
                client_id=one["client_id"],
                secret=one["secret"],
                settings={"server_url": one["issuer"], "verified_email": one["domains"]},
            )
            for one in settings.SIGN_IN_PROVIDERS
            if provider in {None, "openid_connect", one["id"]} and client_id in {None, one["client_id"]}
        ]

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account with a verified address that the provider says is verified, or None; also if not `may_begin`.

        Some providers write "false" as a text.
        """
        for email in (one.email for one in sociallogin.email_addresses if one.verified in {True, "true"}):
            theirs = {"emailaddress__email__iexact": email, "emailaddress__verified": True}
            user = User.objects.filter(is_active=True, **theirs).first()
            if user and may_begin(user):
                return user, email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse people without an account, and addresses that the provider did not verify, with the reason."""
        if not sociallogin.is_existing:
            log_security_event("sign-in failed", provider=sociallogin.provider.app.provider_id)
            emails = [one.email for one in sociallogin.email_addresses if one.verified in {True, "true"}]
            context = {"provider": sociallogin.provider, "email": emails[0] if emails else ""}
            raise ImmediateHttpResponse(render(request, "account/provider_refused.html", context, status=403))

    def on_authentication_error(
        self, request: HttpRequest, provider: Provider, error: str | None = None, **what: Any
    ) -> None:
        """Show that signing in did not work, also if the person cancelled it."""
        context = {"provider": provider, "is_cancelled": error == AuthError.CANCELLED}
        raise ImmediateHttpResponse(render(request, "account/provider_error.html", context, status=403))


class DemandedFactorAdapter(DefaultMFAAdapter):
    """Keeps the last second factor of people who must have one."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Your school asks for a second step. Set up another one first."),
        "cannot_generate_recovery_codes": _("Set up a passkey or an app with codes first."),
        "incorrect_code": _("This is not the code. Wait for the next one, and try again."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """The name that a new passkey has until its owner gives it one."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1} if count else gettext("Passkey")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether ``authenticator`` may be removed: another one is left, or none is needed."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        is_last = not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return not (is_last and must_have_second_factor(authenticator.user))
