"""What speaks for one kind or column rather than another, besides how well its columns fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.recognition.column_names import SECTION
from datareview.recognition.kinds import FileKind
from datareview.recognition.names import likeness, plain_words
from datareview.recognition.scores import is_test_day

if TYPE_CHECKING:
    from datareview.recognition.columns import Column
    from datareview.recognition.recognizing import Guess

MANY = 0.5  # of the numbers in a column are of students of the school
# Words in the names of columns that go first, and last, of those that are as surely a field.
RANKS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "student": (frozenset({"number", "local"}), frozenset({"state"})),
    "value": (frozenset({"scale", "scaled", "final", "overall", "total"}), frozenset({"raw"})),
    "term": (frozenset(), frozenset({"year"})),
}


def prior_of(kind: str, table: list[Column], guesses: dict[str, Guess]) -> float:
    """What speaks for and against a kind besides its columns: how often a student comes, and whether there is one."""
    if kind == FileKind.PAST_GRADES and any(likeness(column.name, SECTION) > 0.9 for column in table):
        return -4.0  # grades of sections of this year
    if kind in (FileKind.SECTIONS, FileKind.TEACHERS):
        return -4.0 if any(column.students > MANY for column in table) else 0.0
    if kind == FileKind.STUDENTS and any(is_test_day(column) for column in table):
        return -4.0
    if kind == FileKind.SCORES and any(is_test_day(column) for column in table):
        return 2.0
    if "student" not in guesses:
        return 0.0
    column = next(column for column in table if column.name == guesses["student"].column)
    repeats = len(column.cells) > 3 and column.distinct < 0.9 * len(column.cells)
    if kind == FileKind.STUDENTS:
        return -4.0 if repeats else 0.5
    return 1.0 if repeats else 0.0


def rank_of(guess: Guess) -> int:
    """Of columns that are as surely a field, which goes first: the school's own number, a scale score, a term."""
    first, last = RANKS.get(guess.field, (frozenset(), frozenset()))
    words = frozenset(plain_words(guess.column).split())
    return 2 if words & last else 0 if words & first else 1
