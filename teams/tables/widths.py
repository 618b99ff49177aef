"""Texts whose columns have fixed widths."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LINES = 50  # that are looked at
FEWEST = 3  # lines from which gaps can be told from spaces between words
GAP = 2  # spaces between two columns at least, to find them without being asked
MANY = 10  # lines in which a space at one place is no chance
LONG = 0.6  # of a usual line: shorter ones are titles


def guessed_widths(text: str, gap: int = GAP) -> tuple[int, ...]:
    """The places, from 1, after gaps that all of the first lines have; empty if that makes less than two columns."""
    lines = [line.rstrip() for line in text.splitlines()[:LINES] if line.strip() and "\t" not in line]
    usual = median(map(len, lines)) if lines else 0
    lines = [line for line in lines if len(line) >= LONG * usual]
    if len(lines) < FEWEST:
        return ()
    gap = 1 if len(lines) >= MANY else gap
    ends = max(map(len, lines))
    empty = [all(line[place : place + 1] in ("", " ") for line in lines) for place in range(ends)]
    starts = [
        place
        for place in range(ends)
        if not empty[place] and (place == 0 or (place >= gap and all(empty[place - gap : place])))
    ]
    return tuple(place + 1 for place in starts) if len(starts) > 1 else ()


def split_lines(text: str, widths: Iterable[int]) -> Iterator[list[str]]:
    """The cells of each line, whose columns begin at ``widths``."""
    starts = sorted({max(place - 1, 0) for place in widths} | {0})
    for line in text.splitlines():
        yield [line[start:end] for start, end in pairwise([*starts, None])]


def widths_note(widths: Iterable[int]) -> str:
    """A sentence on the widths that were found."""
    return _("Columns have fixed widths and begin at: %(places)s.") % {"places": ", ".join(map(str, widths))}
