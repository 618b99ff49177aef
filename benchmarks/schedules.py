"""One weekly time for every team of a large school."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from benchmarks.timing import seconds
from collab.availability.slots import DUTY, FREE, TEACHING, Bell, slots_of
from collab.schedules.solver.problem import Need, Problem
from collab.schedules.solver.search import solve

if TYPE_CHECKING:
    from benchmarks.timing import Report


def measure(report: Report, teams: int) -> None:
    """Solve one fictional school."""
    problem = large_school(teams=teams)
    report.figures[f"a weekly time for {teams} teams of 120 people"] = (
        f"{seconds(lambda: solve(problem)):.3g} s"
    )


def large_school(*, teams: int = 40, staff: int = 120, seed: int = 7) -> Problem:
    """Five days of seven periods; each grade's teachers share a free period, specialists sit in many teams."""
    chance = random.Random(seed)  # noqa: S311 (the same school every time)
    bells = [
        Bell(day * 7 + n, day, 480 + n * 55, 530 + n * 55, "", n == 6) for day in range(5) for n in range(7)
    ]
    kinds = {}
    for person in range(staff):
        free = {person // 6 % 7, *chance.sample(range(7), 1)}
        duty = chance.randrange(7)
        for bell in bells:
            number = bell.period % 7
            kinds[person, bell.period] = FREE if number in free else DUTY if number == duty else TEACHING
    needs = []
    for team in range(1, teams + 1):
        base = (team * 3) % staff
        people = {(base + n) % staff for n in range(4)} | set(chance.sample(range(staff - 10, staff), 2))
        needs.append(Need(team, frozenset(people)))
    past = {person: chance.randrange(6) for person in range(staff)}
    return Problem(tuple(needs), tuple(slots_of(bells, 45)), kinds, past, most_at_once=6)
