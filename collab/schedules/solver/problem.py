"""A scheduling problem, and the cost of a plan for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from collab.availability.slots import FREE, TEACHING, Slot

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Cost(NamedTuple):
    """The cost of a plan, most important part first; smaller is better.

    Teams without a slot; lessons and duties that need cover; slots not protected for meetings; and how
    unevenly lessons are lost: each lost lesson costs the number its teacher lost before, in the past and in
    this plan.
    """

    unplaced: int
    lessons: int
    duties: int
    unprotected: int
    spread: int


@dataclass(frozen=True, slots=True)
class Need:
    """A team that needs a slot, and its people."""

    team: int
    people: frozenset[int]


@dataclass(frozen=True)
class Problem:
    """A scheduling problem.

    Parameters
    ----------
    needs
        Teams with their people, each team once.
    slots
        From `collab.availability.slots.slots_of`, for the days allowed.
    kinds
        (person, period) → teaching, duty or free; free if missing.
    past
        Person → lessons lost to meetings so far.
    taken
        Person → times at which they meet teams outside this search.
    most_at_once
        Number of teams that may meet at the same time; 0 for no limit.
    most_covers
        Number of covers a slot may need; None for no limit.
    """

    needs: tuple[Need, ...]
    slots: tuple[Slot, ...]
    kinds: Mapping[tuple[int, int], str] = field(default_factory=dict)
    past: Mapping[int, int] = field(default_factory=dict)
    taken: Mapping[int, Collection[Slot]] = field(default_factory=dict)
    most_at_once: int = 0
    most_covers: int | None = None

    def losses(self, need: Need, slot: Slot) -> list[tuple[int, str]]:
        """(person, kind) for each lesson or duty that ``need`` would miss in ``slot``."""
        return [
            (person, kind)
            for person in sorted(need.people)
            for period in slot.periods
            if (kind := self.kinds.get((person, period), FREE)) != FREE
        ]

    def is_taken(self, need: Need, slot: Slot) -> list[int]:
        """People of ``need`` who meet another team during ``slot``."""
        return [
            person
            for person in sorted(need.people)
            if any(slot.meets(other) for other in self.taken.get(person, ()))
        ]

    def affordable(self, need: Need) -> list[int]:
        """Indices in ``slots`` that need no more cover than allowed."""
        most = self.most_covers
        return [
            place
            for place, slot in enumerate(self.slots)
            if most is None or len(self.losses(need, slot)) <= most
        ]

    def options(self, need: Need) -> list[int]:
        """Indices in ``slots`` that ``need`` could have if it were the only team searched for."""
        return [place for place in self.affordable(need) if not self.is_taken(need, self.slots[place])]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Team → index of its slot (None: no slot), and whether the plan is proven optimal."""

    places: dict[int, int | None]
    cost: Cost
    is_proven: bool


def cost_of(problem: Problem, places: Mapping[int, int | None]) -> Cost:
    """The cost of ``places``."""
    lost: Counter[int] = Counter()
    unplaced = lessons = duties = unprotected = 0
    for need in problem.needs:
        place = places[need.team]
        if place is None:
            unplaced += 1
            continue
        losses = problem.losses(need, problem.slots[place])
        taught = [person for person, kind in losses if kind == TEACHING]
        lessons, duties = lessons + len(taught), duties + len(losses) - len(taught)
        unprotected += not problem.slots[place].is_protected
        lost.update(taught)
    spread = sum(unevenness(problem.past.get(person, 0), n) for person, n in lost.items())
    return Cost(unplaced, lessons, duties, unprotected, spread)


def unevenness(past: int, lessons: int) -> int:
    """The cost of ``lessons`` more lost lessons for a person who lost ``past`` before."""
    return sum(past + before for before in range(lessons))
