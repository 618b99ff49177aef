"""The cut points of a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.flags.cut_points import LIMITS, are_ordered
from teams.lib.form_renderer import InlineRenderer
from teams.lib.inputs import ShortNumber

if TYPE_CHECKING:
    from datareview.flags.models import Rule
    from datareview.rules.queries import Offer


class AdoptForm(forms.Form):
    """The measure that a preset judges."""

    default_renderer = InlineRenderer

    measure = forms.ChoiceField(label=_("Measure"))

    def __init__(self, offer: Offer) -> None:
        super().__init__(auto_id=f"%s-{offer.preset.key}")
        self.fields["measure"].choices = [(one.uuid, one) for one in offer.measures]  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """A field for each limit of the rule's kind, and whether it is on."""

    is_on = forms.BooleanField(label=_("This rule is on"), required=False)

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.initial = {**rule.limits, "is_on": rule.is_on}
        for limit in LIMITS[rule.kind]:
            bounds: dict[str, Any] = {
                "min_value": limit.low,
                "max_value": limit.high,
                "label": limit.label,
                "widget": ShortNumber(),
            }
            self.fields[limit.name] = (forms.IntegerField if limit.is_whole else forms.FloatField)(**bounds)

    @property
    def limits(self) -> dict[str, float]:
        """The cut points as typed."""
        return {limit.name: self.cleaned_data[limit.name] for limit in LIMITS[self.rule.kind]}

    def clean(self) -> dict[str, Any]:
        """Cut points must grow more serious."""
        if not self.errors and not are_ordered(self.rule.kind, self.limits):
            raise forms.ValidationError(_("Each cut point must be more serious than the one before it."))
        return self.cleaned_data
