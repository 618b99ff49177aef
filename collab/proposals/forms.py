"""Choose the team to whose next meeting something is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib import formats
from teams.lib.form_renderer import InlineRenderer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.meetings.models import Meeting
    from datareview.flags.models import Candidate
    from teams.directory.models import Team


class SendForm(forms.Form):
    """The team to whose next meeting a candidate is sent."""

    default_renderer = InlineRenderer

    team = forms.ChoiceField(label=_("Team"))

    def __init__(self, candidate: Candidate, teams: Iterable[tuple[Team, Meeting | None]]) -> None:
        super().__init__(auto_id=f"%s-{candidate.uuid}")
        self.fields["team"].choices = [  # type: ignore[attr-defined]
            (team.uuid, f"{team}, {formats.day(meeting.starts_at)}" if meeting else team)
            for team, meeting in teams
        ]
