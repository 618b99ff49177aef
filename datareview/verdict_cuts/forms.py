"""The form of the cut points."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.verdict_cuts.services import problem_with_cuts
from teams.lib.inputs import ShortNumber


def _percent(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=1, max_value=99, widget=ShortNumber)


class CutsForm(forms.Form):
    """Three chances in percent; ``seen`` is the version that the page showed."""

    change = _percent(_("Off track below (%)"), _("Ask for a change of the plan. Usual: 20."))
    together = _percent(_("On track from (%)"), _("Between the two, people look together. Usual: 40."))
    higher = _percent(_("Propose a higher goal from (%)"), _("Usual: 90."))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the three together."""
        data = super().clean() or {}
        percents = {name: data.get(name) for name in ("change", "together", "higher")}
        if None not in percents.values() and (problem := problem_with_cuts(**percents)):  # type: ignore[arg-type]
            raise forms.ValidationError(problem)
        return data
