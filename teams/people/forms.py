"""Forms about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from teams.access.permissions import USUAL_ROLE
from teams.directory.models import SECOND_ROLES, Role
from teams.lib.filters import ALL, FilterForm
from teams.lib.form_renderer import PlainRenderer
from teams.lib.inputs import DayField
from teams.people.rows import EMAIL_LENGTH, ID_LENGTH, NAME_LENGTH, TITLE_LENGTH, NewPerson

if TYPE_CHECKING:
    from django.http import QueryDict

    from teams.directory.models import Staff
    from teams.people.queries.handover import OpenWork
    from teams.people.queries.people import PeopleList

MOST_TYPED = 200_000


class PeopleFilter(FilterForm):
    """Filters by words, team and role, and sorts; the tab is kept."""

    tab = forms.CharField(max_length=20, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("Name, address or staff id"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    team = forms.ChoiceField(label=_("Team"))
    role = forms.ChoiceField(label=_("Role"), choices=[ALL, *Role.choices])
    sort = forms.ChoiceField(
        label=_("Sort by"), choices=[("name", _("Name")), ("role", _("Role")), ("seen", _("Last sign-in"))]
    )

    def __init__(self, wanted: QueryDict, people: PeopleList) -> None:
        super().__init__(
            {**wanted.dict(), "tab": people.tab},
            team=[ALL, *((team.uuid, team) for team in people.teams)],
        )


class NewPersonForm(forms.Form):
    """One person to add."""

    first_name = forms.CharField(label=_("First name"), max_length=NAME_LENGTH)
    last_name = forms.CharField(label=_("Last name"), max_length=NAME_LENGTH)
    email = forms.EmailField(label=_("Email"), max_length=EMAIL_LENGTH)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=USUAL_ROLE)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, required=False)
    local_id = forms.CharField(label=_("Staff id"), max_length=ID_LENGTH, required=False)

    def person(self) -> NewPerson:
        """The person of a valid form."""
        return NewPerson(**self.cleaned_data)


class PasteForm(forms.Form):
    """Lines of people. ``checked`` is the text whose problems the page has shown, so that a second press adds the others."""

    lines = forms.CharField(
        label=_("One per line: name, email, role, staff id; an email is enough"),
        max_length=MOST_TYPED,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        strip=False,
    )
    checked = forms.CharField(max_length=MOST_TYPED, required=False, widget=forms.HiddenInput, strip=False)


class PersonForm(forms.Form):
    """Details of a person. ``seen`` is what the page showed; name and address are there if the school may change them."""

    first_name = forms.CharField(label=_("First name"), max_length=NAME_LENGTH)
    last_name = forms.CharField(label=_("Last name"), max_length=NAME_LENGTH, required=False)
    email = forms.EmailField(label=_("Email"), max_length=EMAIL_LENGTH)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, required=False)
    local_id = forms.CharField(label=_("Staff id"), max_length=ID_LENGTH, required=False)
    seen = forms.CharField(max_length=MOST_TYPED, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, with_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_account:
            for name in ("first_name", "last_name", "email"):
                del self.fields[name]

    @staticmethod
    def start(staff: Staff, seen: str) -> dict[str, str]:
        """Initial values."""
        user = staff.user
        return {
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "title": staff.title,
            "local_id": staff.local_id,
            "seen": seen,
        }


class RoleForm(forms.Form):
    """A role, and for a principal or an administrator a second one."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    also = forms.ChoiceField(
        label=_("Also works as"),
        choices=[("", "–"), *((role.value, role.label) for role in SECOND_ROLES)],
        required=False,
        help_text=_("A principal or administrator may have a second role, and may then do what either may."),
    )

    @classmethod
    def of(cls, staff: Staff) -> RoleForm:
        """The form with the person's role."""
        return cls(initial={"role": staff.role, "also": staff.also})


class LeaveForm(forms.Form):
    """The last day at the school; without one, access ends at once."""

    last_day = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Access ends after this day. Leave empty to end it at once."),
    )


class SeveralForm(forms.Form):
    """What to do with the people that were chosen in the list: invite them, give them a role, or add them to a team."""

    default_renderer = PlainRenderer

    do = forms.ChoiceField(choices=[("invite", ""), ("role", ""), ("team", "")])
    new_role = forms.ChoiceField(label=_("Role"), choices=[("", "–"), *Role.choices], required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", "–"), *((str(team.uuid), str(team)) for team in teams)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Add an error if the role or team of the button pressed is missing."""
        data = super().clean() or {}
        needed = {"role": "new_role", "team": "team"}.get(data.get("do", ""))
        if needed and not data.get(needed):
            raise ValidationError(_("Choose a role or a team first."))
        return data


class HandOverForm(forms.Form):
    """For each piece of open work, the person who takes it over; empty leaves it as it is."""

    def __init__(self, *args: Any, work: dict[str, OpenWork], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(staff.uuid): staff for one in work.values() for staff in one.recipients}
        for name, one in work.items():
            self.fields[name] = forms.ChoiceField(
                label=_("%(work)s goes to") % {"work": one.title},
                choices=[("", "–"), *((str(staff.uuid), str(staff)) for staff in one.recipients)],
                required=False,
                help_text=" · ".join(one.lines),
            )

    def clean(self) -> dict[str, Any]:
        """Add an error if no one was chosen."""
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            raise ValidationError(_("Choose who takes something over."))
        return data

    def recipients(self) -> dict[str, Staff]:
        """The people chosen in a valid form, by the names of the work."""
        return {name: self.people[uuid] for name, uuid in self.cleaned_data.items() if uuid}


class SpokenForm(forms.Form):
    """The check before a second step is removed, or a link for a new password made."""

    spoken = forms.BooleanField(label=_("I have spoken with them, and they asked for it."))
