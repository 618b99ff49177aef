"""Timing comparisons: peers take turns, figures are medians, and each line is a ratio."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Line:
    """One row of the report; ``ratio`` is peer over ours, None if the peer was not run."""

    what: str
    peer: str
    ours: float
    theirs: float | None
    unit: str
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times longer the peer takes."""
        return None if self.theirs is None or not self.ours else self.theirs / self.ours


@dataclass(slots=True)
class Report:
    """The lines so far, and additional figures."""

    lines: list[Line] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def add(self, what: str, peer: str, ours: float, theirs: float | None, unit: str, note: str = "") -> None:
        """Add one comparison."""
        self.lines.append(Line(what, peer, ours, theirs, unit, note))

    def table(self) -> list[str]:
        """The report as Markdown."""
        rows = ["| what | against | ours | theirs | ratio |", "|---|---|--:|--:|--:|"]
        for line in self.lines:
            theirs = "not run" if line.theirs is None else f"{line.theirs:.3g} {line.unit}"
            ratio = f"{line.ratio:.3g} ×" if line.ratio else line.note or "–"
            rows.append(f"| {line.what} | {line.peer} | {line.ours:.3g} {line.unit} | {theirs} | {ratio} |")
        return [*rows, "", *(f"- {name}: {value}" for name, value in self.figures.items())]


def take_turns(first: Callable[[], Any], second: Callable[[], Any], rounds: int = 3) -> tuple[float, float]:
    """Median seconds of both, run alternately so that a busy moment affects both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(rounds):
        for work, kept in zip((first, second), times, strict=True):
            kept.append(seconds(work))
    return median(times[0]), median(times[1])


def seconds(work: Callable[[], Any]) -> float:
    """Seconds that ``work`` takes once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_megabytes() -> float:
    """Peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
