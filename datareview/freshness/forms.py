"""The form of the limits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.freshness.models import MOST
from teams.lib.inputs import ShortNumber


def _days(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=1, max_value=MOST, widget=ShortNumber
    )


class LimitsForm(forms.Form):
    """Days by source; ``seen`` is the version that the page showed."""

    attendance = _days(_("Attendance: stale after"), _("School days. Usual: 2."))
    grades = _days(_("Course grades: stale after"), _("Days. Usual: 7."))
    probes = _days(_("Progress probes: stale after"), _("Days. Usual: 14."))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
