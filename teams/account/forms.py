"""The sign-in form, and a school's requirements for sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School


class SignInForm(LoginForm):
    """The sign-in form with its own label for "remember me"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "remember" in self.fields:
            self.fields["remember"].label = _("Keep me signed in on this device")


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
