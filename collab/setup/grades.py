"""Grades that a school's name tells."""

from __future__ import annotations

import re

LAST_GRADE = 12
SPAN = re.compile(r"\bK\s*[-–]\s*(\d{1,2})\b", re.IGNORECASE)
# The first word that is there counts: High Desert Middle School, Junior High School.
BY_WORD = (
    (re.compile(r"\b(elementary|primary|primaria)\b", re.IGNORECASE), (0, 5)),
    (re.compile(r"\b(middle|intermediate|junior high)\b", re.IGNORECASE), (6, 8)),
    (re.compile(r"\bhigh school\b", re.IGNORECASE), (9, 12)),
)


def grades_in_name(name: str) -> tuple[int, int] | None:
    """The first and the last grade of a school named like this, as "K–8" or "Elementary"; None if it doesn't say."""
    span = SPAN.search(name)
    if span and 1 <= int(span[1]) <= LAST_GRADE:
        return 0, int(span[1])
    return next((grades for pattern, grades in BY_WORD if pattern.search(name)), None)
