"""The form for a team's norms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import Norm


class NormsForm(forms.Form):
    """Norms, one per line."""

    norms = forms.CharField(
        label=_("One per line. Meetings show one at a time"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    @staticmethod
    def start(norms: Iterable[Norm]) -> dict[str, str]:
        """Initial data: the norms of the team."""
        return {"norms": "\n".join(norm.text for norm in norms)}
