"""Forms for strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Domain
from datareview.strategies.models import Strategy
from datareview.strategies.queries import subjects_in_use
from datareview.strategies.services import EDITED, strategy_fingerprint
from teams.lib.filters import ALL, FilterForm
from teams.lib.inputs import ShortNumber, SuggestedText
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from django.http import QueryDict

    from teams.directory.models import School

TIERS = [(1, _("Tier 1")), (2, _("Tier 2")), (3, _("Tier 3"))]
LINES = _("One step per line.")


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _whole(low: int, high: int, label: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, required=required, widget=ShortNumber
    )


class StrategyForm(forms.Form):
    """A strategy. ``seen`` is the version that the user edits."""

    name = forms.CharField(label=_("Name"), max_length=120)
    domain = forms.ChoiceField(label=_("Domain"), choices=Domain.choices)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=40,
        required=False,
        help_text=_("As in the school’s measures. Plans for another subject are not offered it."),
    )
    tier = forms.TypedChoiceField(label=_("Tier"), coerce=int, choices=TIERS, initial=2)
    lowest_grade = forms.TypedChoiceField(label=_("From grade"), coerce=int, empty_value=None, required=False)
    highest_grade = forms.TypedChoiceField(label=_("To grade"), coerce=int, empty_value=None, required=False)
    for_whom = forms.CharField(label=_("For whom"), max_length=200, required=False)
    what_to_do = forms.CharField(
        label=_("What to do"), max_length=4_000, required=False, widget=_text(6), help_text=LINES
    )
    minutes = _whole(5, 120, _("Minutes"))
    sessions_per_week = _whole(1, 10, _("Times a week"))
    weeks = _whole(1, 60, _("Weeks"), required=False)
    group_size = forms.CharField(label=_("Group size"), max_length=40, required=False)
    materials = forms.CharField(label=_("Materials"), max_length=300, required=False)
    fidelity = forms.CharField(
        label=_("Checklist for a session"), max_length=2_000, required=False, widget=_text(5), help_text=LINES
    )
    evidence_level = forms.ChoiceField(label=_("Evidence"), choices=Strategy.Evidence.choices, required=False)
    evidence = forms.CharField(label=_("Source of the evidence"), max_length=400, required=False)
    family_en = forms.CharField(
        label=_("For families, in English"), max_length=1_000, required=False, widget=_text(3)
    )
    family_es = forms.CharField(
        label=_("For families, in Spanish"), max_length=1_000, required=False, widget=_text(3)
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, *args: Any, school: School, strategy: Strategy | None = None, **kwargs: Any) -> None:
        start: dict[str, Any] = {"minutes": 20, "sessions_per_week": 3}
        if strategy:
            start = {name: getattr(strategy, name) for name in EDITED}
            start["seen"] = strategy_fingerprint(strategy)
        super().__init__(*args, **{"initial": start, **kwargs})
        first = min(school.lowest_grade, start.get("lowest_grade") or 0)
        last = max(school.highest_grade, start.get("highest_grade") or 0)
        grades = [("", _("Any")), *((number, grade(number)) for number in range(first, last + 1))]
        for name in ("lowest_grade", "highest_grade"):
            self.fields[name].choices = grades  # type: ignore[attr-defined]
        self.fields["subject"].widget = SuggestedText(subjects_in_use(school), {"maxlength": 40})

    def values(self) -> dict[str, Any]:
        """What was typed, as arguments of the services."""
        return {name: self.cleaned_data[name] for name in EDITED}


class AdoptStrategiesForm(forms.Form):
    """Starting strategies to add to the bank, grouped by domain."""

    keys = forms.MultipleChoiceField(
        label=_("Strategies"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one strategy.")},
    )

    def __init__(self, *args: Any, groups: list[tuple[str, list[dict[str, Any]]]], **kwargs: Any) -> None:
        keys = [row["key"] for _domain, rows in groups for row in rows]
        super().__init__(*args, **{"initial": {"keys": keys}, **kwargs})
        self.fields["keys"].choices = [  # type: ignore[attr-defined]
            (domain, [(row["key"], f"{row['name']}: {row['for_whom']}") for row in rows])
            for domain, rows in groups
        ]


class BankFilter(FilterForm):
    """Filters strategies by words, domain, grade, tier and evidence; and sorts."""

    q = forms.CharField(
        label=_("Search"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    domain = forms.ChoiceField(label=_("Domain"), choices=[ALL, *Domain.choices])
    grade = forms.ChoiceField(label=_("Grade"))
    tier = forms.ChoiceField(label=_("Tier"), choices=[ALL, *TIERS])
    evidence = forms.ChoiceField(
        label=_("Evidence"), choices=[ALL, *(one for one in Strategy.Evidence.choices if one[0])]
    )
    show = forms.ChoiceField(label=_("Show"), choices=[("", _("In use")), ("retired", _("Retired"))])
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[("", _("Domain")), ("name", _("Name")), ("tier", _("Tier")), ("minutes", _("Minutes"))],
    )

    def __init__(self, wanted: QueryDict, school: School) -> None:
        numbers = range(school.lowest_grade, school.highest_grade + 1)
        super().__init__(wanted, grade=[ALL, *((number, grade(number)) for number in numbers)])
