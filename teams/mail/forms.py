"""Email preferences, and the filter of the outbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.directory.models import User
from teams.lib.filters import ALL, FilterForm
from teams.mail.queries import FAILED, SENT, WAITING


class MailForm(forms.ModelForm):
    """The user's email preferences and quiet hours."""

    class Meta:
        model = User
        fields = ("wants_invitations", "wants_digest", "digest_is_weekly", "quiet_from", "quiet_until")
        labels = {
            "wants_invitations": _("Invitations to meetings, with changes and cancellations"),
            "wants_digest": _("A morning email with what is due, on school days when there is something"),
            "digest_is_weekly": _("That email only on the first school day of each week"),
            "quiet_from": _("No email from"),
            "quiet_until": _("until"),
        }
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }


class OutboxFilter(FilterForm):
    """Filters emails by what became of them."""

    state = forms.ChoiceField(
        label=_("Show"),
        choices=[ALL, (WAITING, _("Waiting")), (FAILED, _("Could not be sent")), (SENT, _("Sent"))],
    )
