"""When people can meet: the slots of a bell schedule, what each would cost, and which is best.

Pure: numbers, days of the cycle and minutes after midnight go in and come out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TEACHING, DUTY, FREE = "teaching", "duty", "free"
LONGEST_BREAK = 15  # minutes between two periods that one meeting may run through
LONGEST_OVERRUN = 10  # minutes that a meeting may last after the bell when no period follows


@dataclass(frozen=True, slots=True)
class Bell:
    """A period: its number, day of the cycle (0 the first), begin and end in minutes after midnight."""

    period: int
    day: int
    starts: int
    ends: int
    name: str = ""
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A time to meet that begins with a period; ``periods`` are those it takes, the first one first.

    ``is_protected`` says that the school keeps all of them free for meetings.
    """

    day: int
    starts: int
    ends: int
    periods: tuple[int, ...]
    is_protected: bool = False

    def meets(self, other: Slot) -> bool:
        """Whether both take some of the same time."""
        return self.day == other.day and self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True, slots=True)
class Loss:
    """Somebody who would be called away from a lesson or a duty in a period."""

    person: int
    period: int
    kind: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot with what it costs. ``past`` counts the lessons that those who lose one lost so far."""

    slot: Slot
    losses: tuple[Loss, ...]
    clashes: tuple[int, ...]
    past: int

    @property
    def lessons(self) -> int:
        """Lessons that their teacher would miss."""
        return sum(loss.kind == TEACHING for loss in self.losses)

    @property
    def covers(self) -> int:
        """Lessons and duties that somebody else would have to take."""
        return len(self.losses)

    @property
    def is_free(self) -> bool:
        """Whether everybody has that time."""
        return not self.losses and not self.clashes


def slots_of(bells: Iterable[Bell], minutes: int) -> list[Slot]:
    """Every time of ``minutes`` that begins with a period and needs no gap, by day and time.

    A meeting longer than its period goes on through the next ones when at most a short break lies between.
    """
    found = []
    days: dict[int, list[Bell]] = {}
    for bell in sorted(bells, key=lambda one: (one.day, one.starts, one.ends, one.period)):
        days.setdefault(bell.day, []).append(bell)
    for day, of_day in days.items():
        for bell in of_day:
            ends = bell.starts + minutes
            taken = [one for one in of_day if one.starts < ends and bell.starts < one.ends]
            if _reaches(bell, taken, ends):
                periods = (bell.period, *(one.period for one in taken if one is not bell))
                protected = all(one.is_protected for one in taken)
                found.append(Slot(day, bell.starts, ends, periods, protected))
    return sorted(set(found), key=lambda slot: (slot.day, slot.starts, slot.periods))


def whole_periods(bells: Iterable[Bell], count: int) -> list[Slot]:
    """Every run of ``count`` periods with nothing but short breaks between, by day and time."""
    found: set[Slot] = set()
    ordered = sorted(bells, key=lambda one: (one.day, one.starts, one.ends, one.period))
    for first in ordered:
        until, taken = first.ends, 1
        while taken < count:
            later = [
                one for one in ordered if one.day == first.day and 0 <= one.starts - until <= LONGEST_BREAK
            ]
            if not later:
                break
            until, taken = later[0].ends, taken + 1
        if taken == count:
            of_time = slots_of([one for one in ordered if one.day == first.day], until - first.starts)
            found.update(slot for slot in of_time if slot.periods[0] == first.period)
    return sorted(found, key=lambda slot: (slot.day, slot.starts, slot.periods))


def folded(slots: Iterable[Slot], bells: Iterable[Bell], days: Sequence[Sequence[int]]) -> list[Slot]:
    """Slots of days on each of which several days of the cycle fall in turn, by day and time.

    ``days`` are these, for each day of the result: a weekday with its A and its B week. A slot is there where
    it is one on any of them; it takes every period that it meets on any, so that its cost is that of a round.
    """
    slots, bells = tuple(slots), tuple(bells)
    found = []
    for day, of_cycle in enumerate(days):
        for starts, ends in sorted({(one.starts, one.ends) for one in slots if one.day in of_cycle}):
            taken = [one for one in bells if one.day in of_cycle and one.starts < ends and starts < one.ends]
            taken.sort(key=lambda one: (one.day, one.starts, one.ends, one.period))
            protected = {one.day for one in taken} == set(of_cycle) and all(one.is_protected for one in taken)
            found.append(Slot(day, starts, ends, tuple(one.period for one in taken), protected))
    return found


def _reaches(first: Bell, taken: list[Bell], ends: int) -> bool:
    """Whether the periods ``taken`` reach from ``first`` to ``ends`` with nothing but short breaks between."""
    until = first.ends
    for bell in taken:
        if bell.starts >= first.starts and bell.starts - until > LONGEST_BREAK:
            return False
        until = max(until, bell.ends)
    return ends - until <= LONGEST_OVERRUN


def choices_of(
    slots: Iterable[Slot],
    people: Iterable[int],
    kinds: Mapping[tuple[int, int], str],
    *,
    past: Mapping[int, int] | None = None,
    busy: Mapping[Slot, Iterable[int]] | None = None,
) -> list[Choice]:
    """What each of ``slots`` costs ``people``, best first.

    Parameters
    ----------
    slots
        As `slots_of` makes them.
    people
        Numbers of those who shall meet.
    kinds
        (person, period) → teaching, duty or free; who is not in it is free.
    past
        Person → lessons they lost to meetings so far; nobody lost any when not given.
    busy
        Slot → who meets others then.

    Notes
    -----
    Times that everybody has come first, of these the protected ones; then the fewest lessons lost, the
    fewest duties, those who lost least so far, and the earliest. A time at which somebody meets already
    stands last.
    """
    people, past, busy = tuple(people), past or {}, busy or {}
    found = [_choice(slot, people, kinds, past, frozenset(busy.get(slot, ()))) for slot in slots]
    return sorted(found, key=_rank)


def _choice(
    slot: Slot,
    people: tuple[int, ...],
    kinds: Mapping[tuple[int, int], str],
    past: Mapping[int, int],
    busy: frozenset[int],
) -> Choice:
    losses = tuple(
        Loss(person, period, kind)
        for person in people
        for period in slot.periods
        if (kind := kinds.get((person, period), FREE)) != FREE
    )
    losers = {loss.person for loss in losses if loss.kind == TEACHING}
    clashes = tuple(person for person in people if person in busy)
    return Choice(slot, losses, clashes, sum(past.get(person, 0) for person in losers))


def _rank(choice: Choice) -> tuple[int, ...]:
    group = 3 if choice.clashes else 2 if choice.losses else 0 if choice.slot.is_protected else 1
    duties = choice.covers - choice.lessons
    return (
        len(choice.clashes) if group == 3 else 0,
        group,
        choice.lessons,
        duties,
        choice.past,
        not choice.slot.is_protected,
        choice.slot.day,
        choice.slot.starts,
        choice.slot.periods[0],
    )


def lost_so_far(
    meetings: Iterable[tuple[int, int, int, Iterable[int]]],
    bells: Iterable[Bell],
    kinds: Mapping[tuple[int, int], str],
) -> dict[int, int]:
    """Person → lessons lost to ``meetings`` held: (day of the cycle, starts, ends, who was there) each."""
    bells = tuple(bells)
    lost: dict[int, int] = {}
    for day, starts, ends, people in meetings:
        taken = [one.period for one in bells if one.day == day and one.starts < ends and starts < one.ends]
        for person in people:
            count = sum(kinds.get((person, period)) == TEACHING for period in taken)
            if count:
                lost[person] = lost.get(person, 0) + count
    return lost
