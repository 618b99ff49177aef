"""Slots of a bell schedule: when people can meet, the cost of each slot, and their ranking.

Pure: works on numbers, cycle days and minutes after midnight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TEACHING, DUTY, FREE = "teaching", "duty", "free"
LONGEST_BREAK = 15  # minutes between two periods that a meeting may span
LONGEST_OVERRUN = 10  # minutes a meeting may last after the bell if no period follows


@dataclass(frozen=True, slots=True)
class Bell:
    """A period: its number, cycle day (from 0), start and end in minutes after midnight."""

    period: int
    day: int
    starts: int
    ends: int
    name: str = ""
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A meeting time that starts with a period; ``periods`` are those it overlaps, in order.

    ``is_protected`` means that the school keeps all of them free for meetings.
    """

    day: int
    starts: int
    ends: int
    periods: tuple[int, ...]
    is_protected: bool = False

    def meets(self, other: Slot) -> bool:
        """Whether the two slots overlap."""
        return self.day == other.day and self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True, slots=True)
class Loss:
    """A person who would miss a lesson or duty in a period."""

    person: int
    period: int
    kind: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot with its cost. ``past`` counts lessons already lost by the people who would lose one."""

    slot: Slot
    losses: tuple[Loss, ...]
    clashes: tuple[int, ...]
    past: int

    @property
    def lessons(self) -> int:
        """Number of lessons whose teacher would be absent."""
        return sum(loss.kind == TEACHING for loss in self.losses)

    @property
    def covers(self) -> int:
        """Number of lessons and duties that need cover."""
        return len(self.losses)

    @property
    def is_free(self) -> bool:
        """Whether everyone is free."""
        return not self.losses and not self.clashes


def slots_of(bells: Iterable[Bell], minutes: int) -> list[Slot]:
    """All slots of ``minutes`` that start with a period and contain no gap, by day and time.

    A meeting may continue through the following periods if only short breaks lie between.
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
    """All slots of ``count`` consecutive periods with only short breaks between, by day and time."""
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
    """Combine slots of several cycle days that fall on the same day in turn, by day and time.

    ``days`` lists the cycle days for each resulting day, such as a weekday's A and B week. A slot exists if
    it does on any of them, and takes all periods it overlaps on any, so its cost is that of a whole round.
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
    """Whether the periods ``taken`` cover ``first`` to ``ends`` with only short breaks between."""
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
    """Rank ``slots`` by their cost for ``people``, best first.

    Parameters
    ----------
    slots
        From `slots_of`.
    people
        Numbers of the participants.
    kinds
        (person, period) → teaching, duty or free; free if missing.
    past
        Person → lessons lost to meetings so far; none by default.
    busy
        Slot → people who meet others then.

    Notes
    -----
    Slots when everyone is free come first, protected ones before others. Then by fewest lessons lost, fewest
    duties, fewest lessons lost so far, and time. Slots that clash with existing meetings come last.
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
    """Person → lessons lost to past ``meetings``, each (cycle day, start, end, people present)."""
    bells = tuple(bells)
    lost: dict[int, int] = {}
    for day, starts, ends, people in meetings:
        taken = [one.period for one in bells if one.day == day and one.starts < ends and starts < one.ends]
        for person in people:
            count = sum(kinds.get((person, period)) == TEACHING for period in taken)
            if count:
                lost[person] = lost.get(person, 0) + count
    return lost
