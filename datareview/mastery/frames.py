"""Sittings and points of many checks at once, and over which classes of each a reader may see the team's numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datareview.looks.frames import NO_CLASS, Entered
from datareview.results.frames.standards import standard_result

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.records.models import Assessment, Standard
    from datareview.results.frames.standards import StandardResult


@dataclass(slots=True, eq=False)
class Check:
    """A check: the class of each student who sat it or was absent (None: in no class), and who is enrolled in each class.

    ``released`` are as in `Entered`.
    ``asked`` has the number of items and the points possible of each standard, ``got`` the number of answers and the
    points of each student on each standard.
    """

    assessment: Assessment
    sat: dict[int, int | None] = field(default_factory=dict)
    absent: dict[int, int | None] = field(default_factory=dict)
    released: set[int] = field(default_factory=set)
    enrolled: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    asked: dict[int, tuple[int, float]] = field(default_factory=dict)
    got: dict[int, dict[int, tuple[int, float]]] = field(default_factory=lambda: defaultdict(dict))

    def entered(self) -> Counter[int]:
        """How many students of each class sat it."""
        return Counter(section for section in self.sat.values() if section is not None)

    def is_whole(self, section: int, share: float) -> bool:
        """Whether answers of at least ``share`` of a class are in, or the students were absent."""
        elsewhere = {pk for rows in (self.sat, self.absent) for pk, one in rows.items() if one != section}
        here = {pk for rows in (self.sat, self.absent) for pk, one in rows.items() if one == section}
        given = (self.enrolled[section] - elsewhere) | here
        return len(here) >= share * len(given)

    def who(self) -> Entered:
        """Who was entered."""
        return Entered(self.class_of(), self.whole(), self.released)

    def class_of(self) -> dict[int, int]:
        """The class of each student who sat it, `NO_CLASS` without one."""
        return {student: section or NO_CLASS for student, section in self.sat.items()}

    def whole(self) -> set[int]:
        """The students of whom all answers are in."""
        items = sum(n for n, _possible in self.asked.values())
        answered: Counter[int] = Counter()
        for of_students in self.got.values():
            answered.update({student: n for student, (n, _points) in of_students.items()})
        return {student for student in self.sat if answered[student] == items}

    def result(self, standard: Standard, students: Collection[int]) -> StandardResult:
        """The result on a standard over ``students``."""
        items, possible = self.asked[standard.pk]
        shares = [
            points / possible
            for student, (answers, points) in self.got[standard.pk].items()
            if answers == items and student in students and student in self.sat
        ]
        return standard_result(standard, items, shares, self.assessment.mastery)
