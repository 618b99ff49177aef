"""Forms of check-in cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.check_in_cards.models import MOST_POINTS
from datareview.check_in_cards.queries import card_version, usual_periods
from datareview.plans.forms import NUMBER
from teams.lib.inputs import ShortNumber

if TYPE_CHECKING:
    from datareview.check_in_cards.models import CheckInCard
    from datareview.plans.models import Plan


class CardForm(forms.Form):
    """A card; the figures only if it changes what measures the plan. ``seen`` is the version the user edits."""

    periods = forms.CharField(
        label=_("Periods, one a line"), max_length=600, widget=forms.Textarea(attrs={"rows": 6})
    )
    expectations = forms.CharField(
        label=_("What is expected, one a line"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    most = forms.IntegerField(
        label=_("Most points of a period"), min_value=1, max_value=MOST_POINTS, widget=ShortNumber
    )
    baseline = forms.FloatField(
        label=_("Share of the points now (%)"), min_value=0, max_value=100, widget=NUMBER
    )
    goal = forms.FloatField(label=_("Goal (%)"), min_value=0, max_value=100, widget=NUMBER)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self, *args: Any, plan: Plan, card: CheckInCard | None, is_measured: bool, **kwargs: Any
    ) -> None:
        periods = card.periods if card else usual_periods(plan.student.school)
        initial = {
            "periods": "\n".join(periods),
            "expectations": "\n".join(card.expectations) if card else "",
            "most": card.most if card else 2,
            "goal": 80,
            "seen": card_version(card),
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        if is_measured:
            del self.fields["baseline"], self.fields["goal"]

    def values(self) -> dict[str, Any]:
        """The arguments of `set_up_card`."""
        data = dict(self.cleaned_data)
        for name in ("periods", "expectations"):
            data[name] = data[name].splitlines()
        return data


class PointsForm(forms.Form):
    """The points of a period; none take them away."""

    day = forms.DateField()
    period = forms.CharField(max_length=40, strip=False)
    points = forms.IntegerField(required=False, min_value=0, max_value=MOST_POINTS)
