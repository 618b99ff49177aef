"""Forms of sign-in and accounts with our own words, codes of the second factor, and a school's requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    UserTokenForm,
    default_token_generator,
)
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as FactorAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from teams.account.queries import PASSED_ON, may_begin
from teams.account.services.verification import doubt_address, verify_address
from teams.directory.models import School, User

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


EMAIL, PASSWORD = _("Email address"), _("Password")
NEW, AGAIN = _("New password"), _("New password, once more")
DIFFERENT = _("The two passwords differ.")


class WordedForm(forms.Form):
    """A form of allauth with our labels (``words``), and without placeholders, which repeat them."""

    words: ClassVar[dict[str, StrPromise]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.words.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class TwicePasswordForm(WordedForm):
    """Asks for a new password twice."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Add the error, in our words if the second password differs."""
        super().add_error(
            field, error if field != "password2" or isinstance(error, forms.ValidationError) else DIFFERENT
        )


class SignInForm(WordedForm, LoginForm):
    """Signs in with address and password."""

    words: ClassVar[dict[str, StrPromise]] = {
        "login": EMAIL,
        "password": PASSWORD,
        "remember": _("Keep me signed in on this device"),
    }


class AskPasswordForm(WordedForm, ReauthenticateForm):
    """Asks for the password before the account is changed."""

    words: ClassVar[dict[str, StrPromise]] = {"password": PASSWORD}


class AskResetForm(WordedForm, ResetPasswordForm):
    """Asks for the address that a link is sent to."""

    words: ClassVar[dict[str, StrPromise]] = {"email": EMAIL}

    def clean_email(self) -> str:
        """Return the address; ``users`` is the open account that signs in with it and may do so, or nobody.

        allauth also takes addresses that somebody entered and never verified.
        """
        email = self.cleaned_data["email"].lower()
        rows = User.objects.filter(email__iexact=email, is_active=True)
        self.users = [user for user in rows if may_begin(user)]
        return email


class _LinkTokens:
    """Checks the token of a link, whether it was emailed or passed on."""

    def check_token(self, user: User, token: str) -> bool:
        """Whether ``token`` sets a new password of ``user``."""
        return default_token_generator.check_token(user, token) or PASSED_ON.check_token(user, token)


class LinkForm(UserTokenForm):
    """Checks the link that a new password is set with."""

    token_generator = _LinkTokens()


class ResetForm(TwicePasswordForm, ResetPasswordKeyForm):
    """Sets a new password after a link.

    One that was sent to the address of the account verifies it. One that an administrator passed on leaves it unproven.
    """

    words: ClassVar[dict[str, StrPromise]] = {"password1": NEW, "password2": AGAIN}

    def clean(self) -> dict[str, Any] | None:
        """Refuse a link of someone whose invitation was withdrawn after they asked for it."""
        cleaned: dict[str, Any] | None = super().clean()
        if not may_begin(self.user):
            raise forms.ValidationError(
                _("Your invitation is no longer valid. Ask the school for a new one.")
            )
        return cleaned

    def save(self) -> None:
        """Set the password."""
        is_passed_on = PASSED_ON.check_token(self.user, self.temp_key)  # before the password changes
        super().save()
        if is_passed_on:
            doubt_address(self.user)
        else:
            verify_address(self.user)


class NewPasswordForm(TwicePasswordForm, ChangePasswordForm):
    """Changes the password."""

    words: ClassVar[dict[str, StrPromise]] = {
        "oldpassword": _("Current password"),
        "password1": NEW,
        "password2": AGAIN,
    }


class NewEmailForm(WordedForm, AddEmailForm):
    """Asks for a new address."""

    words: ClassVar[dict[str, StrPromise]] = {"email": _("New email address")}


class AddPasskeyForm(WordedForm, AddWebAuthnForm):
    """Adds a passkey."""

    words: ClassVar[dict[str, StrPromise]] = {
        "name": _("Name"),
        "passwordless": _("Sign in with it alone, without the password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = _(
            "It asks for your fingerprint, your face or the code of the device."
        )


class RenamePasskeyForm(WordedForm, EditWebAuthnForm):
    """Renames a passkey."""

    words: ClassVar[dict[str, StrPromise]] = {"name": _("Name")}


class ActivateCodesForm(WordedForm, ActivateTOTPForm):
    """Sets up an app with codes; the code entered here does not sign in as well."""

    words: ClassVar[dict[str, StrPromise]] = {"code": _("Code from the app")}

    def clean_code(self) -> str:
        """Return the code, or raise ValidationError if it is wrong or was used."""
        return _use_once(super().clean_code(), self.user)


class CodeForm(WordedForm, AuthenticateForm):
    """Asks for a code at sign-in."""

    words: ClassVar[dict[str, StrPromise]] = {"code": _("Code")}

    def clean_code(self) -> str:
        """Return the code, or raise ValidationError if it is wrong or was used."""
        return _use_once(super().clean_code(), self.user)


class CodeAgainForm(WordedForm, FactorAgainForm):
    """Asks for a code before the account is changed."""

    words: ClassVar[dict[str, StrPromise]] = {"code": _("Code")}

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
