"""Peer observations around the demo teacher, arranged and debriefed with the product's services."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from collab.demo.texts import SEEN
from collab.observations.services import (
    agree_on,
    ask_colleague,
    end_visit,
    note_evidence,
    share_observation,
    write_debrief,
)
from teams.lib import clock

if TYPE_CHECKING:
    from collab.demo.people import SchoolData
    from collab.observations.models import PeerObservation
    from teams.directory.models import Staff

QUESTION = "Who answers, and who never does?"
DEBRIEF = (
    "The front tables answer first because the question comes with no time to think. With five seconds of quiet the "
    "hands came from everywhere."
)
NEXT_STEP = "Five seconds after every question, all week. Check on Friday."


def make_observations(place: SchoolData) -> None:
    """Create visits of the demo teacher (requested, agreed and debriefed), and a shared one of a teammate."""
    if "teacher" not in place.special:
        return
    teacher, teammate, colleague = place.special["teacher"], place.special["teammate"], place.teachers[-1]
    with clock.stopped_at(_at(place, -1, 15)):
        ask_colleague(
            teacher,
            actor=colleague.user,
            school=place.school,
            as_host=True,
            message="Would you watch my number talk? I would do the same for you.",
            focus="How long do I wait after a question?",
        )
    _arrange(place, teacher, teammate, 2, focus="Who reads aloud, and who never does?", room="Room 14")
    _visit(place, teacher, colleague, -9)
    shared = _visit(place, teammate, place.special["specialist"], -5)
    with clock.stopped_at(_at(place, -1, 14)):
        share_observation(shared, actor=teammate.user, is_shared=True)


def _arrange(
    place: SchoolData,
    host: Staff,
    observer: Staff,
    days: int,
    *,
    focus: str = QUESTION,
    room: str = "Room 11",
) -> PeerObservation:
    """Ask and agree on a visit at 9:10, ``days`` from today."""
    with clock.stopped_at(_at(place, min(days, 0) - 4, 12)):
        row = ask_colleague(observer, actor=host.user, school=place.school, as_host=True, focus=focus)
    with clock.stopped_at(_at(place, min(days, 0) - 3, 8)):
        starts_at = _at(place, days, 9, 10)
        return agree_on(
            row, actor=observer.user, starts_at=starts_at, focus=focus, place=room, version=row.version
        )


def _visit(place: SchoolData, host: Staff, observer: Staff, days: int) -> PeerObservation:
    """Arrange a visit, note what is seen, and debrief."""
    row = _arrange(place, host, observer, days)
    for minute, (kind, text) in enumerate(SEEN):
        with clock.stopped_at(_at(place, days, 9, 12 + 2 * minute)):
            note_evidence(row, actor=observer.user, kind=kind, text=text, client_key=uuid.uuid4())
    with clock.stopped_at(_at(place, days, 15)):
        row = end_visit(row, actor=observer.user)
        return write_debrief(
            row, actor=host.user, debrief=DEBRIEF, next_step=NEXT_STEP, version=row.version, is_over=True
        )


def _at(place: SchoolData, days: int, hour: int, minute: int = 0) -> dt.datetime:
    """A time ``days`` from today, on a weekday: the Friday before or the Monday after a weekend."""
    day = place.today + dt.timedelta(days=days)
    while day.weekday() > 4:
        day += dt.timedelta(days=-1 if days < 0 else 1)
    return place.school.at(day, dt.time(hour, minute))
