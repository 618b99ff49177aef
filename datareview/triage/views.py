"""Triage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.flags.models import Severity
from datareview.flags.permissions import candidates_visible_to
from datareview.flags.services import candidates
from datareview.privacy.services import record_disclosure
from datareview.records.models import Domain
from datareview.triage.forms import DecisionForm
from datareview.triage.queries import candidate_page, queue_row, triage_list
from teams.access.permissions import require_ability
from teams.lib.errors import DomainError
from teams.lib.pages import render_page, wants_partial

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.flags.models import Candidate
    from teams.lib.requests import SchoolRequest

LIST = "datareview/triage/list.html"


def candidate_list(request: SchoolRequest) -> HttpResponse:
    """The queue."""
    return _queue(request, request.GET)


def candidate_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """One candidate; opening it is logged."""
    candidate = visible_candidate(request, uuid)
    record_disclosure(candidate.student, reader=request.user, what="candidate-page")
    return _detail(request, candidate)


def candidate_options(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """What can be decided about one candidate, opened inside the queue."""
    candidate = visible_candidate(request, uuid)
    require_ability(request.user, "triage", candidate.student.school)
    if not wants_partial(request):
        return redirect(candidate)
    return _row(request, candidate, is_open=True)


@require_POST
def candidate_decide(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Watch one, or no action; in the queue the row answers, else its page."""
    candidate, form = visible_candidate(request, uuid), DecisionForm(request.POST)
    require_ability(request.user, "triage", candidate.student.school)
    try:
        candidates.decide_candidate(candidate, actor=request.user, **decision_of(form))
    except candidates.Decided as error:
        messages.error(request, str(error))
    except DomainError as error:
        shown = {"error": str(error), "typed": request.POST}
        in_row = wants_partial(request)
        return (
            _row(request, candidate, status=422, is_open=True, **shown)
            if in_row
            else _detail(request, candidate, status=422, **shown)
        )
    candidate = visible_candidate(request, uuid)
    return _row(request, candidate) if wants_partial(request) else redirect(candidate)


@require_POST
def candidates_decide(request: SchoolRequest) -> HttpResponse:
    """Decide several at once and stay on the list as it was narrowed."""
    require_ability(request.user, "triage", request.school)
    back, form = QueryDict(request.POST.get("back", "")), DecisionForm(request.POST)
    rows = candidates_visible_to(request.user).filter(student__school=request.school)
    chosen = rows.filter(uuid__in=_uuids(request)).select_related("student__school")
    try:
        if not chosen:
            raise DomainError(_("Tick at least one candidate first."))
        done, problems = candidates.decide_candidates(chosen, actor=request.user, **decision_of(form))
    except DomainError as error:
        picked = set(request.POST.getlist("candidate"))
        return _queue(request, back, status=422, error=str(error), typed=request.POST, picked=picked)
    for problem in problems:
        messages.error(request, problem)
    if done:
        messages.success(
            request, ngettext("%(n)d candidate decided.", "%(n)d candidates decided.", done) % {"n": done}
        )
    return redirect(f"{reverse('datareview:candidate-list')}?{back.urlencode()}")


def visible_candidate(request: SchoolRequest, uuid: UUID) -> Candidate:
    """The candidate, if the user may see the student; else 404."""
    rows = candidates_visible_to(request.user).select_related("student__school", "decided_by")
    return get_object_or_404(rows, uuid=uuid)


def decision_of(form: DecisionForm) -> dict[str, Any]:
    """The decision as the service takes it; DomainError with the first thing that is wrong."""
    if not form.is_valid():
        raise DomainError(next(iter(form.errors.values()))[0])
    return form.cleaned_data


def _uuids(request: SchoolRequest) -> list[UUID]:
    from uuid import UUID

    found = []
    for text in request.POST.getlist("candidate"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _queue(request: SchoolRequest, wanted: QueryDict, *, status: int = 200, **more: Any) -> HttpResponse:
    choices = {"domains": Domain.choices, "severities": Severity.choices}
    context = {
        "queue": triage_list(request.user, request.school, {key: wanted.get(key, "") for key in wanted}),
        "wanted": wanted,
        **choices,
        **more,
    }
    return render_page(request, LIST, context, partial="queue", status=status)


def _detail(request: SchoolRequest, candidate: Candidate, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"page": candidate_page(request.user, candidate), "candidate": candidate, **more}
    return render_page(request, "datareview/triage/detail.html", context, status=status)


def _row(request: SchoolRequest, candidate: Candidate, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"row": queue_row(candidate), "just_now": not more, **more}
    return render_page(request, LIST, context, partial="row", status=status)
