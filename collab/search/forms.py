"""The search form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.search.matching import LONGEST
from collab.search.queries.kinds import KINDS
from teams.lib.filters import ALL
from teams.lib.form_renderer import PlainRenderer
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teams.directory.models import Team

BEST, NEWEST = "best", "newest"


class SearchForm(forms.Form):
    """The query string of a search. Invalid fields show an error and are ignored."""

    default_renderer = PlainRenderer

    q = forms.CharField(
        label=_("Words"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "data-search": True}),
    )
    kind = forms.ChoiceField(label=_("Type"), required=False)
    team = forms.UUIDField(label=_("Team"), required=False, widget=forms.Select)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    order = forms.ChoiceField(
        label=_("Sort by"),
        choices=[(BEST, _("Best match first")), (NEWEST, _("Newest first"))],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "search-%s"})
        every = [ALL, *((name, kind.label) for name, kind in KINDS.items())]
        self.fields["kind"].choices = every  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Require the first date not to be after the last."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first. Change one of them."))
        return data

    def wanted(self) -> dict[str, Any]:
        """Arguments for `search`, from the valid fields. Errors of the others say that they were ignored."""
        for name, sentences in self.errors.items():
            left_out = [f"{sentence} {_('This filter was left out.')}" for sentence in sentences]
            self.errors[name] = self.error_class(left_out)
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "kind": data.get("kind", ""),
            "team": str(data.get("team") or ""),
            "since": data.get("since"),
            "until": data.get("until"),
            "newest": data.get("order") == NEWEST,
        }

    def offer(self, teams: Sequence[Team]) -> None:
        """Offer ``teams`` to choose from, or remove the field if there is only one."""
        if len(teams) > 1:
            self.fields["team"].widget.choices = [ALL, *((team.uuid, team) for team in teams)]
        else:
            del self.fields["team"]
