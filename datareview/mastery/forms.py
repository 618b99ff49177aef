"""The filter of the table of standards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.filters import FilterForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datareview.mastery.queries.table import MasteryTable


class MasteryFilter(FilterForm):
    """Chooses the team, and standards by their code or words."""

    team = forms.ChoiceField(label=_("Team"))
    q = forms.CharField(
        label=_("Code or words"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, wanted: Mapping[str, str], table: MasteryTable) -> None:
        teams = [(str(one.uuid), str(one)) for one in table.teams]
        super().__init__({**wanted, "team": table.chosen}, team=[*teams, ("all", _("All teams"))])
        self.narrows = bool(wanted.get("q"))
