"""Predict results, then reveal them: they stay hidden until everyone present has predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.permissions import may_read
from collab.agendas.services.items import lock_agenda
from collab.agendas.services.locking import authorize_and_lock
from collab.findings.models import ResultsPrediction
from collab.findings.queries.predictions import are_waiting, state_of
from collab.findings.queries.results import assessment_of
from collab.meetings.models import EventKind, Region
from collab.meetings.permissions import may_run
from collab.meetings.services.locking import announce, lock_live_meeting
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from collab.agendas.models import AgendaItem
    from collab.findings.models import ShownResults
    from collab.meetings.models import Meeting
    from teams.directory.models import User


@transaction.atomic
def predict_results(
    item: AgendaItem, *, actor: User, shares: Mapping[str, int], hardest: Sequence[int]
) -> ResultsPrediction:
    """Record what the actor expects of the results on ``item``. It can be changed until they are revealed.

    ``shares`` maps codes of standards to percents of secure students, ``hardest`` are numbers of items.
    """
    meeting = authorize_and_lock(item, actor)
    if not shares and not hardest:
        raise DomainError(_("Predict at least one number, even if you are not sure."))
    assessment = assessment_of(item)
    if assessment is None or not are_waiting(state_of(item), assessment, meeting):
        raise DomainError(_("The results are already visible, so predictions are closed."))
    values = {"shares": dict(shares), "hardest": list(hardest), "at": clock.now()}
    row, _new = ResultsPrediction.objects.update_or_create(item=item, user=actor, defaults=values)
    # do not disturb the others while they write; their item refreshes once the last one has predicted
    announce(meeting, actor=actor, kind=EventKind.PREDICTED, region=Region.PEOPLE, item=str(item.uuid))
    reveal_predicted_results(meeting)
    return row


@transaction.atomic
def reveal_results(item: AgendaItem, *, actor: User) -> ShownResults:
    """Reveal the results on ``item`` although not everyone has predicted."""
    meeting = lock_live_meeting(item.meeting)
    if not may_run(actor, meeting) or not may_read(actor, item):
        raise PermissionDenied
    state = state_of(item)
    if state.lifted_at is None:
        _lift(state, meeting, actor)
    return state


@transaction.atomic
def ask_to_predict_results(item: AgendaItem, *, actor: User, wanted: bool) -> ShownResults:
    """Hide the results on ``item`` until everyone present has predicted, or stop hiding them."""
    if item.meeting is None:
        raise DomainError(_("This item isn’t on an agenda yet. Add it to one first."))
    meeting = lock_agenda(item.meeting, actor)
    if not may_read(actor, item):
        raise PermissionDenied
    state = state_of(item)
    state.predict_first, state.lifted_at = wanted, None
    state.save()
    announce(meeting, actor=actor, kind=EventKind.EXHIBIT, region=Region.ROOM)
    return state


def reveal_predicted_results(meeting: Meeting) -> None:
    """Reveal results for good once everyone present has predicted. The meeting must be locked."""
    about = meeting.items.filter(topic__assessment__isnull=False, results_predictions__isnull=False)
    for item in about.select_related("topic__assessment").distinct():
        state, assessment = state_of(item), assessment_of(item)
        is_asked = assessment is not None and state.lifted_at is None
        if assessment and is_asked and not are_waiting(state, assessment, meeting):
            _lift(state, meeting, None)


def _lift(state: ShownResults, meeting: Meeting, actor: User | None) -> None:
    state.lifted_at = clock.now()
    state.save()
    kind = EventKind.LIFTED if actor else EventKind.SHOWN
    announce(meeting, actor=actor, kind=kind, region=Region.ROOM, item=str(state.item.uuid))
