"""Forms of the lists of guardians and of a group's members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.roster.forms.students import language_choices
from datareview.roster.queries.members import OTHERS
from datareview.sections.forms import grade_choices
from teams.lib.filters import ALL, FilterForm
from teams.lib.form_renderer import PlainRenderer
from teams.lib.inputs import DayField
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from datareview.records.models import Section
    from datareview.roster.queries.guardians import GuardianList
    from teams.directory.models import School


def _words(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=100, widget=widget)


class GuardianFilter(FilterForm):
    """Filters and sorts guardians."""

    q = _words(_("Guardian, student or contact"))
    grade = forms.ChoiceField(label=_("Grade"))
    section = forms.ChoiceField(label=_("Section"))
    language = forms.ChoiceField(label=_("Language"))
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("Everyone")),
            ("may", _("Who may be contacted")),
            ("never", _("Who may not be contacted")),
            ("silent", _("Without phone and email")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[
            ("", _("Guardian")),
            ("student", _("Student")),
            ("grade", _("Grade")),
            ("language", _("Language")),
        ],
    )

    def __init__(self, wanted: QueryDict, found: GuardianList) -> None:
        super().__init__(
            wanted,
            grade=[ALL, *((number, grade(number)) for number in found.grades)],
            section=[ALL, *((str(one.uuid), one) for one in found.sections)],
            language=[ALL, *found.languages],
        )


class SeveralGuardiansForm(forms.Form):
    """What is done with the selected guardians; the button says which."""

    LANGUAGE, MAY, NEVER = "language", "may", "never"
    default_renderer = PlainRenderer

    do = forms.ChoiceField(choices=[(LANGUAGE, ""), (MAY, ""), (NEVER, "")], widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", "—"), *language_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Require a language for the button that gives one."""
        data = super().clean() or {}
        if data.get("do") == self.LANGUAGE and not data.get("language"):
            self.add_error("language", _("Choose a language."))
        return data


class MemberFilter(FilterForm):
    """Filters and sorts the students in a group, or those who are not."""

    q = _words(_("Name or number"))
    show = forms.ChoiceField(
        label=_("Show"), choices=[("", _("In the group")), (OTHERS, _("Not in the group"))]
    )
    grade = forms.ChoiceField(label=_("Grade"))
    section = forms.ChoiceField(label=_("Section"))
    sort = forms.ChoiceField(label=_("Sort by"), choices=[("", _("Name")), ("grade", _("Grade"))])

    def __init__(self, wanted: QueryDict, school: School, sections: Iterable[Section]) -> None:
        super().__init__(
            wanted,
            grade=[ALL, *grade_choices(school)[1:]],
            section=[ALL, *((str(one.uuid), one) for one in sections)],
        )
        self.narrows = any(wanted.get(name) for name in ("q", "grade", "section"))


class SeveralMembersForm(forms.Form):
    """What is done with the selected students; the button says which: they join, their membership ends or is removed."""

    ADD, END, REMOVE = "add", "end", "remove"
    default_renderer = PlainRenderer

    do = forms.ChoiceField(choices=[(ADD, ""), (END, ""), (REMOVE, "")], widget=forms.HiddenInput)
    on = DayField(label=_("Day"), required=False)

    def clean(self) -> dict[str, Any]:
        """Require the day where one is needed."""
        data = super().clean() or {}
        if data.get("do") in (self.ADD, self.END) and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Enter a day."))
        return data
