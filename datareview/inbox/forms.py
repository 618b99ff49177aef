"""Forms of the inbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.inbox.models import Delivery
from teams.lib.filters import ALL, FilterForm


class DeliveryFilter(FilterForm):
    """The filters and the order of the files that came."""

    q = forms.CharField(
        label=_("File"), required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[ALL, *Delivery.State.choices])
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False, choices=[("", _("Newest")), ("name", _("Name"))]
    )


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        help_text=_("The program that uploads: “PowerSchool, every night”."),
    )


class WatchForm(forms.Form):
    """Whether the folder is watched."""

    is_watched = forms.BooleanField(required=False)
