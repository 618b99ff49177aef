"""Forms of a new server and of new schools."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School, User
from teams.schools.zones import zone_choices


class NewSchoolForm(forms.Form):
    """Name, time zone and language of a new school."""

    school_name = forms.CharField(label=_("Name of the school"), max_length=120)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        zone.choices, zone.initial = zone_choices(settings.TIME_ZONE), settings.TIME_ZONE  # type: ignore[attr-defined]

    def clean_school_name(self) -> str:
        """Return the name, or raise ValidationError if a school has it."""
        name: str = self.cleaned_data["school_name"]
        if School.objects.filter(name=name).exists():
            raise ValidationError(_("A school of this name already exists."))
        return name


class BeginForm(NewSchoolForm):
    """The one-time code, the first school, and the account of its administrator."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        help_text=_("The server printed it when it started. “./dev manage setup_code” prints a new one."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    email = forms.EmailField(
        label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    field_order = ("code", "school_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts()[:1])

    def clean_email(self) -> str:
        """Return the address in small letters, as accounts have it."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> None:
        """Refuse a password that is easy to guess, also from the name and the address."""
        password = self.cleaned_data.get("password")
        if password:
            names = {name: self.cleaned_data.get(name, "") for name in ("first_name", "last_name", "email")}
            try:
                validate_password(password, User(**names))
            except ValidationError as error:
                self.add_error("password", error)
