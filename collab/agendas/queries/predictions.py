"""Exhibits that wait for predictions, and the predictions made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from collab.agendas.models import AgendaItem, Prediction, Visibility
from collab.meetings.models import Attendance, Meeting
from collab.meetings.queries.participants import HERE
from datareview.dashboards.queries.exhibits import may_see
from teams.directory.models import User

if TYPE_CHECKING:
    from collab.agendas.models import Exhibit


@dataclass(frozen=True, slots=True)
class Predictions:
    """The reader's prediction, and how many of those present have predicted."""

    mine: str
    given: int
    present: int


def is_hidden(exhibit: Exhibit, meeting: Meeting) -> bool:
    """Whether ``exhibit`` must not be shown to anyone because someone present has not predicted.

    Before the meeting it is hidden, since nobody has predicted; in the minutes it is shown. Once revealed
    (``lifted_at``) it stays revealed, also when latecomers arrive.
    """
    if not exhibit.predict_first or exhibit.lifted_at or meeting.state == Meeting.State.CLOSED:
        return False
    if meeting.state != Meeting.State.LIVE:
        return True
    here = _who_predicts(exhibit, meeting)
    return not here or bool(here - _predicted(exhibit))


def awaited(exhibit: Exhibit, meeting: Meeting) -> set[int]:
    """Ids of users who are present and have not predicted."""
    return _who_predicts(exhibit, meeting) - _predicted(exhibit)


def predictions_of(user: User, exhibit: Exhibit, meeting: Meeting) -> Predictions:
    """Progress of the predictions on ``exhibit``, with the user's own."""
    present = _who_predicts(exhibit, meeting)
    mine = Prediction.objects.filter(exhibit=exhibit, user=user).values_list("text", flat=True).first()
    return Predictions(mine or "", len(present & _predicted(exhibit)), len(present))


def people_here(item: AgendaItem, meeting: Meeting) -> set[int]:
    """Ids of users who are present and may read ``item``."""
    rows = Attendance.objects.filter(meeting=meeting, mark__in=HERE)
    if item.visibility == Visibility.RESTRICTED:
        rows = rows.filter(Q(staff__in=item.readers.values("staff")) | Q(staff=item.owner_id))
    return set(rows.values_list("staff__user_id", flat=True))


def _who_predicts(exhibit: Exhibit, meeting: Meeting) -> set[int]:
    """Users present, except guests who may not see the chart's students and so cannot compare."""
    here = people_here(exhibit.item, meeting)
    guests = User.objects.filter(pk__in=here, staff_rows__in=meeting.guests.values("staff"))
    blind = {guest.pk for guest in guests if not may_see(guest, exhibit.view, exhibit.parameters)}
    return here - blind


def _predicted(exhibit: Exhibit) -> set[int]:
    return set(Prediction.objects.filter(exhibit=exhibit).values_list("user_id", flat=True))
