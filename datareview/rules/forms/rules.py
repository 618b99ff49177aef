"""Forms to adopt a preset and to change a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.flags.cut_points import CUT_POINTS, EVERY_GRADE, are_ordered
from datareview.flags.models import Rule
from teams.lib.filters import ALL, FilterForm
from teams.lib.form_renderer import InlineRenderer
from teams.lib.inputs import ShortNumber
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from datareview.rules.queries import Offer


def grade_fields(lowest: _StrPromise, highest: _StrPromise) -> dict[str, forms.TypedChoiceField]:
    """Fields for the first and the last grade that a rule judges, whose choices read as these texts with a grade."""
    grades = range(EVERY_GRADE[0], EVERY_GRADE[1] + 1)
    texts = {"lowest_grade": (_("From grade"), lowest), "highest_grade": (_("To grade"), highest)}
    return {
        name: forms.TypedChoiceField(
            label=label, choices=[(number, text % {"grade": grade(number)}) for number in grades], coerce=int
        )
        for name, (label, text) in texts.items()
    }


class RuleFilter(FilterForm):
    """Filters rules by words, kind and whether they are on; and sorts."""

    q = forms.CharField(
        label=_("Name or measure"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[ALL, *Rule.Kind.choices])
    show = forms.ChoiceField(label=_("Show"), choices=[ALL, ("on", _("On")), ("off", _("Off"))])
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[("", _("Kind")), ("name", _("Name")), ("flags", _("Open flags"))],
    )


class AdoptForm(forms.Form):
    """The measure for a preset, and the grades it judges."""

    default_renderer = InlineRenderer

    measure = forms.ChoiceField(label=_("Measure"))

    def __init__(self, offer: Offer) -> None:
        preset = offer.preset
        initial = {"lowest_grade": preset.lowest_grade, "highest_grade": preset.highest_grade}
        super().__init__(auto_id=f"%s-{preset.key}", initial=initial)
        self.fields |= grade_fields(_("from %(grade)s"), _("to %(grade)s"))
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (
                one.uuid,
                one
                if one.pk in offer.with_benchmarks
                else _("%(measure)s (no benchmarks yet)") % {"measure": one},
            )
            for one in offer.measures
        ]
        if not preset.needs_measure:
            del self.fields["measure"]


class RuleForm(forms.Form):
    """A field per cut point of the rule's kind, the grades it judges, and whether it is on."""

    is_on = forms.BooleanField(label=_("This rule is on"), required=False)

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        grades = {"lowest_grade": rule.lowest_grade, "highest_grade": rule.highest_grade}
        self.initial = {**rule.cut_points, **grades, "is_on": rule.is_on}
        for cut_point in CUT_POINTS[rule.kind]:
            bounds: dict[str, Any] = {
                "min_value": cut_point.low,
                "max_value": cut_point.high,
                "label": cut_point.label,
                "widget": ShortNumber(),
            }
            self.fields[cut_point.name] = (forms.IntegerField if cut_point.is_whole else forms.FloatField)(
                **bounds
            )

        self.fields |= grade_fields(_("%(grade)s"), _("%(grade)s"))

    @property
    def settings(self) -> dict[str, Any]:
        """The validated cut points and grades, as the services take them."""
        grades = self.cleaned_data["lowest_grade"], self.cleaned_data["highest_grade"]
        return {"cut_points": self.cut_points, "grades": grades}

    @property
    def cut_points(self) -> dict[str, Any]:
        """The validated cut points, and what a scorecard learned."""
        learned = self.rule.parameters if self.rule.kind == Rule.Kind.SCORECARD else {}
        given = {
            cut_point.name: self.cleaned_data[cut_point.name] for cut_point in CUT_POINTS[self.rule.kind]
        }
        return {**learned, **given}

    def clean(self) -> dict[str, Any]:
        """Require cut points in order of severity."""
        if not self.errors and not are_ordered(self.rule.kind, self.cut_points):
            raise forms.ValidationError(_("Each cut point must be more serious than the one before it."))
        return self.cleaned_data
