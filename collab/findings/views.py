"""The results on an agenda item, as a page or a part of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.views.decorators.http import require_POST

from collab.agendas.http import visible_item
from collab.findings.queries.results import results_on
from collab.findings.services import results as findings
from collab.findings.services.predictions import ask_to_predict_results
from datareview.looks.http import is_read
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def item_results(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the results on one item. That they are looked at is recorded."""
    item = visible_item(request, uuid)
    meeting: Any = item.meeting
    shown = results_on(request.user, item, meeting)
    if shown is None:
        raise Http404
    if is_read(request):
        findings.record_own_look(shown, actor=request.user)
    return render_page(
        request, "collab/findings/show.html", {"item": item, "shown": shown}, partial="results"
    )


@require_POST
def results_ask(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Hide the results on an item until everyone present has predicted, or stop hiding them."""
    item = visible_item(request, uuid)
    if item.topic.assessment is None:
        raise Http404
    wanted = request.POST.get("wanted") == "yes"
    return run_service(
        request,
        lambda: ask_to_predict_results(item, actor=request.user, wanted=wanted),
        back=item.agenda_meeting,
    )
