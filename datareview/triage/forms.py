"""Deciding about candidates."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.flags.models import Candidate

DECISIONS = [(Candidate.State.WATCH, _("Watch")), (Candidate.State.NO_ACTION, _("No action"))]


class DecisionForm(forms.Form):
    """Watch until a day, or no action; the service says what is missing in a sentence."""

    state = forms.ChoiceField(
        choices=DECISIONS, error_messages={"required": _("Choose to watch, or to take no action.")}
    )
    note = forms.CharField(label=_("Why"), max_length=400, required=False)
    watch_until = forms.DateField(label=_("Watch until"), required=False)
