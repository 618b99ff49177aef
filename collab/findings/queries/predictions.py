"""Whether results wait for predictions, and the predictions beside what the results were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.agendas.queries.predictions import people_here
from collab.findings.models import ResultsPrediction, ShownResults
from collab.meetings.models import Meeting
from collab.protocols.models import Shows
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection

    from collab.agendas.models import AgendaItem
    from datareview.records.models import Assessment
    from datareview.results.frames.standards import StandardResult
    from datareview.shared_results.frames import TeamSummary
    from teams.directory.models import User

MOST_NAMED = 5  # items that people expected to be hardest


@dataclass(frozen=True, slots=True)
class WaitingResults:
    """Results that wait: the reader's own prediction, and how many of those present have predicted."""

    mine: ResultsPrediction | None
    given: int
    present: int


@dataclass(frozen=True, slots=True)
class StandardGuess:
    """What people expected on one standard, in percent, and what it was; ``mine`` is the reader's own."""

    result: StandardResult
    guesses: tuple[int, ...]
    mine: int | None

    @property
    def marks(self) -> list[str]:
        """The places of the guesses on a drawn scale."""
        return [f"{one}%" for one in self.guesses]

    @property
    def expected(self) -> str:
        """The range of the guesses in words."""
        low, high = min(self.guesses), max(self.guesses)
        ends = formats.percent(low, 0), formats.percent(high, 0)
        return ends[0] if low == high else "–".join(ends)

    @property
    def mine_in_words(self) -> str:
        """The reader's own guess; empty without one."""
        return "" if self.mine is None else formats.percent(self.mine, 0)


@dataclass(frozen=True, slots=True)
class ItemGuess:
    """An item that some expected to be among the hardest, and its place among the items from the hardest (1)."""

    number: int
    people: int
    place: int


@dataclass(frozen=True, slots=True)
class Guesses:
    """The predictions of a team beside what the results were: by standard, and of the hardest items."""

    people: int
    standards: tuple[StandardGuess, ...]
    items: tuple[ItemGuess, ...]
    hardest: tuple[int, ...]

    def on(self, code: str) -> StandardGuess | None:
        """What people expected on the standard with that code."""
        return next((one for one in self.standards if one.result.standard.code == code), None)


def state_of(item: AgendaItem) -> ShownResults:
    """The state of the results on ``item``; unsaved if nothing has happened to them."""
    return ShownResults.objects.filter(item=item).first() or ShownResults(item=item)


def is_asked_first(state: ShownResults, meeting: Meeting) -> bool:
    """Whether people predict before they see the results: as the team decided, or else as the protocol says."""
    if state.predict_first is not None:
        return state.predict_first
    return meeting.items.filter(shows=Shows.PREDICTIONS).exists()


def asked_first(items: Collection[AgendaItem]) -> set[int]:
    """The items of an agenda whose results wait for predictions, by primary key; in one query."""
    about = [item for item in items if item.topic.assessment_id]
    if not about:
        return set()
    by_protocol = any(item.shows == Shows.PREDICTIONS for item in items)
    states = {one.item_id: one for one in ShownResults.objects.filter(item__in=about)}
    found = set()
    for item in about:
        state = states.get(item.pk)
        asks = state.predict_first if state else None
        if by_protocol if asks is None else asks:
            found.add(item.pk)
    return found


def are_waiting(state: ShownResults, assessment: Assessment, meeting: Meeting) -> bool:
    """Whether results must not be shown to anyone because someone present has not predicted.

    Before the meeting they wait; in the minutes they are shown. Results of which nothing is entered wait for nobody.
    """
    if state.lifted_at or meeting.state == Meeting.State.CLOSED or not is_asked_first(state, meeting):
        return False
    if not assessment.sittings.filter(is_absent=False).exists():
        return False
    if meeting.state != Meeting.State.LIVE:
        return True
    here = who_predicts(state.item, meeting)
    return not here or bool(here - _predicted(state.item))


def silent_on(item: AgendaItem, meeting: Meeting) -> set[int]:
    """Ids of users who are present and have not predicted the results on ``item``."""
    return who_predicts(item, meeting) - _predicted(item)


def waiting_results(user: User, item: AgendaItem, meeting: Meeting) -> WaitingResults:
    """How far the predictions of the results on ``item`` are."""
    present = who_predicts(item, meeting)
    rows = {row.user_id: row for row in item.results_predictions.all()}
    return WaitingResults(rows.get(user.pk), len(present & rows.keys()), len(present))


def who_predicts(item: AgendaItem, meeting: Meeting) -> set[int]:
    """Ids of the users present for whose predictions the results wait. Guests may predict, and nobody waits for them."""
    guests = meeting.guests.values_list("staff__user_id", flat=True)
    return people_here(item, meeting) - set(guests)


def _predicted(item: AgendaItem) -> set[int]:
    return set(ResultsPrediction.objects.filter(item=item).values_list("user_id", flat=True))


def guesses_about(
    user: User, summary: TeamSummary, predictions: Collection[ResultsPrediction]
) -> Guesses | None:
    """The predictions of the results on one item beside ``summary``; None without any."""
    if not predictions or not summary.is_shown:
        return None
    mine = next((one for one in predictions if one.user_id == user.pk), None)
    standards = []
    for result in summary.standards:
        code = result.standard.code
        given = sorted(one.shares[code] for one in predictions if code in one.shares)
        if given and result.share is not None:
            standards.append(StandardGuess(result, tuple(given), mine.shares.get(code) if mine else None))
    order = sorted(summary.items, key=lambda one: (one.share or 0.0, one.number))
    place = {one.number: number for number, one in enumerate(order, start=1)}
    named = [number for one in predictions for number in one.hardest if number in place]
    counts = {number: named.count(number) for number in named}
    items = [
        ItemGuess(number, counts[number], place[number])
        for number in sorted(counts, key=lambda one: (-counts[one], one))[:MOST_NAMED]
    ]
    hardest = tuple(one.number for one in order[:3]) if items else ()
    return Guesses(len(predictions), tuple(standards), tuple(items), hardest)
