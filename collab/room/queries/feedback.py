"""What people said of a meeting: nothing below four answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.meetings.models import Meeting
from collab.meetings.queries.participants import HERE
from collab.room.models import Pulse, PulseAnswer, PulseQuestion, PulseVoter
from teams.lib import clock

if TYPE_CHECKING:
    from teams.directory.models import User

FEWEST = 4
OPEN_DAYS = 7  # after the meeting


@dataclass(frozen=True, slots=True)
class Rated:
    """A question with how many said yes, so-so and no; without counts where fewer than four answered."""

    question: str
    label: str
    counts: list[tuple[str, int]]
    answers: int


@dataclass(frozen=True, slots=True)
class MeetingFeedback:
    """The pulse of a meeting for one person."""

    questions: list[Rated]
    answered: int
    i_answered: bool
    choices: list[tuple[str, str]]

    @property
    def missing(self) -> int:
        """Answers that are needed before any are shown."""
        return max(0, FEWEST - self.answered)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to show."""
        return any(rated.counts for rated in self.questions)


def is_safe_to_reveal(meeting: Meeting) -> bool:
    """Whether no answer will come that could be told by the difference it makes."""
    if meeting.closed_at and clock.now() - meeting.closed_at >= dt.timedelta(days=OPEN_DAYS):
        return True
    here = meeting.attendance.filter(mark__in=HERE, staff__user__isnull=False).values("staff__user")
    if meeting.state == Meeting.State.CLOSED and not here.exists():
        return False  # without attendance everybody of the team may still answer
    return not here.exclude(
        staff__user__in=PulseVoter.objects.filter(meeting=meeting).values("user")
    ).exists()


def feedback_of(user: User, meeting: Meeting) -> MeetingFeedback:
    """The four questions and, from four answers up, what was said.

    Only once everybody who was here has answered, or nobody can any more: a count that grows by one while
    people look at it would tell who said what.
    """
    voters = PulseVoter.objects.filter(meeting=meeting)
    counts = {
        (question, answer): count
        for question, answer, count in Pulse.objects.filter(meeting=meeting).values_list(
            "question", "answer", "count"
        )
    }
    choices = [(str(value), str(label)) for value, label in PulseAnswer.choices]
    is_complete = is_safe_to_reveal(meeting)
    questions = []
    for value, label in PulseQuestion.choices:
        said = [(answer_label, counts.get((value, answer), 0)) for answer, answer_label in choices]
        answers = sum(count for _answer, count in said)
        questions.append(
            Rated(str(value), str(label), said if answers >= FEWEST and is_complete else [], answers)
        )
    return MeetingFeedback(
        questions=questions,
        answered=voters.count(),
        i_answered=voters.filter(user_id=user.pk).exists(),
        choices=choices,
    )
