"""The form that asks for assistance."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Domain
from datareview.requests.models import AssistanceRequest
from teams.lib.inputs import RadioPills

SHORT = forms.Textarea(attrs={"rows": 2})


class RequestForm(forms.Form):
    """What worries, since when, what was tried, what the student does well."""

    asker = forms.ChoiceField(
        label=_("Who worries?"),
        choices=AssistanceRequest.Asker.choices,
        initial=AssistanceRequest.Asker.STAFF,
        widget=RadioPills,
    )
    domain = forms.ChoiceField(label=_("About"), choices=Domain.choices, widget=RadioPills)
    worry = forms.CharField(
        label=_("What worries you?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you have seen or heard, in a sentence or two."),
    )
    since = forms.CharField(label=_("Since when?"), max_length=120, required=False)
    tried = forms.CharField(
        label=_("What was tried, and how it went"), max_length=600, required=False, widget=SHORT
    )
    strengths = forms.CharField(
        label=_("What the student does well"), max_length=400, required=False, widget=SHORT
    )
