"""The form of a school's rules for cases."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.case_rules.services import LONGEST
from teams.lib.inputs import ShortNumber


class CaseRulesForm(forms.Form):
    """The rules; ``seen`` is the version that the page showed."""

    asks_family = forms.BooleanField(
        label=_("Ask for a family step before a tier changes"),
        required=False,
        help_text=_(
            "When a plan starts, is intensified, changes its tier or ends: a contact with the family in the last 30 "
            "days, or the reason why there was none."
        ),
    )
    unseen_days = forms.IntegerField(
        label=_("Longest wait at the desk (days)"),
        min_value=1,
        max_value=LONGEST,
        widget=ShortNumber,
        help_text=_(
            "What waits longer comes first at the desk, whatever section it is in, and the coordinator and the "
            "principal see how many there are. Usual: 14."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
