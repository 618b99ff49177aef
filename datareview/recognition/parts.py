"""Which of a maker's measures a row of scores is of, where a column of words tells: the subtest, the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.recognition.names import plain_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datareview.recognition.columns import Column

MOST_PARTS = 40  # different words of a column that tells measures apart
SURE = 0.95  # of the rows that are told apart
GAIN = 0.1  # of the rows that only this column tells apart
# Words in columns that tell rows apart without being part of a measure.
_OTHER_WORDS = """
    band class comment date district ethnicity first gender grade group growth last level note outcome percentile
    period placement proficiency race reason result risk room school season section status teacher term time window
"""
_OTHERS = frozenset(_OTHER_WORDS.split())
_SUBJECTS = ("read", "math", "liter", "lectura", "matem", "spanish", "ela", "scien", "writ")


def part_of_measure(
    columns: list[str], rows: list[list[str]], fields: Mapping[str, str], table: list[Column]
) -> str:
    """The column that tells rows of one student, day and measure apart; empty if there is none, or no need for one.

    ``fields`` has the columns of the fields.
    """
    keys = [columns.index(fields[name]) for name in ("student", "day", "measure") if name in fields]
    here = [tuple(row[place] for place in keys) for row in rows]
    if "student" not in fields or not here or len(set(here)) >= SURE * len(here):
        return ""
    best = ("", max(SURE * len(here), len(set(here)) + GAIN * len(here)))
    for column in table:
        if column.name in fields.values() or not _could_tell(column):
            continue
        told = len({(*key, row[column.place]) for key, row in zip(here, rows, strict=True)})
        if told > best[1] or (told == best[1] and not best[0]):
            best = column.name, told
    return best[0]


def names_subjects(column: Column) -> bool:
    """Whether each text of a column names the subject of a test: "Star Math", "Star Reading (Spanish)"."""
    texts = {plain_words(text) for text in column.cells}
    return bool(texts) and all(any(word in text for word in _SUBJECTS) for text in texts)


def _could_tell(column: Column) -> bool:
    return (
        1 < column.distinct <= MOST_PARTS
        and column.days < 0.5
        and column.numbers < 0.5
        and not column.words & _OTHERS
    )
