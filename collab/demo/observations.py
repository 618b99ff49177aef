"""Peer observations, meeting feedback, causes and teaching changes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np

from collab.agendas.models import AgendaItem
from collab.discussion.models import Contribution
from collab.followup.models import Cause, TeachingChange
from collab.meetings.models import Attendance, Meeting
from collab.observations.models import Evidence, PeerObservation
from collab.room.models import Pulse, PulseQuestion, PulseVoter
from teams.lib import clock

if TYPE_CHECKING:
    from collab.demo.people import SchoolData
    from teams.directory.models import Staff

SEED = 41
_State = PeerObservation.State
SEEN = [
    ("seen", "9:12 – six hands up, five of them at the two front tables"),
    ("heard", "“I knew it but he was faster” (table 4)"),
    ("seen", "9:15 – question asked, 2 seconds until the first answer"),
    ("seen", "9:21 – turn and talk: all eleven pairs talk"),
    ("heard", "Three pairs use “because”"),
    ("seen", "9:24 – question asked, 9 seconds; hands at every table"),
]
CAUSES = [
    ("instruction", "We read the passages once and never again."),
    ("instruction", "Our questions can be answered without the text."),
    ("curriculum", "Unit 3 comes before the standard it needs."),
    ("assessment", "Two questions asked for a word we had not taught."),
]
CHANGES = [
    ("Every passage three times, the third one aloud to a partner.", "Four of six read ten words more."),
    ("Wait five seconds after each question.", "Hands at every table, not only at the front."),
    ("Show one worked example before the exit ticket.", ""),
]


def make_observations(place: SchoolData) -> None:
    """Create observations of the demo teacher (requested, agreed and debriefed), and a shared one of a teammate."""
    rng = np.random.default_rng(SEED)
    _pulse_and_causes(place, rng)
    if "teacher" not in place.special:
        return
    teacher, teammate, colleague = place.special["teacher"], place.special["teammate"], place.teachers[-1]
    _visit(
        place,
        colleague,
        teacher,
        state=_State.ASKED,
        asked_by_host=True,
        message="Would you watch my number talk? I would do the same for you.",
        focus="How long do I wait after a question?",
    )
    _visit(
        place,
        teacher,
        teammate,
        days=2,
        state=_State.AGREED,
        focus="Who reads aloud, and who never does?",
        place_name="Room 14",
    )
    done: dict[str, Any] = {
        "state": _State.TALKED,
        "focus": "Who answers, and who never does?",
        "debrief": "The front tables answer first because the question comes with no time to think. With five "
        "seconds of quiet the hands came from everywhere.",
        "next_step": "Five seconds after every question, all week. Check on Friday.",
    }
    _visit(place, teacher, colleague, days=-9, evidence=True, **done)
    shared = {**done, "shared_at": clock.now() - dt.timedelta(days=1)}
    _visit(place, teammate, place.special["specialist"], days=-5, evidence=True, **shared)


def _visit(
    place: SchoolData,
    host: Staff,
    observer: Staff,
    *,
    days: int | None = None,
    place_name: str = "Room 11",
    evidence: bool = False,
    **fields: Any,
) -> None:
    day = None if days is None else _weekday(place.school.today() + dt.timedelta(days=days), back=days < 0)
    row = PeerObservation.objects.create(
        school=place.school,
        host=host,
        observer=observer,
        starts_at=None if day is None else place.school.at(day, dt.time(9, 10)),
        place="" if day is None else place_name,
        **fields,
    )
    if evidence:
        Evidence.objects.bulk_create(
            Evidence(observation=row, kind=kind, text=text, client_key=uuid.uuid4()) for kind, text in SEEN
        )


def _weekday(day: dt.date, *, back: bool) -> dt.date:
    while day.weekday() > 4:
        day += dt.timedelta(days=-1 if back else 1)
    return day


def _pulse_and_causes(place: SchoolData, rng: np.random.Generator) -> None:
    """Add feedback to each past meeting, mostly positive and improving, and causes to discussions of data."""
    held = Meeting.objects.filter(team__school=place.school, state=Meeting.State.CLOSED)
    for meeting in held.order_by("starts_at"):
        present = Attendance.objects.filter(meeting=meeting).exclude(mark="absent").select_related("staff")
        people = [row.staff for row in present]
        weeks = (clock.now() - meeting.starts_at).days / 7
        PulseVoter.objects.bulk_create(PulseVoter(meeting=meeting, user_id=one.user_id) for one in people)
        for question in PulseQuestion.values:
            yes = min(0.9, max(0.35, 0.85 - 0.04 * weeks))
            counts = rng.multinomial(len(people), [yes, 0.7 * (1 - yes), 0.3 * (1 - yes)])
            Pulse.objects.bulk_create(
                Pulse(meeting=meeting, question=question, answer=answer, count=int(count))
                for answer, count in zip(("yes", "so-so", "no"), counts, strict=True)
            )
        _why(meeting, people, rng)


def _why(meeting: Meeting, people: list[Staff], rng: np.random.Generator) -> None:
    """Add a cause and a teaching change to the data item of two meetings in three."""
    said = Contribution.objects.filter(item__meeting=meeting).values("item")
    item = AgendaItem.objects.filter(pk__in=said, kind="explore").first()
    if item is None or not people or rng.random() < 0.35:
        return
    author = people[int(rng.integers(len(people)))]
    kind, text = CAUSES[int(rng.integers(len(CAUSES)))]
    Cause.objects.create(item=item, author=author.user, kind=kind, text=text, client_key=uuid.uuid4())
    if kind == "instruction":
        text, saw = CHANGES[int(rng.integers(len(CHANGES)))]
        tried = meeting.starts_at.date() + dt.timedelta(days=2) if saw else None
        if tried and tried > meeting.team.school.today():
            tried, saw = None, ""
        TeachingChange.objects.create(
            item=item, teacher=author, text=text, tried_on=tried, saw=saw, client_key=uuid.uuid4()
        )
