"""The filter of a dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.filters import ALL, FilterForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.dashboards.queries.dashboards import Dashboard
    from teams.directory.models import Team


class DashboardFilter(FilterForm):
    """Filters by team and section."""

    team = forms.ChoiceField(label=_("Team"))
    section = forms.ChoiceField(label=_("Section"))

    def __init__(self, board: Dashboard, teams: Iterable[Team]) -> None:
        chosen = {
            "team": str(board.team.uuid),
            "section": str(board.section.uuid) if board.section else "",
        }
        super().__init__(
            chosen,
            team=[(team.uuid, team) for team in teams],
            section=[ALL, *((section.uuid, section) for section in board.sections)],
        )
