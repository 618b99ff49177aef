"""Forms for the description of a measure, and for the list's filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.measures.services.measures import MOST_DECIMALS, NewMeasure, measure_fingerprint
from datareview.records.models import Domain, Measure
from datareview.records.models.measures import ALL_LEVELS, AT, LEVELS, MOST_LEVELS
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
PLACES = range(1, MOST_LEVELS + 1)  # of levels in the form, the lowest first
USUAL_PLACE = AT  # of the first level at the benchmark, among `LEVELS`


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
        levels = (measure or Measure()).words_of_levels
        names = [*levels.values(), *[""] * MOST_LEVELS]
        for place, name in zip(PLACES, names, strict=False):
            label = _("Level 1, the lowest") if place == 1 else _("Level %(n)d") % {"n": place}
            self.fields[f"level_{place}"] = forms.CharField(
                label=label,
                max_length=40,
                required=place <= 2,
                initial=name,
                help_text=_("Leave it empty if there are fewer levels.") if place == MOST_LEVELS else "",
            )
        self.fields["first_at"] = forms.TypedChoiceField(
            label=_("First level that meets the benchmark"),
            coerce=int,
            empty_value=str(USUAL_PLACE),
            required=False,
            choices=[(place, _("Level %(n)d") % {"n": place}) for place in PLACES[1:]],
            initial=1 + AT - min(levels),
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
        shift = AT - int(data.pop("first_at"))
        typed = {place + shift: data.pop(f"level_{place}") for place in PLACES}
        data.pop("seen")
        is_up = data.pop("direction") == HIGHER
        return NewMeasure(**data, higher_is_better=is_up, level_names=_stored_names(typed))


def _stored_names(names: dict[int, str]) -> tuple[str, ...]:
    """The names of levels as `Measure.level_names` has them."""
    named = {level for level, name in names.items() if name}
    spans = (range(1, 1 + len(LEVELS)), range(MOST_LEVELS), ALL_LEVELS)
    span = next(span for span in spans if named <= set(span))
    found = tuple(names.get(level, "") for level in span)
    return () if found == tuple(str(name) for name in LEVELS) else found
