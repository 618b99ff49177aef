"""Forms of one student: names and numbers, leaving and returning, guardians, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.roster.services.families import GuardianValues
from datareview.roster.services.students import HIGHEST_GRADE, LOWEST_GRADE, StudentValues
from datareview.sections.forms import grade_choices
from teams.lib import formats
from teams.lib.filters import FilterForm
from teams.lib.inputs import DayField
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from datareview.records.models import GroupName
    from teams.directory.models import School

# The languages that families of American schools speak most, beside those that a student or a guardian has already.
LANGUAGES = ("en", "es", "ar", "zh", "vi", "so", "ru", "ht", "pt", "hmn", "uk", "ko", "ur", "fr", "fa", "tl")


def language_choices(current: str = "") -> list[tuple[str, str]]:
    """Languages by their names in the reader's language, with ``current`` if it is another one."""
    codes = {*LANGUAGES, current} - {""}
    return sorted(((code, formats.language(code)) for code in codes), key=lambda one: one[1].casefold())


class StudentForm(forms.Form):
    """What an administrator enters about a student; ``seen`` is the version the user edits."""

    local_id = forms.CharField(label=_("Student number"), max_length=40)
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    preferred_name = forms.CharField(
        label=_("Preferred first name"),
        max_length=80,
        required=False,
        help_text=_("Pages show it instead of the first name."),
    )
    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int, empty_value=None, required=False)
    home_language = forms.ChoiceField(label=_("Language at home"), required=False)
    entered_on = DayField(label=_("First day at the school"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, school: School, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = self.initial.get("grade")
        grades = grade_choices(school)
        if shown is not None and shown not in dict(grades) and LOWEST_GRADE <= shown <= HIGHEST_GRADE:
            grades.append((shown, grade(shown)))
        self.fields["grade"].choices = grades  # type: ignore[attr-defined]
        self.fields["home_language"].choices = [("", "—"), *language_choices(language)]  # type: ignore[attr-defined]

    def values(self) -> StudentValues:
        """The cleaned values of a valid form."""
        return StudentValues(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class LeaveForm(forms.Form):
    """A student's last day."""

    left_on = DayField(label=_("Last day at the school"))


class ReturnForm(forms.Form):
    """The first day of a student who returned."""

    entered_on = DayField(label=_("First day back"))
    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = grade_choices(school)  # type: ignore[attr-defined]


class GuardianForm(forms.Form):
    """A guardian; ``seen`` is the version the user edits."""

    name = forms.CharField(label=_("Name"), max_length=120)
    relation = forms.CharField(label=_("Relation"), max_length=40, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    language = forms.ChoiceField(label=_("Language"), initial="en")
    may_contact = forms.BooleanField(label=_("The school may contact them"), required=False, initial=True)
    custody_note = forms.CharField(
        label=_("Custody note"),
        max_length=300,
        required=False,
        help_text=_("Only administrators, principals and coordinators can read it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, current: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices(current)  # type: ignore[attr-defined]

    def values(self) -> GuardianValues:
        """The cleaned values of a valid form."""
        return GuardianValues(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class JoinGroupForm(forms.Form):
    """A group of the school's list, with dates."""

    group = forms.TypedChoiceField(label=_("Group"), coerce=int)
    starts_on = DayField(label=_("From"), required=False)
    ends_on = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, groups: list[GroupName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {one.pk: one for one in groups}
        self.fields["group"].choices = [(pk, str(one)) for pk, one in self.names.items()]  # type: ignore[attr-defined]

    def chosen(self) -> GroupName:
        """The chosen group of a valid form."""
        return self.names[self.cleaned_data["group"]]


class GroupNameForm(forms.Form):
    """A group of the school's list."""

    category = forms.CharField(label=_("Category"), max_length=40, help_text=_("For example: Program"))
    group = forms.CharField(label=_("Group"), max_length=60, help_text=_("For example: English learner"))


class SettleForm(forms.Form):
    """The day until which a plan is kept."""

    keep_until = DayField(label=_("Keep until"))


class LeaverFilter(FilterForm):
    """Filters and sorts students who left."""

    q = forms.CharField(
        label=_("Name or number"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    show = forms.ChoiceField(
        label=_("Show"), choices=[("", _("Everyone")), ("open", _("With something to decide"))]
    )
    sort = forms.ChoiceField(label=_("Sort by"), choices=[("", _("Last day")), ("name", _("Name"))])
