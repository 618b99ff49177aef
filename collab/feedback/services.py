"""Record meeting feedback: once per person, stored as anonymous counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from collab.feedback.models import Pulse, PulseAnswer, PulseQuestion, PulseVoter
from collab.feedback.queries import OPEN_DAYS
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.permissions import may_take_part_in
from collab.meetings.queries.participants import HERE
from collab.meetings.services.locking import announce, lock_meeting
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def rate_meeting(meeting: Meeting, *, actor: User, answers: dict[str, str]) -> None:
    """Answer any of the four questions. A second time raises DomainError and changes nothing."""
    meeting = lock_meeting(meeting)
    if not may_take_part_in(actor, meeting):
        raise PermissionDenied
    is_open = meeting.state == Meeting.State.LIVE or (
        meeting.closed_at and (clock.now() - meeting.closed_at).days < OPEN_DAYS
    )
    if not is_open:
        raise DomainError(_("This meeting can no longer be rated."))
    was_here = meeting.attendance.filter(mark__in=HERE)
    was_away = was_here.exists() and not was_here.filter(staff__user=actor).exists()
    if meeting.state == Meeting.State.CLOSED and was_away:
        # the counts may be public already, so one more answer would reveal itself
        raise DomainError(_("Only people who attended can rate this meeting."))
    given = {
        question: answer
        for question, answer in answers.items()
        if question in PulseQuestion.values and answer in PulseAnswer.values
    }
    if not given:
        raise DomainError(_("Answer at least one question."))
    try:
        with transaction.atomic():
            PulseVoter.objects.create(meeting=meeting, user=actor)
    except IntegrityError as error:
        raise DomainError(
            _("You have already answered. Answers are anonymous, so they can’t be changed.")
        ) from error
    for question, answer in given.items():
        row, _new = Pulse.objects.get_or_create(meeting=meeting, question=question, answer=answer)
        Pulse.objects.filter(pk=row.pk).update(count=F("count") + 1)
    if meeting.state == Meeting.State.LIVE:
        # without the actor: the event log must not record who answered when
        announce(meeting, actor=None, kind=EventKind.RATED, region=Region.PULSE)
