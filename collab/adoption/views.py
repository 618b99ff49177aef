"""Choose the planned meetings that take over a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext

from collab.adoption.forms import AdoptForm
from collab.adoption.queries import adoptable_meetings
from collab.adoption.services import adopt_protocol
from collab.protocols.queries import protocols_visible_to
from teams.access.permissions import plannable_teams
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def protocol_adopt(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show planned meetings with the protocol that each follows, and give the chosen ones the steps of this one."""
    protocol = get_object_or_404(protocols_visible_to(request.user), uuid=uuid)
    teams = plannable_teams(request.user, request.school)
    if not (teams.filter(pk=protocol.team_id) if protocol.team_id else teams).exists():
        raise PermissionDenied
    rows = adoptable_meetings(request.user, request.school, protocol)
    form = AdoptForm(request.POST or None, rows=rows)
    return save_form(
        request,
        form,
        lambda: adopt_protocol(
            protocol,
            actor=request.user,
            meetings=form.chosen,
            with_series=form.cleaned_data["series"],
        ),
        page=lambda: render_form(request, "collab/adoption/adopt.html", form, {"protocol": protocol}),
        then=protocol,
        done=lambda n: (
            ngettext(
                "%(n)s planned meeting has these steps now.",
                "%(n)s planned meetings have these steps now.",
                n,
            )
            % {"n": n}
        ),
    )
