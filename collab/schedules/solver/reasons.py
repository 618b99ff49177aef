"""Why a team has no slot in a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collab.schedules.solver.problem import Need, Problem


@dataclass(frozen=True, slots=True)
class Block:
    """Why a team cannot have a slot: other teams share its people, or the limit of simultaneous teams is reached.

    ``team`` 0 is the limit or, in a reason of kind "taken", a team outside the search.
    """

    slot: int
    team: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NoSlotReason:
    """Why a team has no slot.

    ``kind``: "none" (no slot is long enough on the days allowed), "cover" (each needs ``least`` or more
    covers, over the limit; the block is the cheapest slot with the people it calls away), "taken" (its people
    meet other teams), "blocked" (teams of this plan are in the way).
    """

    kind: str
    least: int = 0
    blocks: tuple[Block, ...] = ()


def no_slot_reason(problem: Problem, need: Need, places: Mapping[int, int | None]) -> NoSlotReason:
    """Why ``need`` has no slot, given ``places`` of the other teams."""
    if not problem.slots:
        return NoSlotReason("none")
    affordable = problem.affordable(need)
    if not affordable:
        costs = [problem.losses(need, slot) for slot in problem.slots]
        place = min(range(len(costs)), key=lambda place: len(costs[place]))
        who = tuple(sorted({person for person, _kind in costs[place]}))
        return NoSlotReason("cover", least=len(costs[place]), blocks=(Block(place, 0, who),))
    options = problem.options(need)
    if not options:
        return NoSlotReason(
            "taken",
            blocks=tuple(
                Block(place, 0, tuple(problem.is_taken(need, problem.slots[place]))) for place in affordable
            ),
        )
    return NoSlotReason("blocked", blocks=tuple(_blocks(problem, need, options, places)))


def _blocks(
    problem: Problem, need: Need, options: list[int], places: Mapping[int, int | None]
) -> Iterator[Block]:
    placed = [
        (other, place)
        for other in problem.needs
        if (place := places[other.team]) is not None and other != need
    ]
    for option in options:
        slot = problem.slots[option]
        found = False
        for other, place in placed:
            shared = need.people & other.people
            if shared and slot.meets(problem.slots[place]):
                found = True
                yield Block(option, other.team, tuple(sorted(shared)))
        if not found:
            yield Block(option, 0, ())
