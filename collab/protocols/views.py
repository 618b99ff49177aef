"""The protocol library, and a team's own copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.protocols import services as protocols
from collab.protocols.forms import CopyForm, ProtocolForm, StepFormSet, initial_steps
from collab.protocols.permissions import may_change_protocol
from collab.protocols.queries import library_of, protocols_visible_to
from teams.access.permissions import is_member, plannable_teams
from teams.lib.http import render_page, run_service, save_form
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.protocols.models import Protocol
    from teams.lib.requests import SchoolRequest


def protocol_list(request: SchoolRequest) -> HttpResponse:
    """List built-in protocols and those of the user's teams."""
    return render_page(
        request, "collab/protocols/list.html", {"page": library_of(request.user, request.school)}
    )


def protocol_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a protocol with its steps."""
    protocol = _visible(request, uuid)
    teams = plannable_teams(request.user, request.school)
    context = {
        "protocol": protocol,
        "steps": protocol.steps.all(),
        "copy_form": CopyForm(teams) if teams else None,
        "may_change": may_change_protocol(request.user, protocol),
        "may_adopt": any(protocol.team_id in (None, team.pk) for team in teams),
    }
    return render_page(request, "collab/protocols/detail.html", context)


@require_POST
def protocol_copy(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Copy a protocol for a team."""
    protocol = _visible(request, uuid)
    teams = plannable_teams(request.user, request.school)
    team = get_object_or_404(teams, uuid=public_id(request.POST.get("team")))
    return run_service(
        request,
        lambda: protocols.copy_protocol(protocol, actor=request.user, team=team),
        back=protocol,
        then=lambda copy: reverse("collab:protocol-edit", args=[copy.uuid]),
        done=_("%(team)s now has its own copy. Change it as you like.") % {"team": team},
    )


def protocol_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit a team's protocol. A concurrent edit shows the other version."""
    protocol = _visible(request, uuid)
    if not may_change_protocol(request.user, protocol):
        raise PermissionDenied
    start = {"name": protocol.name, "purpose": protocol.purpose, "seen": protocols.fingerprint(protocol)}
    form = ProtocolForm(request.POST or None, initial=start)
    steps: Any = StepFormSet(request.POST or None, initial=initial_steps(protocol), prefix="steps")

    def page() -> HttpResponse:
        minutes = sum(step.minutes for step in protocol.steps.all())
        context = {"steps": steps, "protocol": protocol, "minutes": minutes}
        status = 422 if form.errors or steps.total_error_count() else 200
        return render_page(request, "collab/protocols/edit.html", {"form": form, **context}, status=status)

    def newest() -> dict[str, object]:
        protocol.refresh_from_db()
        return {"seen": protocols.fingerprint(protocol)}

    if request.method == "POST" and not steps.is_valid():
        return page()
    return save_form(
        request,
        form,
        lambda: protocols.change_protocol(
            protocol, actor=request.user, steps=steps.steps(), **form.cleaned_data
        ),
        page=page,
        then=_after_edit(request, protocol),
        field="name",
        newest=newest,
    )


def _after_edit(request: SchoolRequest, protocol: Protocol) -> str:
    """Who plans for the team is asked which planned meetings get the new steps."""
    plans = bool(protocol.team and is_member(request.user, protocol.team, lead=True))
    return reverse("collab:protocol-adopt" if plans else "collab:protocol-detail", args=[protocol.uuid])


@require_POST
def protocol_retire(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Retire a protocol, or restore it."""
    protocol = _visible(request, uuid)
    retired = not protocol.is_retired
    return run_service(
        request,
        lambda: protocols.retire_protocol(protocol, actor=request.user, retired=retired),
        back="collab:protocol-list",
    )


def _visible(request: SchoolRequest, uuid: UUID) -> Protocol:
    return get_object_or_404(protocols_visible_to(request.user), uuid=uuid)
