"""The sign-in form, codes of the second factor, and a school's requirements for sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import LoginForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School

if TYPE_CHECKING:
    from teams.directory.models import User


class SignInForm(LoginForm):
    """The sign-in form with its own label for "remember me"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "remember" in self.fields:
            self.fields["remember"].label = _("Keep me signed in on this device")


class ActivateCodesForm(ActivateTOTPForm):
    """Sets up an app with codes; the code entered here does not sign in as well."""

    def clean_code(self) -> str:
        """Return the code, or raise ValidationError if it is wrong or was used."""
        return _use_once(super().clean_code(), self.user)


class CodeForm(AuthenticateForm):
    """Asks for a code at sign-in."""

    def clean_code(self) -> str:
        """Return the code, or raise ValidationError if it is wrong or was used."""
        return _use_once(super().clean_code(), self.user)


class CodeAgainForm(ReauthenticateForm):
    """Asks for a code before the account is changed."""

    def clean_code(self) -> str:
        """Return the code, or raise ValidationError if it is wrong or was used."""
        return _use_once(super().clean_code(), self.user)


def _use_once(code: str, user: User) -> str:
    """Return ``code``. ValidationError if ``user`` used it before; allauth forgets that while it still accepts the code."""
    accepted_seconds = mfa.TOTP_PERIOD * (2 * mfa.TOTP_TOLERANCE + 1)
    if not cache.add(f"used-code:{user.pk}:{normalize_user_code(code)}", True, accepted_seconds):
        raise get_adapter().validation_error("incorrect_code")
    return code


class SchoolSignInForm(forms.ModelForm):
    """What a school requires of everyone who signs in."""

    class Meta:
        model = School
        fields = ("demands_second_factor",)
        labels = {"demands_second_factor": _("Everyone who works here signs in in two steps")}
        help_texts = {
            "demands_second_factor": _(
                "Besides the password they need a code from an app, or they use a passkey. Anyone without one sets it up"
                " before opening any other page."
            )
        }
