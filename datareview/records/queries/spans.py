"""Compare spans of days, each a first and last day: which stored one is meant, and whether two overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    Span = tuple[Any, dt.date | None]


def is_open(ends_on: dt.date | None, today: dt.date) -> bool:
    """Whether what ends on a day, or never (None), has not ended by ``today``."""
    return ends_on is None or ends_on >= today


def matching_span(
    spans: Iterable[Span], starts_on: dt.date | None, ends_on: dt.date | None, today: dt.date
) -> Span | None:
    """The one of the stored ``spans`` (first and last day, in order) that a row of a file with these days is about.

    It is the latest whose days the row repeats or corrects, or else the latest that has not ended.
    """

    def rank(span: Span) -> int:
        first, last = span
        if ends_on is not None and (ends_on == last or (starts_on is not None and starts_on == first)):
            return 3
        if is_open(last, today):
            return 2 if starts_on is None or last is None or starts_on <= last else 0
        return 1 if starts_on is None and ends_on is not None and ends_on < today else 0

    best = max(reversed(list(spans)), key=rank, default=None)
    return best if best is not None and rank(best) else None


def do_overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a day; None is open on that side."""
    return all(
        first is None or last is None or first <= last
        for first, last in [(one[0], other[1]), (other[0], one[1])]
    )
