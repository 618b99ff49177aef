"""Forms of an assessment, and of the lists to choose one from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.assessments.services.assessments import AssessmentValues
from datareview.items.forms import PointsField
from datareview.items.services.items import MOST_ITEMS, MOST_POINTS
from datareview.records.models import AssessmentItem
from teams.lib import formats
from teams.lib.filters import ALL, FilterForm
from teams.lib.inputs import DayField, Pills, ShortNumber

if TYPE_CHECKING:
    from django.http import QueryDict

    from datareview.assessments.queries import AssessmentList, EditorChoices
    from datareview.records.models import Assessment

MOST_PASTED = 40_000  # characters


class AssessmentForm(forms.Form):
    """What a team says about an assessment, and quick ways to its items; ``seen`` is the version that is edited."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    given_on = DayField(label=gettext_lazy("Day"))
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Classes"),
        widget=Pills,
        required=False,
        help_text=gettext_lazy("Choose none for all the team’s students."),
    )
    mastery = forms.IntegerField(
        label=gettext_lazy("Secure from, in percent of the points"),
        min_value=10,
        max_value=100,
        initial=80,
        widget=ShortNumber,
    )
    again_of = forms.ChoiceField(label=gettext_lazy("Checks again what this one checked"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    add_standards = forms.BooleanField(
        label=gettext_lazy("Add these standards to the school’s"), required=False
    )
    pasted = forms.CharField(
        label=gettext_lazy("Keys, or columns from a spreadsheet"),
        max_length=MOST_PASTED,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One row of keys, such as C A B D; or columns for number, key, points and standard, in any order."
        ),
    )
    count = forms.IntegerField(
        label=gettext_lazy("Or how many items"),
        min_value=1,
        max_value=MOST_ITEMS,
        required=False,
        widget=ShortNumber,
    )
    count_kind = forms.ChoiceField(
        label=gettext_lazy("Answered by"),
        choices=AssessmentItem.Kind.choices,
        required=False,
        help_text=gettext_lazy(
            "For results by standard, as many as there are standards, with the points of several items together; "
            "for totals alone, one."
        ),
    )
    count_points = PointsField(
        label=gettext_lazy("Points each"),
        min_value=0,
        max_value=MOST_POINTS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )
    ranges = forms.CharField(
        label=gettext_lazy("Standards by items"),
        max_length=4_000,
        required=False,
        widget=forms.TextInput,
        help_text=gettext_lazy("For example: 1–4 4.NF.A.1, 5–8 4.NF.A.2"),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choices: EditorChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = {str(one.uuid): one for one in choices.classes}
        self.earlier = {str(one.uuid): one for one in choices.earlier}
        self.fields["sections"].choices = [(uuid, str(one)) for uuid, one in self.classes.items()]  # type: ignore[attr-defined]
        earlier = [(uuid, f"{one.title}, {formats.day(one.given_on)}") for uuid, one in self.earlier.items()]
        self.fields["again_of"].choices = [("", _("None")), *earlier]  # type: ignore[attr-defined]

    def values(self) -> AssessmentValues:
        """The values of a valid form."""
        data = self.cleaned_data
        return AssessmentValues(
            data["title"],
            data["given_on"],
            tuple(self.classes[uuid] for uuid in data["sections"]),
            data["mastery"] / 100,
            data["note"],
            self.earlier.get(data["again_of"]),
        )


class CopyForm(FilterForm):
    """Chooses the assessment whose items are copied."""

    copy = forms.ChoiceField(label=gettext_lazy("Copy the items of"))

    def __init__(self, wanted: QueryDict, copyable: list[Assessment]) -> None:
        choices = [
            (str(one.uuid), f"{one.title}, {one.team}, {formats.day(one.given_on)}") for one in copyable
        ]
        super().__init__(wanted, copy=choices)


class AssessmentFilter(FilterForm):
    """Filters and sorts assessments."""

    q = forms.CharField(
        label=gettext_lazy("Title or standard"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"))
    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        choices=[("", gettext_lazy("This school year")), ("all", gettext_lazy("All"))],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort by"), choices=[("", gettext_lazy("Day")), ("title", gettext_lazy("Title"))]
    )

    def __init__(self, wanted: QueryDict, found: AssessmentList) -> None:
        super().__init__(wanted, team=[ALL, *((str(one.uuid), str(one)) for one in found.teams)])
        if found.team:
            del self.fields["team"]
        if found.deleted:
            self.fields["show"].choices.append(("deleted", _("Deleted")))  # type: ignore[attr-defined]
