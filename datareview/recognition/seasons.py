"""Files with a column for each season or month: the date of each score, and its measure without the season."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from datareview.recognition.names import plain_words
from teams.tables.days import read_days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.recognition.columns import Column

_NO_DATES = {"birth", "birthdate", "birthday", "dob", "nacimiento", "enrolled", "enrollment", "entry", "exit"}
_WORDS = """
    fall autumn winter spring summer boy moy eoy otono invierno primavera verano
    january february march april may june july august september october november december
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
"""  # without accents, as `plain_words` has them
_SEASONS = frozenset(_WORDS.split())
_NUMBER = re.compile(r"[\s_]*(?:\((?:\d+|most recent|latest)\)|[\s_]\d+)\s*$", re.IGNORECASE)
_LAST = frozenset({"recent", "latest", "last"})
_DONE = frozenset({"completion", "completed", "end", "final"})  # of two dates, the one of the result


def own_days(table: Iterable[Column], measures: Iterable[str]) -> dict[str, str]:
    """The column with the date of each of ``measures``, if there are several and each measure begins like one of them.

    "Fall Reading Score" has the date in "Fall Reading Date", "August_SCORE" that in "August_ADMIN_DATE", and
    "Diagnostic Score (2)" that in "Diagnostic Completion Date (2)". A column that is called by a date has that.
    """
    names = list(measures)
    if len(names) > 1 and read_days(pd.Series(names, dtype=str)).days.notna().all():
        return {name: name for name in names}
    days = {
        column.name: plain_words(column.name).split()
        for column in table
        if column.days >= 0.9 and not column.words & _NO_DATES
    }
    found = {}
    for measure in names:
        words = plain_words(measure).split()
        alike = {day: _alike(words, others) for day, others in days.items()}
        best = max(alike, key=lambda day: alike[day], default="")
        if not best or not alike[best]:
            return {}
        found[measure] = best
    return found if len(set(found.values())) > 1 else {}


def name_without_season(name: str) -> str:
    """The name of a measure without the season, month or number in its column.

    "Fall Reading Score" is "Reading Score", as is "Reading Score (2)".
    """
    words = re.split(r"[\s_]+", _NUMBER.sub("", name))
    return " ".join(word for word in words if plain_words(word) not in _SEASONS) or name


def _alike(words: list[str], others: list[str]) -> int:
    """How well a date fits a measure: not at all if they are of two seasons or numbers, else by the words they share."""
    when, other = _when(words), _when(others)
    if when != other:
        return 0
    begin = _common(words, others)
    if not (begin or when):
        return 0
    return 100 * bool(when) + 10 * begin + bool(_DONE & {*others})


def _when(words: list[str]) -> frozenset[str]:
    """The season, month or number in a name."""
    return frozenset(word for word in words if word in _SEASONS or word in _LAST or word.isdecimal())


def _common(words: list[str], others: list[str]) -> int:
    """How many words both begin with."""
    many = 0
    for one, other in zip(words, others, strict=False):
        if one != other:
            break
        many += 1
    return many
