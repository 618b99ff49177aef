"""Forms to adopt a preset and to change a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.flags.cut_points import CUT_POINTS, are_ordered
from teams.lib.form_renderer import InlineRenderer
from teams.lib.inputs import ShortNumber

if TYPE_CHECKING:
    from datareview.flags.models import Rule
    from datareview.rules.queries import Offer


class AdoptForm(forms.Form):
    """The measure for a preset."""

    default_renderer = InlineRenderer

    measure = forms.ChoiceField(label=_("Measure"))

    def __init__(self, offer: Offer) -> None:
        super().__init__(auto_id=f"%s-{offer.preset.key}")
        self.fields["measure"].choices = [(one.uuid, one) for one in offer.measures]  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """A field per cut point of the rule's kind, and whether the rule is on."""

    is_on = forms.BooleanField(label=_("This rule is on"), required=False)

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.initial = {**rule.cut_points, "is_on": rule.is_on}
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

    @property
    def cut_points(self) -> dict[str, float]:
        """The validated cut points."""
        return {cut_point.name: self.cleaned_data[cut_point.name] for cut_point in CUT_POINTS[self.rule.kind]}

    def clean(self) -> dict[str, Any]:
        """Require cut points in order of severity."""
        if not self.errors and not are_ordered(self.rule.kind, self.cut_points):
            raise forms.ValidationError(_("Each cut point must be more serious than the one before it."))
        return self.cleaned_data
