"""Forms for the description of a measure, and for the list's filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.measures.services.measures import MOST_DECIMALS, NewMeasure, measure_fingerprint
from datareview.records.models import Domain, Measure
from datareview.records.models.measures import ALL_LEVELS, AT, LEVELS
from teams.lib.filters import ALL, FilterForm
from teams.lib.inputs import ShortNumber
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from django.http import QueryDict

GRADES = [(number, "") for number in range(-1, 13)]
FIXED_IF_DERIVED = (
    "domain",
    "subject",
    "kind",
    "scale_min",
    "scale_max",
    "direction",
    "lowest_grade",
    "highest_grade",
    "sem",
    "sem_source",
)
HIGHER, LOWER = "higher", "lower"
LEVEL_LABELS = {
    0: _("Third level below the benchmark"),
    1: _("Second level below the benchmark"),
    2: _("Level just below the benchmark"),
    3: _("Level at the benchmark"),
    4: _("Level above that"),
    5: _("Highest level, above that"),
}


class MeasureFilter(FilterForm):
    """Filters by words, domain, kind and whether retired; and sorts."""

    q = forms.CharField(
        label=_("Name or subject"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    domain = forms.ChoiceField(label=_("Domain"), choices=[ALL, *Domain.choices])
    kind = forms.ChoiceField(label=_("Kind"), choices=[ALL, *Measure.Kind.choices])
    show = forms.ChoiceField(label=_("Show"), choices=[("", _("In use")), ("retired", _("Retired"))])
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[
            ("", _("Domain")),
            ("name", _("Name")),
            ("newest", _("Newest score")),
            ("students", _("Students")),
        ],
    )

    def __init__(self, wanted: QueryDict) -> None:
        super().__init__(wanted)


class MeasureForm(forms.Form):
    """The description of a measure; ``seen`` is the fingerprint of the version the user edits."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    domain = forms.ChoiceField(label=_("Domain"), choices=Domain.choices, initial=Domain.ACADEMIC)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=40,
        required=False,
        help_text=_("Course teams see the measures of their subject, and those without one."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Measure.Kind.choices, initial=Measure.Kind.OTHER)
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    scale_min = forms.FloatField(label=_("Lowest possible score"), initial=0, widget=ShortNumber())
    scale_max = forms.FloatField(label=_("Highest possible score"), initial=100, widget=ShortNumber())
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[(HIGHER, _("Higher is better")), (LOWER, _("Lower is better"))],
        initial=HIGHER,
    )
    decimals = forms.IntegerField(
        label=_("Decimals to show"), min_value=0, max_value=MOST_DECIMALS, initial=1, widget=ShortNumber()
    )
    lowest_grade = forms.TypedChoiceField(label=_("From grade"), coerce=int, initial=-1)
    highest_grade = forms.TypedChoiceField(label=_("To grade"), coerce=int, initial=12)
    sem = forms.FloatField(
        label=_("Standard error of one score"),
        required=False,
        widget=ShortNumber(),
        help_text=_("In the measure’s unit. Without it, scores near a cut point are not marked as such."),
    )
    sem_source = forms.CharField(label=_("Source of the standard error"), max_length=200, required=False)
    source = forms.CharField(label=_("Source of the measure"), max_length=300, required=False)

    def __init__(self, *args: Any, measure: Measure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lowest_grade", "highest_grade"):
            self.fields[name].choices = [(number, grade(number)) for number, _name in GRADES]  # type: ignore[attr-defined]
        names = (measure or Measure()).words_of_levels
        for level, label in LEVEL_LABELS.items():
            needed = level in (AT - 1, AT)
            self.fields[f"level_{level}"] = forms.CharField(
                label=label,
                max_length=40,
                required=needed,
                initial=names.get(level, ""),
                help_text="" if needed else _("Leave it empty if there is none."),
            )
        if measure is None:
            return
        self.initial = {name: getattr(measure, name) for name in self.fields if hasattr(measure, name)}
        self.initial["direction"] = HIGHER if measure.higher_is_better else LOWER
        self.initial["seen"] = measure_fingerprint(measure)
        if measure.derived_from:
            for name in FIXED_IF_DERIVED:
                self.fields[name].disabled = True

    def new_measure(self) -> NewMeasure:
        """The described measure."""
        data = dict(self.cleaned_data)
        lowest, *four, highest = (data.pop(f"level_{level}") for level in ALL_LEVELS)
        levels = (lowest, *four, highest) if lowest or highest else tuple(four)
        usual = tuple(str(name) for name in LEVELS)
        data.pop("seen")
        is_up = data.pop("direction") == HIGHER
        return NewMeasure(**data, higher_is_better=is_up, level_names=() if levels == usual else levels)
