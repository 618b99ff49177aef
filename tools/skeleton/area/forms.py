"""Forms for things."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ThingForm(forms.Form):
    """A new thing."""

    text = forms.CharField(label=_("Text"), max_length=300)
