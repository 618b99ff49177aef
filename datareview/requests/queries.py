"""Requests with where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from datareview.flags.models import Candidate
from datareview.requests.permissions import requests_visible_to
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from datareview.requests.models import AssistanceRequest
    from teams.directory.models import School, User

A_PAGE = 50
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request, and in words where it stands."""

    request: AssistanceRequest
    status: str
    is_waiting: bool
    is_late: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class RequestList:
    """A page of requests; ``waiting`` counts those without an answer."""

    rows: list[RequestRow]
    page: Page[AssistanceRequest]
    waiting: int
    total: int


def request_list(user: User, school: School, wanted: Mapping[str, str]) -> RequestList:
    """Requests the user may see, the newest first; a constant number of queries."""
    visible = requests_visible_to(user).filter(student__school=school)
    waiting = visible.filter(withdrawn_on=None, candidate__state=Candidate.State.NEW)
    rows = waiting if wanted.get("show") == WAITING else visible
    whole = rows.select_related("student__school", "asked_by", "candidate__decided_by")
    page = Paginator(whole.order_by("-asked_on", "-pk"), A_PAGE).get_page(wanted.get("page", 1))
    today = school.today()
    return RequestList(
        rows=[_row(one, user, today) for one in page],
        page=page,
        waiting=waiting.count(),
        total=visible.count(),
    )


def open_requests(user: User, candidates: Collection[Candidate]) -> dict[int, list[AssistanceRequest]]:
    """Map candidate ids to their requests that the user may see and nobody withdrew, oldest first; one query."""
    found: dict[int, list[AssistanceRequest]] = {}
    rows = requests_visible_to(user).filter(candidate__in=candidates, withdrawn_on=None)
    for one in rows.select_related("asked_by", "student").order_by("asked_on", "pk"):
        found.setdefault(one.candidate_id, []).append(one)
    return found


def _row(request: AssistanceRequest, user: User, today: dt.date) -> RequestRow:
    candidate = request.candidate
    is_waiting = request.withdrawn_on is None and candidate.state == Candidate.State.NEW
    return RequestRow(
        request,
        _status(request, is_waiting=is_waiting),
        is_waiting,
        is_late=is_waiting and request.answer_by < today,
        may_withdraw=is_waiting and request.asked_by_id == user.pk,
    )


def _status(request: AssistanceRequest, *, is_waiting: bool) -> str:
    candidate = request.candidate
    if request.withdrawn_on:
        return _("Withdrawn")
    if is_waiting:
        return _("Will be answered by %(day)s") % {"day": formats.short_day(request.answer_by)}
    said = str(candidate.get_state_display())
    if candidate.watch_until:
        said = _("%(state)s until %(day)s") % {
            "state": said,
            "day": formats.short_day(candidate.watch_until),
        }
    return f"{said}: {candidate.decision_note}" if candidate.decision_note else said
