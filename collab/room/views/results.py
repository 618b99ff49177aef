"""Predict the results of an assessment in the room, and reveal them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.views.decorators.http import require_POST

from collab.findings.forms import PredictResultsForm
from collab.findings.services import predictions
from collab.room.views.actions import readable_item
from collab.room.views.room import respond

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.agendas.models import AgendaItem
    from datareview.records.models import Assessment
    from teams.lib.requests import SchoolRequest


@require_POST
def results_predict(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Predict the results on an item."""
    row, assessment = _about_results(request, uuid, item)
    form = PredictResultsForm(request.POST, assessment=assessment)
    return respond(request, uuid, "item", predictions.predict_results, row, form=form)


@require_POST
def results_reveal(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Reveal the results on an item although not everyone has predicted."""
    row, _assessment = _about_results(request, uuid, item)
    return respond(request, uuid, "room", predictions.reveal_results, row)


def _about_results(request: SchoolRequest, uuid: UUID, item: UUID) -> tuple[AgendaItem, Assessment]:
    """An item of the meeting that the user may read, and the assessment that it is about, otherwise 404."""
    row = readable_item(request, uuid, item)
    if row.topic.assessment is None or row.topic.assessment.deleted_at:
        raise Http404
    return row, row.topic.assessment
