"""Results as a request asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from datareview.assessments.permissions import assessments_visible_to
from datareview.looks.http import is_read
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from datareview.records.models import Assessment
    from datareview.results.queries.page import ResultsPage
    from teams.directory.models import User
    from teams.lib.requests import SchoolRequest


def looked_at(request: SchoolRequest, uuid: UUID) -> ResultsPage:
    """The results for the user, as chosen in the query string; that they are looked at is recorded."""
    from datareview.looks.services import record_results_view
    from datareview.results.queries.page import results_page

    found = prepared_rows(_assessment, reader_of(request.user), uuid)
    if not found:
        raise Http404
    (assessment,) = found
    page = results_page(request.user, assessment, request.GET.dict())
    if page.entered and is_read(request):
        section = page.chosen.section if page.chosen else None
        record_results_view(assessment, reader=request.user, section=section, seen=page.numbers.seen)
    return page


def _assessment(user: User, uuid: UUID) -> QuerySet[Assessment]:
    visible = assessments_visible_to(user).filter(uuid=uuid)
    return visible.select_related("team__school").prefetch_related("sections")
