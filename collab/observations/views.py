"""Request, agree, document, debrief and share peer observations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.observations import services as observations
from collab.observations.forms import AgreeForm, AskForm, DebriefForm, EvidenceForm, OffForm
from collab.observations.queries import observation_page, observations_of, visible_observations
from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, run_service, save_form, wants_partial

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from collab.observations.models import PeerObservation
    from teams.lib.requests import SchoolRequest


def observation_list(request: SchoolRequest) -> HttpResponse:
    """List the user's observations, and shared ones."""
    page = observations_of(request.user, request.school)
    return render_page(request, "collab/observations/list.html", {"page": page})


def observation_new(request: SchoolRequest) -> HttpResponse:
    """Ask a colleague."""
    require_ability(request.user, "join_teams", request.school)
    form = AskForm(request.POST or None, user=request.user, school=request.school)
    return save_form(
        request,
        form,
        lambda: observations.ask_colleague(actor=request.user, school=request.school, **form.asked()),
        page=lambda: render_form(request, "collab/observations/new.html", form),
        then=lambda row: row,
        field="colleague",
    )


def observation_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show one observation, or one region of it for htmx."""
    return _page(request, _visible(request, uuid))


@require_POST
def observation_agree(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Accept a request, or change what was agreed."""
    row = _visible(request, uuid)
    form = AgreeForm(request.POST, observation=row)
    return _save(
        request,
        row,
        "agree_form",
        form,
        lambda: observations.agree_on(row, actor=request.user, **form.agreed()),
    )


@require_POST
def observation_off(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Decline, withdraw or cancel."""
    row, form = _visible(request, uuid), OffForm(request.POST)
    return _change(
        request,
        row,
        lambda: observations.cancel_observation(row, actor=request.user, **form.cleaned_data),
        form,
    )


@require_POST
def observation_seen(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Mark the lesson as over."""
    row = _visible(request, uuid)
    return _change(request, row, lambda: observations.end_visit(row, actor=request.user))


@require_POST
def observation_debrief(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Save the debrief. A concurrent edit shows both versions."""
    row = _visible(request, uuid)
    form, is_over = DebriefForm(request.POST, observation=row), "over" in request.POST
    return _save(
        request,
        row,
        "debrief_form",
        form,
        lambda: observations.write_debrief(row, actor=request.user, is_over=is_over, **form.cleaned_data),
    )


@require_POST
def observation_share(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Share with my teams, or stop sharing."""
    row, is_shared = _visible(request, uuid), request.POST.get("shared") == "yes"
    return _change(
        request,
        row,
        lambda: observations.share_observation(row, actor=request.user, is_shared=is_shared),
    )


@require_POST
def evidence_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a line of evidence."""
    row = _visible(request, uuid)
    form = EvidenceForm(request.POST, observation=row)
    return _save(
        request,
        row,
        "evidence_form",
        form,
        lambda: observations.note_evidence(row, actor=request.user, **form.cleaned_data),
    )


@require_POST
def evidence_remove(request: SchoolRequest, uuid: UUID, evidence: UUID) -> HttpResponse:
    """Remove a line of evidence."""
    row = _visible(request, uuid)
    line = get_object_or_404(row.evidence.all(), uuid=evidence)
    return _change(request, row, lambda: observations.remove_evidence(line, actor=request.user))


def _visible(request: SchoolRequest, uuid: UUID) -> PeerObservation:
    return get_object_or_404(visible_observations(request.user), uuid=uuid)


def _change(
    request: SchoolRequest, row: PeerObservation, work: Callable[[], object], form: Form | None = None
) -> HttpResponse:
    """Run ``work`` if ``form`` is valid, and show the page."""
    return run_service(
        request,
        work,
        back=row,
        region=lambda: _page(request, _visible(request, row.uuid)),
        form=form,
    )


def _save(
    request: SchoolRequest, row: PeerObservation, name: str, form: Form, work: Callable[[], object]
) -> HttpResponse:
    """Save a form. Errors are shown at its fields and keep what was typed."""
    if not observation_page(request.user, row).is_party:
        raise PermissionDenied
    return save_form(
        request,
        form,
        work,
        page=lambda: _page(request, _visible(request, row.uuid), **{name: form}),
        then=row,
        done=_("Saved."),
        region=lambda: _page(request, _visible(request, row.uuid)),
        newest=lambda: {"version": _visible(request, row.uuid).version},
    )


def _page(request: SchoolRequest, row: PeerObservation, **forms: Form) -> HttpResponse:
    """Render the page; ``forms`` are invalid forms to show as typed."""
    context = {
        "page": observation_page(request.user, row),
        "stale": any(
            form.data is not request.POST for form in forms.values()
        ),  # rebound to the newest version
        "agree_form": AgreeForm(observation=row),
        "debrief_form": DebriefForm(observation=row),
        "evidence_form": EvidenceForm(observation=row),
        "off_form": OffForm(),
        **forms,
    }
    template = "_evidence.html" if wants_partial(request) else "detail.html"
    status = 422 if forms else 200
    return render_page(request, f"collab/observations/{template}", context, partial="evidence", status=status)
