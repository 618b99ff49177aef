"""Columns that are each a measure, with a score in each row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datareview.recognition.fields import FIELDS
from datareview.recognition.names import compact_name, plain_words
from datareview.recognition.seasons import name_without_season

if TYPE_CHECKING:
    from datareview.recognition.columns import Column
    from datareview.recognition.recognizing import Guess

MOST_MEASURES = 60
_PLAIN = {"level", "score", "scores", "value", "points", "result"}
_NAMELESS = re.compile(r"column \d+")
_RECORD = """
    alta baja begin birth birthdate birthday contact created dob end ends enroll enrolled enrollment entered entry exit
    fecha ingreso last leave left modified nacimiento start starts status updated until withdraw withdrawal
"""  # words in the names of columns with days of a student's record
_OF_RECORD = frozenset(_RECORD.split())
# Names of columns that are something else than a score.
OTHER_NAMES = frozenset(
    compact_name(one)
    for fields in FIELDS.values()
    for name, names in fields.items()
    if name not in ("value", "measure", "subject", "course", "percent")
    for one in (name, *names)
)


def weight_of_measures(measures: dict[str, str], table: list[Column]) -> float:
    """What columns that are each a measure speak for scores: less if it is one that does not call itself a score."""
    if not measures:
        return 0.0
    base = 5.0 if len(measures) > 1 or score_columns(table) else 3.0
    return base + min(len(measures), 10) * 0.2


def named_measures(measures: dict[str, str], days: dict[str, str]) -> dict[str, str]:
    """Measures whose columns are each of a season have one name without it; those called by dates have none."""
    return {
        column: "" if days.get(column) == column else name_without_season(name) if days else name
        for column, name in measures.items()
    }


def score_columns(table: list[Column]) -> list[Column]:
    """Columns that call themselves a score."""
    words = {"score", "puntaje", "points", "percent", "rit"}
    return [column for column in table if column.words & words and column.looks_like_score]


def is_plain_name(name: str) -> bool:
    """Whether a column's name says nothing about what is measured."""
    return not set(plain_words(name).split()) - _PLAIN or bool(_NAMELESS.fullmatch(name))


def is_test_day(column: Column) -> bool:
    """Whether a column has days of something that happened, not those of a student's birth, stay or record."""
    return column.days > 0.9 and not column.words & _OF_RECORD


def measure_columns(table: list[Column], guesses: dict[str, Guess]) -> dict[str, str]:
    """Columns that are each a measure: those that call themselves scores, else all with numbers on a scale."""
    taken = {guess.column for name, guess in guesses.items() if name != "value"}
    if "measure" in guesses and "value" in guesses:
        return {}
    scores = [column for column in score_columns(table) if column.name not in taken]
    is_one = len(scores) == 1 and "day" in guesses
    if "value" in guesses and (is_one or guesses["value"].sure > 0.95):
        return {}
    others = [
        column
        for column in table
        if column.looks_like_score
        and column.name not in taken
        and compact_name(column.name) not in OTHER_NAMES
        and not (("grade" in column.words or is_plain_name(column.name)) and column.looks_like_grade)
    ]
    # A gradebook has no dates, and a column for each task beside its totals.
    found = others if "day" not in guesses else scores or others
    return {column.name: column.name for column in found[:MOST_MEASURES]}
