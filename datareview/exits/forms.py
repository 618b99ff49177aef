"""The form that leaves a plan ended."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class StayEndedForm(forms.Form):
    """Why the plan stays ended."""

    reason = forms.CharField(
        label=_("It stays ended, because"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
