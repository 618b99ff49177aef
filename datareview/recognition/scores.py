"""Columns that are each a measure, with a score in each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.recognition.fields import FIELDS
from datareview.recognition.names import compact_name
from datareview.recognition.seasons import name_without_season

if TYPE_CHECKING:
    from datareview.recognition.columns import Column
    from datareview.recognition.recognizing import Guess

MOST_MEASURES = 60
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
    """Measures whose columns are each of a season have one name without it."""
    return {column: name_without_season(name) if days else name for column, name in measures.items()}


def score_columns(table: list[Column]) -> list[Column]:
    """Columns that call themselves a score."""
    words = {"score", "puntaje", "points", "percent", "rit"}
    return [column for column in table if column.words & words and column.looks_like_score]


def measure_columns(table: list[Column], guesses: dict[str, Guess]) -> dict[str, str]:
    """Columns that are each a measure: those that call themselves scores, else all with numbers on a scale."""
    taken = {guess.column for name, guess in guesses.items() if name != "value"}
    if "measure" in guesses and "value" in guesses:
        return {}
    scores = [column for column in score_columns(table) if column.name not in taken]
    if "value" in guesses and (len(scores) == 1 or guesses["value"].sure > 0.95):
        return {}
    found = scores or [
        column
        for column in table
        if column.looks_like_score
        and column.name not in taken
        and compact_name(column.name) not in OTHER_NAMES
    ]
    return {column.name: column.name for column in found[:MOST_MEASURES]}
