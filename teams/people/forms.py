"""Forms about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.access.permissions import USUAL_ROLE
from teams.directory.models import Role
from teams.lib.filters import ALL, FilterForm
from teams.people.rows import EMAIL_LENGTH, ID_LENGTH, NAME_LENGTH, NewPerson

if TYPE_CHECKING:
    from django.http import QueryDict

    from teams.people.queries.people import PeopleList

MOST_TYPED = 200_000
TITLE_LENGTH = 80


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
        label=_("One per line: name, email, role, staff id"),
        max_length=MOST_TYPED,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        strip=False,
    )
    checked = forms.CharField(max_length=MOST_TYPED, required=False, widget=forms.HiddenInput, strip=False)
