"""The filter of the coverage page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.filters import FilterForm

if TYPE_CHECKING:
    from django.http import QueryDict

    from collab.coverage.queries.coverage import Coverage


class CoverageFilter(FilterForm):
    """Filters by cohort and by what was missed; and sorts."""

    who = forms.ChoiceField(label=_("Students of"))
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("Everyone")),
            ("missed", _("Flagged, no plan, never spoken of")),
            ("quiet", _("Doing well, never named")),
            ("never", _("Never spoken of")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[("longest", _("Longest ago")), ("name", _("Name")), ("flags", _("Flags"))],
    )

    def __init__(self, wanted: QueryDict, coverage: Coverage) -> None:
        found = {**wanted.dict(), "who": coverage.cohort.key if coverage.cohort else ""}
        super().__init__(found, who=[(name, rows) for _kind, name, rows in coverage.cohorts])
        self.narrows = bool(wanted.get("show"))
