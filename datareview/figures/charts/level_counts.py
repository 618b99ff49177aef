"""How many students are at each level, by window."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.palette import level_role
from datareview.charts.spec import Chart, Series, Table
from datareview.records.models.measures import ALL_LEVELS, AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from datareview.records.models import Measure


@dataclass(frozen=True, slots=True)
class LevelCount:
    """Numbers of students at each of `ALL_LEVELS` in one window.

    ``pages`` are those that list the students of each level; empty where there are none.
    """

    label: str
    counts: Mapping[int, int]
    pages: Mapping[int, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Number of students with a score and a benchmark."""
        return sum(self.counts.values())

    @property
    def below(self) -> int:
        """Number of students below the benchmark."""
        return below_benchmark(self.counts)


def count_levels(levels: Iterable[float | None]) -> dict[int, int]:
    """How many are at each of `ALL_LEVELS`; None and NaN are at none."""
    found = Counter(levels)
    return {level: found[level] for level in ALL_LEVELS}


def below_benchmark(counts: Mapping[int, int]) -> int:
    """How many are at a level below the benchmark."""
    return sum(many for level, many in counts.items() if level < AT)


def part_at(kind: str, *levels: int) -> str:
    """The part of a chart for ``levels``, as in an address: "now-2"; a level below 0 has "_" in place of its sign."""
    return "-".join([kind, *(str(level).replace("-", "_") for level in levels)])


def levels_of_part(part: str) -> tuple[str, list[int]]:
    """What `part_at` was given; no levels if it did not write ``part``."""
    kind, *numbers = part.split("-")
    if not all(re.fullmatch(r"_?\d", number) for number in numbers):
        return kind, []
    return kind, [int(number.replace("_", "-")) for number in numbers]


def stacked_levels(measure: Measure, windows: Sequence[LevelCount], *, title: str, source: str) -> Chart:
    """Draw numbers of students at each level, one bar per window, the lowest level first."""
    names = [window.label for window in windows]
    series = [
        Series(
            kind="stack",
            name=name,
            x=names,
            y=[window.counts[level] for window in windows],
            role=level_role(level),
            links=_pages(windows, level),
        )
        for level, name in measure.words_of_levels.items()
    ]
    return Chart(
        title=title,
        sentence=_("Students with a score: %(n)s.")
        % {"n": ", ".join(f"{window.label} {window.total}" for window in windows)},
        x_label="",
        y_label=_("students"),
        x_kind="category",
        series=series,
        bands=[],
        lines=[],
        source=source,
        table=Table(
            columns=(_("Level"), *names),
            rows=tuple(
                (name, *(str(window.counts[level]) for window in windows))
                for level, name in reversed(measure.words_of_levels.items())
            ),
            links=tuple(("", *_pages(windows, level)) for level in reversed(measure.words_of_levels)),
        ),
    )


def _pages(windows: Sequence[LevelCount], level: int) -> list[str]:
    """The page of each window's students at ``level``; "" where there are none."""
    return [window.pages[level] if window.pages and window.counts[level] else "" for window in windows]
