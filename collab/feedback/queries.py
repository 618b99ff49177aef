"""Meeting feedback: counts from four answers on; with three, only whether everyone said yes or someone said no.

Most teams are three. Two would each read the other's answer off any result. Of three, a member who said yes learns that
one of two others said no, but not which, and not how many; counts would tell it (one yes of three is one's own). The
words appear only once the meeting is closed and nobody can answer any more, so that no late answer shows in a change.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from collab.feedback.models import Pulse, PulseAnswer, PulseQuestion, PulseVoter
from collab.meetings.models import Meeting
from collab.meetings.queries.participants import HERE, participants_of
from teams.lib import clock

if TYPE_CHECKING:
    from teams.directory.models import User

FEWEST, FEW = 4, 3  # answers for counts, and for words
OPEN_DAYS = 7  # after the meeting


@dataclass(frozen=True, slots=True)
class Rated:
    """A question with its counts of yes, so-so and no, or with three answers the common ``word``; or neither."""

    question: str
    label: str
    counts: list[tuple[str, int]]
    answers: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class MeetingFeedback:
    """The feedback on a meeting for one reader. ``may_answer`` is the number of people who may give some."""

    questions: list[Rated]
    answered: int
    i_answered: bool
    may_answer: int

    @property
    def is_asked(self) -> bool:
        """Whether enough people may answer for anything to be shown."""
        return self.may_answer >= FEW

    @property
    def missing(self) -> int:
        """Number of answers needed before any are shown."""
        return max(0, min(FEWEST, self.may_answer) - self.answered)

    @property
    def is_shown(self) -> bool:
        """Whether there are results to show."""
        return any(rated.counts or rated.word for rated in self.questions)


def is_safe_to_reveal(meeting: Meeting) -> bool:
    """Whether results can be shown without revealing a late answer."""
    return _has_ended(meeting) or _have_answered(meeting, _voters_of(meeting))


def _has_ended(meeting: Meeting) -> bool:
    """Whether the days on which people could answer are over."""
    return meeting.closed_at is not None and clock.now() - meeting.closed_at >= dt.timedelta(days=OPEN_DAYS)


def _have_answered(meeting: Meeting, voters: set[int]) -> bool:
    """Whether everyone who was present is among ``voters`` (users' ids)."""
    here = set(meeting.attendance.filter(mark__in=HERE).values_list("staff__user_id", flat=True))
    if meeting.state == Meeting.State.CLOSED and not here:
        return False  # without attendance, everyone in the team may still answer
    return here <= voters


def _voters_of(meeting: Meeting) -> set[int]:
    return set(PulseVoter.objects.filter(meeting=meeting).values_list("user_id", flat=True))


def feedback_of(user: User, meeting: Meeting) -> MeetingFeedback:
    """The four questions with their results, if there are at least four answers; with three, the common word.

    Results appear only once everyone present has answered or answering has closed: a count that grows while
    people watch it would reveal who answered what.
    """
    voters = _voters_of(meeting)
    counts = {
        (question, answer): count
        for question, answer, count in Pulse.objects.filter(meeting=meeting).values_list(
            "question", "answer", "count"
        )
    }
    choices = [(str(value), str(label)) for value, label in PulseAnswer.choices]
    most = max((_answers(counts, str(value)) for value in PulseQuestion.values), default=0)
    is_complete = most >= FEW and (_has_ended(meeting) or _have_answered(meeting, voters))
    questions = []
    for value, label in PulseQuestion.choices:
        rows = [(answer_label, counts.get((value, answer), 0)) for answer, answer_label in choices]
        answers = sum(count for _answer, count in rows)
        few = is_complete and answers == FEW and meeting.state == Meeting.State.CLOSED
        questions.append(
            Rated(
                str(value),
                str(label),
                rows if answers >= FEWEST and is_complete else [],
                answers,
                _word(counts, str(value)) if few else "",
            )
        )
    return MeetingFeedback(
        questions=questions,
        answered=len(voters),
        i_answered=user.pk in voters,
        may_answer=_may_answer(meeting),
    )


def _answers(counts: dict[tuple[str, str], int], question: str) -> int:
    return sum(count for (about, _answer), count in counts.items() if about == question)


def _word(counts: dict[tuple[str, str], int], question: str) -> str:
    """What three answers have in common."""
    if counts.get((question, PulseAnswer.NO)):
        return _("Someone said no.")
    if counts.get((question, PulseAnswer.SO_SO)):
        return _("No one said no.")
    return _("Everyone said yes.")


def _may_answer(meeting: Meeting) -> int:
    """Number of people who may answer: once closed those who attended, before all participants."""
    people = participants_of(meeting)
    if meeting.state == Meeting.State.CLOSED and any(person.is_here for person in people):
        people = [person for person in people if person.is_here]
    return sum(person.staff.user_id is not None for person in people)
