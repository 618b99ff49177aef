"""What a replay compares a rule with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.replays.queries.outcomes import outcome_choices
from teams.lib.filters import FilterForm
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from django.http import QueryDict

    from teams.directory.models import School

MOST_SEATS = 10_000


class ReplayForm(FilterForm):
    """What the rule should foresee, and the seats for those whom it flags; the rule's draft is kept."""

    draft = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8000)
    outcome = forms.ChoiceField(label=_("Should foresee"))
    seats = forms.IntegerField(label=_("Seats"), min_value=0, max_value=MOST_SEATS)

    def __init__(self, wanted: QueryDict, school: School, *, usual: str, seats: int) -> None:
        choices = outcome_choices(school)
        known = [key for key, _words in choices]
        asked = wanted.get("outcome", "")
        self.chosen = asked if asked in known else usual if usual in known else known[0]
        typed = int_or_none(wanted.get("seats"))
        self.free = seats if typed is None else min(max(typed, 0), MOST_SEATS)
        shown = {"draft": wanted.get("draft", ""), "outcome": self.chosen, "seats": self.free}
        super().__init__(shown, outcome=choices)

    @property
    def words(self) -> str:
        """The outcome in words."""
        return str(dict(self.fields["outcome"].choices)[self.chosen])  # type: ignore[attr-defined]
