"""What a team of the demo does between its meetings, by time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from collab.demo import texts
from teams.lib import clock
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import numpy as np

    from collab.demo.people import SchoolData
    from teams.directory.models import Staff, Team

_order = count()


@dataclass
class Diary:
    """What a team does between its meetings, by time."""

    team: Team
    people: list[Staff]
    place: SchoolData
    rng: np.random.Generator
    coming: list[tuple[dt.datetime, int, Callable[[], object]]] = field(default_factory=list)

    def later(self, moment: dt.datetime, work: Callable[[], object]) -> None:
        """Do ``work`` at ``moment``, unless that is in the future."""
        heappush(self.coming, (moment, next(_order), work))

    def catch_up(self, until: dt.datetime) -> None:
        """Do what is due before ``until``."""
        while self.coming and self.coming[0][0] < until:
            moment, _n, work = heappop(self.coming)
            with clock.stopped_at(moment), request_cache():
                work()

    def some(self, lines: list[str], least: int, most: int) -> list[str]:
        """Between ``least`` and ``most`` of ``lines``, with their blanks filled in."""
        size = int(self.rng.integers(least, most + 1))
        return [self.fill(str(text)) for text in self.rng.choice(lines, size=size, replace=False)]

    def fill(self, text: str) -> str:
        """Fill in the blanks of a text."""
        return text.format(
            n=int(self.rng.integers(2, 8)),
            m=int(self.rng.integers(8, 12)),
            k=int(self.rng.integers(4, 15)),
            day=self.rng.choice(["Tuesday", "Wednesday", "Thursday"]),
            standard=self.rng.choice(texts.STANDARDS),
            month=self.rng.choice(["September", "October"]),
        )

    def one_of(self, people: list[Staff]) -> Staff:
        """One of ``people``, by chance."""
        return people[int(self.rng.integers(len(people)))]

    def key(self) -> uuid.UUID:
        """A key of a form."""
        return uuid.UUID(bytes=self.rng.bytes(16))
