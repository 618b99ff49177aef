"""Forms of a new server and of new schools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collab.setup.services.usual import UsualChoice
from datareview.rules.queries import preset_in_words
from teams.calendar.usual_bells import ELEMENTARY, HIGH, MIDDLE
from teams.directory.models import School, User
from teams.lib import formats
from teams.lib.tags.grades import grade
from teams.schools.forms import GRADES
from teams.schools.queries import problem_with_grades
from teams.schools.zones import zone_choices

if TYPE_CHECKING:
    from collab.setup.queries.usual import UsualOffer


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


class UsualForm(forms.Form):
    """The school's grades, and what to add of an offer; everything is chosen at first."""

    lowest_grade = forms.TypedChoiceField(label=_("Lowest grade"), coerce=int, choices=GRADES)
    highest_grade = forms.TypedChoiceField(
        label=_("Highest grade"),
        coerce=int,
        choices=GRADES,
        help_text=_("What is below is added only as far as it is for these grades."),
    )
    holidays = forms.BooleanField(label=_("Days without school"), required=False, initial=True)
    bells = forms.ChoiceField(
        label=_("Bell schedule"),
        required=False,
        choices=[
            ("", _("none for now")),
            (ELEMENTARY, _("Elementary: four blocks, from 8:10")),
            (MIDDLE, _("Middle: advisory and seven periods, from 8:00")),
            (HIGH, _("High: seven periods, from 8:30")),
        ],
        help_text=_("The same on every day. Change the times under Bell schedule."),
    )
    measures = forms.MultipleChoiceField(
        label=_("Measures, with published benchmarks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rules = forms.MultipleChoiceField(
        label=_("Rules that raise flags"), required=False, widget=forms.CheckboxSelectMultiple
    )
    strategies = forms.BooleanField(label=_("Strategies for plans"), required=False, initial=True)

    def __init__(self, *args: Any, school: School, offer: UsualOffer, **kwargs: Any) -> None:
        initial = {
            "lowest_grade": school.lowest_grade,
            "highest_grade": school.highest_grade,
            "bells": offer.bells,
            "measures": [preset.key for preset in offer.measures],
            "rules": [preset.key for preset in offer.rules],
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        fields: dict[str, Any] = self.fields
        fields["measures"].choices = [
            (preset.key, f"{preset.name} ({' – '.join(map(grade, preset.grades))})")
            for preset in offer.measures
        ]
        fields["rules"].choices = [
            (preset.key, f"{preset.name}: {preset_in_words(preset)}") for preset in offer.rules
        ]
        fields["holidays"].help_text = ", ".join(
            f"{one.name} {formats.days(one.starts_on, one.ends_on)}" for one in offer.holidays
        )
        n = len(offer.strategies)
        fields["strategies"].help_text = ngettext(
            "%(n)s strategy with its steps, checklist and evidence; those for your grades are added.",
            "%(n)s strategies with their steps, checklists and evidence; those for your grades are added.",
            n,
        ) % {"n": formats.number(n)}
        there = {
            "holidays": offer.holidays,
            "bells": offer.bells is not None,
            "measures": offer.measures,
            "rules": offer.rules,
            "strategies": offer.strategies,
        }
        for name, offered in there.items():
            if not offered:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Say at their field what is wrong with the grades."""
        data = super().clean() or {}
        low, high = data.get("lowest_grade"), data.get("highest_grade")
        if low is not None and high is not None and (problem := problem_with_grades(low, high)):
            self.add_error("lowest_grade", problem)
        return data

    def choice(self) -> UsualChoice:
        """What was chosen in a valid form."""
        return UsualChoice(**self.cleaned_data)
