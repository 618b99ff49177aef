"""Triage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.permissions import candidates_visible_to
from datareview.queries.candidates import candidate_page, queue_of
from datareview.services import candidates
from datareview.services.disclosures import record_disclosure
from teams.lib.pages import render_page
from teams.permissions import require

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def candidate_list(request: SchoolRequest) -> HttpResponse:
    """The queue."""
    context = {"queue": queue_of(request.user, request.school, request.GET.dict()), "wanted": request.GET}
    return render_page(request, "datareview/candidates/list.html", context, partial="queue")


def candidate_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """One candidate; opening it is logged."""
    rows = candidates_visible_to(request.user).select_related("student__school", "decided_by")
    candidate = get_object_or_404(rows, uuid=uuid)
    record_disclosure(candidate.student, reader=request.user, what="candidate-page")
    context = {"page": candidate_page(request.user, candidate)}
    return render_page(request, "datareview/candidates/detail.html", context)


@require_POST
def candidate_decide(request: SchoolRequest) -> HttpResponse:
    """Decide one or several: watch, or no action."""
    require(request.user, "triage", request.school)
    rows = candidates_visible_to(request.user).filter(student__school=request.school)
    chosen = rows.filter(uuid__in=request.POST.getlist("candidate")).select_related("student__school")
    done, problems = candidates.decide_candidates(
        chosen, actor=request.user, state=request.POST.get("state", ""), note=request.POST.get("note", ""),
        watch_until=parse_date(request.POST.get("watch_until", "")),
    )  # fmt: skip
    for problem in problems:
        messages.error(request, problem)
    if done:
        messages.success(request, ngettext("%(n)d candidate decided.", "%(n)d candidates decided.", done) % {"n": done})
    elif not problems:
        messages.error(request, _("Choose at least one candidate first."))
    return redirect("datareview:candidate-list")
