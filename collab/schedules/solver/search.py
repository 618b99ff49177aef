"""Search for the cheapest plan.

OR-tools is a large optional dependency, imported only when a search starts.
"""

from __future__ import annotations

import importlib.util
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from collab.availability.slots import TEACHING, Slot
from collab.schedules.solver.problem import Assignment, Need, Problem, cost_of, unevenness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SECONDS = 30.0
# Work limits in the solver's deterministic time, the same on fast and slow machines.
WORK = (16.0, 8.0)
MEMORY_MB = 1024
SEED = 20


def is_available() -> bool:
    """Whether OR-tools is installed."""
    return importlib.util.find_spec("ortools") is not None


def _points(slots: tuple[Slot, ...]) -> Iterator[set[int]]:
    """Sets of slots that overlap at one moment; overlapping slots all share the latest one's start."""
    for day, starts in sorted({(slot.day, slot.starts) for slot in slots}):
        yield {
            place for place, slot in enumerate(slots) if slot.day == day and slot.starts <= starts < slot.ends
        }


def solve(
    problem: Problem, *, seconds: float = SECONDS, on_progress: Callable[[int], None] | None = None
) -> Assignment:
    """The cheapest plan found in ``seconds``. ``on_progress`` receives the number of teams with a slot.

    Deterministic: one worker, a fixed seed, work counted instead of time, and earlier slots among equal
    plans. The need for cover is minimized first, then the choice of slots.
    """
    needs = tuple(sorted(problem.needs, key=lambda need: need.team))
    model = _Model(problem, needs)
    first = model.search(model.harm(), seconds=seconds * 2 / 3, work=WORK[0], on_progress=on_progress)
    if first is None:  # "no slot for any team" is always a solution, so this happens only without any time
        places: dict[int, int | None] = {need.team: None for need in needs}
        return Assignment(places, cost_of(problem, places), False)
    model.keep(model.harm(), first)
    second = model.search(model.comfort(), seconds=seconds / 3, work=WORK[1], on_progress=on_progress)
    found = second or first
    return Assignment(found.places, cost_of(problem, found.places), first.is_proven and bool(found.is_proven))


@dataclass(frozen=True, slots=True)
class _Found:
    places: dict[int, int | None]
    objective: int
    is_proven: bool


class _Model:
    """Boolean variables ``x[team, place]`` and "no slot" per team, exactly one of them true, and their costs."""

    def __init__(self, problem: Problem, needs: tuple[Need, ...]) -> None:
        from ortools.sat.python import cp_model

        self.problem, self.needs, self.cp = problem, needs, cp_model
        self.model = cp_model.CpModel()
        self.x: dict[tuple[int, int], Any] = {}
        self.none: dict[int, Any] = {}
        self.loss: dict[tuple[int, int], list[tuple[int, str]]] = {}
        for need in needs:
            for place in problem.options(need):
                key = need.team, place
                self.x[key] = self.model.new_bool_var(f"x{key}")
                self.loss[key] = problem.losses(need, problem.slots[place])
            self.none[need.team] = self.model.new_bool_var(f"none{need.team}")
            of_team = [var for (team, _place), var in self.x.items() if team == need.team]
            self.model.add_exactly_one([*of_team, self.none[need.team]])
        self._forbid_two_places()

    def _forbid_two_places(self) -> None:
        teams_of: dict[int, list[int]] = defaultdict(list)
        for need in self.needs:
            for person in sorted(need.people):
                teams_of[person].append(need.team)
        together = sorted({tuple(teams) for teams in teams_of.values() if len(teams) > 1})
        for point in _points(self.problem.slots):
            for teams in together:
                here = [var for (team, place), var in self.x.items() if team in teams and place in point]
                if len(here) > 1:
                    self.model.add_at_most_one(here)
            if self.problem.most_at_once:
                here = [var for (_team, place), var in self.x.items() if place in point]
                self.model.add(sum(here) <= self.problem.most_at_once)

    def harm(self) -> Any:
        """Teams without a slot, then lessons, then duties, as one number."""
        duties = sum(self._most("duty").values()) + 1
        lessons = (sum(self._most(TEACHING).values()) + 1) * duties
        kinds = {key: Counter(kind for _person, kind in losses) for key, losses in self.loss.items()}
        return sum(var * lessons for var in self.none.values()) + sum(
            var * (kinds[key][TEACHING] * duties + kinds[key].total() - kinds[key][TEACHING])
            for key, var in self.x.items()
        )

    def comfort(self) -> Any:
        """Unprotected slots, then uneven losses, then late slots, as one number."""
        early = len(self.needs) * len(self.problem.slots) + 1
        spread, most = self._spread()
        slots = self.problem.slots
        return spread * early + sum(
            var * ((not slots[place].is_protected) * (most + 1) * early + place)
            for (_team, place), var in self.x.items()
        )

    def _most(self, kind: str) -> dict[int, int]:
        """Team → the most losses of ``kind`` in any of its slots; everything but lessons counts as duty."""
        most = {need.team: 0 for need in self.needs}
        for (team, _place), losses in self.loss.items():
            count = sum((lost == TEACHING) == (kind == TEACHING) for _person, lost in losses)
            most[team] = max(most[team], count)
        return most

    def _spread(self) -> tuple[Any, int]:
        """The unevenness of lost lessons, and its upper bound."""
        of_person: dict[int, list[tuple[int, Any, int]]] = defaultdict(list)
        for (team, place), losses in self.loss.items():
            taught = Counter(person for person, kind in losses if kind == TEACHING)
            for person, n in taught.items():
                of_person[person].append((team, self.x[team, place], n))
        total: Any = 0
        most = 0
        for person, terms in sorted(of_person.items()):
            past, top = self.problem.past.get(person, 0), Counter[int]()
            for team, _var, n in terms:
                top[team] = max(top[team], n)
            most += unevenness(past, top.total())
            if len(top) == 1:  # one team, one slot: the cost is linear
                total += sum(var * unevenness(past, n) for _team, var, n in terms)
                continue
            # each further lesson costs more than the one before, so the minimum uses the steps in order
            steps = [self.model.new_bool_var(f"lost{person},{n}") for n in range(top.total())]
            self.model.add(sum(steps) >= sum(var * n for _team, var, n in terms))
            total += sum(step * (past + before) for before, step in enumerate(steps))
        return total, most

    def keep(self, expression: Any, found: _Found) -> None:
        """Keep only plans as good as ``found`` by ``expression``, with ``found`` as a hint."""
        self.model.add(expression <= found.objective)
        for (team, place), var in self.x.items():
            self.model.add_hint(var, int(found.places[team] == place))
        for team, var in self.none.items():
            self.model.add_hint(var, int(found.places[team] is None))

    def search(
        self, expression: Any, *, seconds: float, work: float, on_progress: Callable[[int], None] | None
    ) -> _Found | None:
        """The best plan by ``expression``; None if there was no time for any."""
        self.model.minimize(expression)
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = SEED
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.max_deterministic_time = work
        solver.parameters.max_memory_in_mb = MEMORY_MB
        status = solver.solve(self.model, _listener(self.cp, self.none, on_progress))
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        places: dict[int, int | None] = {need.team: None for need in self.needs}
        for (team, place), var in self.x.items():
            if solver.boolean_value(var):
                places[team] = place
        return _Found(places, round(solver.objective_value), status == self.cp.OPTIMAL)


def _listener(cp: Any, none: Mapping[int, Any], on_progress: Callable[[int], None] | None) -> Any:
    class Listener(cp.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            if on_progress:
                on_progress(sum(not self.boolean_value(var) for var in none.values()))

    return Listener()
