"""Which exhibits wait for predictions, and what was predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.models import Attendance, Meeting, Prediction

if TYPE_CHECKING:
    from collab.models import Exhibit
    from teams.models import User

HERE = (Attendance.Mark.PRESENT, Attendance.Mark.LATE, Attendance.Mark.REMOTE)


@dataclass(frozen=True, slots=True)
class Predictions:
    """What an exhibit waits for: how many have predicted of those present, and the reader's own words."""

    mine: str
    given: int
    present: int


def is_hidden(exhibit: Exhibit, meeting: Meeting) -> bool:
    """Whether no figure of ``exhibit`` may be sent to anybody: it waits for somebody who is present.

    Before the meeting nobody has predicted, so it is hidden; in the minutes it is shown.
    """
    if not exhibit.predict_first or exhibit.lifted_at or meeting.state == Meeting.State.CLOSED:
        return False
    if meeting.state != Meeting.State.LIVE:
        return True
    return not _present(meeting) or bool(_present(meeting) - _predicted(exhibit))


def predictions_of(user: User, exhibit: Exhibit, meeting: Meeting) -> Predictions:
    """How far the predicting is."""
    present = _present(meeting)
    mine = Prediction.objects.filter(exhibit=exhibit, user=user).values_list("text", flat=True).first()
    return Predictions(mine or "", len(present & _predicted(exhibit)), len(present))


def _present(meeting: Meeting) -> set[int]:
    rows = Attendance.objects.filter(meeting=meeting, mark__in=HERE)
    return set(rows.values_list("staff__user_id", flat=True))


def _predicted(exhibit: Exhibit) -> set[int]:
    return set(Prediction.objects.filter(exhibit=exhibit).values_list("user_id", flat=True))
