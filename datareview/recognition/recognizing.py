"""Recognize a table: the kind of its rows and the field of each column, with how sure that is and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from datareview.cell_words.items import numbered_items
from datareview.recognition.column_names import WHOLE_NAME
from datareview.recognition.columns import Column, student_key
from datareview.recognition.fields import FIELDS
from datareview.recognition.kinds import NEEDED, FileKind
from datareview.recognition.names import compact_name, likeness
from datareview.recognition.parts import names_subjects, part_of_measure
from datareview.recognition.priors import prior_of, rank_of
from datareview.recognition.scores import (
    is_plain_name,
    measure_columns,
    named_measures,
    score_columns,
    weight_of_measures,
)
from datareview.recognition.seasons import own_days
from datareview.recognition.systems import matching_recipe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.recognition.recipes import Recipe

SURE = 0.5  # what a needed field must reach
GENERIC = {
    "id",
    "name",
    "date",
    "day",
    "code",
    "status",
    "group",
    "section",
    "role",
    "category",
    "student",
    "test",
}
# What a file of a kind has one of, besides what it needs.
SIGNS: dict[str, tuple[str, ...]] = {
    FileKind.STUDENTS: ("first_name", "last_name"),
    FileKind.SECTIONS: ("course", "name", "subject", "period"),
    FileKind.GUARDIANS: ("relation", "phone", "email", "may_contact"),
    FileKind.PAST_GRADES: ("percent", "letter"),
}
WEIGHTS = {
    "value": 6.0,
    "percent": 6.0,
    "letter": 3.0,
    "mark": 3.0,
    "first_name": 2.0,
    "last_name": 2.0,
    "relation": 2.0,
    "category": 2.0,
}
PLAIN_SURE = 0.7  # of a column of scores whose name says no measure
PART_SURE = 0.6  # of a column that only its values make part of a measure's name
MANY_COMMAS = 0.8  # of the cells of a column with “Last, First”
FEWEST_ITEMS = 3  # columns by which a file is taken for answers


@dataclass(frozen=True, slots=True)
class Guess:
    """The field that a column seems to be: ``sure`` is 0 to 1; ``reason`` is "values", "name", "both" or "recipe"."""

    column: str
    field: str
    sure: float
    reason: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """The kind of a table's rows, empty if it is none of ours, and what its columns are.

    ``measures`` has the columns that are each a measure, ``days`` the column with the date of each of these, if each has
    its own, ``codes`` texts that stand for something else, by field, ``items`` the columns that are each an item of an
    assessment. ``recipe`` is the name of what was recognized.
    """

    kind: str = ""
    guesses: tuple[Guess, ...] = ()
    measures: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    recipe: str = ""
    items: tuple[str, ...] = ()

    @property
    def sure(self) -> float:
        """How sure the kind is: as its least sure field that is needed."""
        needed = [guess.sure for guess in self.guesses if guess.field in NEEDED.get(self.kind, ())]
        return min(needed, default=0.0) if self.kind else 0.0

    def mapping(self) -> dict[str, Any]:
        """The mapping of columns, as `Import.mapping` has it."""
        mapping: dict[str, Any] = {
            "columns": {guess.field: guess.column for guess in self.guesses},
            "options": dict(self.options),
        }
        for name in ("measures", "days", "codes"):
            mapping |= {name: dict(found)} if (found := getattr(self, name)) else {}
        return mapping | ({"items": list(self.items)} if self.items else {})


def recognize(columns: list[str], rows: list[list[str]], numbers: Iterable[str]) -> Recognition:
    """Recognize a table by its first rows; ``numbers`` are the school's student numbers."""
    known = frozenset(student_key(number) for number in numbers)
    table = [Column.of(name, place, rows, known) for place, name in enumerate(columns)]
    if recipe := matching_recipe(columns):
        return _of_recipe(recipe, columns, table)
    found = [_as_kind(kind, table) for kind in FileKind.values]
    best = max(found, key=lambda pair: pair[0])
    return _told_apart(best[1], table, rows) if best[0] > 0 else Recognition()


def _told_apart(found: Recognition, table: list[Column], rows: list[list[str]]) -> Recognition:
    """Scores whose rows of one student and day are of several measures, with the column that tells which."""
    fields = {guess.field: guess.column for guess in found.guesses}
    if found.kind != FileKind.SCORES or "value" not in fields or "part" in fields:
        return found
    part = part_of_measure([column.name for column in table], rows, fields, table)
    name = "part" if "measure" in fields else "measure"
    return replace(found, guesses=(*found.guesses, Guess(part, name, PART_SURE, "values"))) if part else found


def _of_recipe(recipe: Recipe, columns: list[str], table: list[Column]) -> Recognition:
    """The table as a file of ``recipe``; of several numbers of a student, the one by which the school knows most of them."""
    found = recipe.columns_in(columns)
    names = recipe.columns.get("student", ())
    offered = {compact_name(name) for name in ((names,) if isinstance(names, str) else names)}
    numbers = [column for column in table if compact_name(column.name) in offered]
    if numbers and (best := max(numbers, key=lambda column: column.students)).students > 0:
        found["student"] = best.name
    told = {compact_name(name) for name in recipe.told_by}
    options = dict(recipe.options)
    if naming := next((one for one in table if compact_name(one.name) in told and names_subjects(one)), None):
        found["measure"] = naming.name
        options["measure_name"] = recipe.name.partition(" ")[0]
    return Recognition(
        recipe.kind,
        tuple(Guess(column, name, 1.0, "recipe") for name, column in found.items()),
        recipe.measures_in(columns),
        recipe.days_in(columns),
        recipe.codes,
        options | ({"new_measures": True} if "measure" in found else {}),
        recipe.name,
    )


def recognize_for_each_kind(
    columns: list[str], rows: list[list[str]], numbers: Iterable[str]
) -> dict[str, Recognition]:
    """What the columns are for each kind, since a person may know better than `recognize` which one it is."""
    known = frozenset(student_key(number) for number in numbers)
    table = [Column.of(name, place, rows, known) for place, name in enumerate(columns)]
    found = {}
    for kind in FileKind.values:
        guesses = _assigned(kind, table)
        measures = (
            measure_columns(table, guesses) if kind == FileKind.SCORES and "value" not in guesses else {}
        )
        items = tuple(_items(table, guesses)) if kind == FileKind.ANSWERS else ()
        days = own_days(table, measures)
        found[kind] = Recognition(
            kind, tuple(guesses.values()), named_measures(measures, days), days, items=items
        )
    return found


def _as_kind(kind: str, table: list[Column]) -> tuple[float, Recognition]:
    """How much of the table a kind explains, and how; 0 if the table lacks what the kind needs."""
    guesses = _assigned(kind, table)
    measures: dict[str, str] = {}
    if kind == FileKind.SCORES and (len(score_columns(table)) > 1 or not {"value", "day"} <= guesses.keys()):
        measures = measure_columns(table, guesses)
        if measures:
            guesses.pop("value", None)
    if len(measures) == 1 and (column := next(iter(measures))) and is_plain_name(column):
        guesses["value"], measures = Guess(column, "value", PLAIN_SURE, "values"), {}
    needed = [name for name in NEEDED[kind] if not (name == "value" and measures)]
    if any(name not in guesses or guesses[name].sure < SURE for name in needed):
        return 0.0, Recognition()
    if kind == FileKind.ANSWERS:
        return _as_answers(table, guesses)
    signs = SIGNS.get(kind, ())
    if signs and not any(name in guesses and guesses[name].sure >= SURE for name in signs):
        # A list of numbers alone is one of students, and one with guardians, called so, is one of guardians.
        named = kind == FileKind.STUDENTS or (kind == FileKind.GUARDIANS and guesses["name"].sure > 0.9)
        alone = named and len(guesses) >= 0.6 * len(table)
        if not alone:
            return 0.0, Recognition()
    total = sum(
        guess.sure * WEIGHTS.get(name, 3.0 if name in NEEDED[kind] else 0.5)
        for name, guess in guesses.items()
        if name != "last_name" or "first_name" not in guesses or guesses["first_name"].column != guess.column
    )
    total += weight_of_measures(measures, table)
    days = own_days(table, measures)
    if days:
        guesses.pop("day", None)
    return max(total + prior_of(kind, table, guesses), 0.1), Recognition(
        kind, tuple(guesses.values()), named_measures(measures, days), days
    )


def _as_answers(table: list[Column], guesses: dict[str, Guess]) -> tuple[float, Recognition]:
    """The table as answers of an assessment: numbered columns with short answers, or one answer in each row."""
    items = _items(table, guesses)
    is_long = all(name in guesses and guesses[name].sure > 0.9 for name in ("item", "answer"))
    if len(items) < FEWEST_ITEMS and not is_long:
        return 0.0, Recognition()
    kept = tuple(one for one in guesses.values() if one.column not in items)
    return 12.0 + 0.2 * len(items), Recognition(FileKind.ANSWERS, kept, items=tuple(items))


def _items(table: list[Column], guesses: dict[str, Guess]) -> list[str]:
    """The numbered columns whose cells are short, as answers are, without those that name the student."""
    names = {guesses[name].column for name in ("who", "other_name") if name in guesses}
    short = [column.name for column in table if column.name not in names and column.has_short_cells]
    return list(numbered_items(short))


def _assigned(kind: str, table: list[Column]) -> dict[str, Guess]:
    """The best column for each field, each column once."""
    pairs = [
        (guess, column.place)
        for column in table
        for name, names in FIELDS[kind].items()
        if (guess := _guess(name, names, column)).sure >= 0.4
    ]
    pairs.sort(key=lambda pair: (-pair[0].sure, rank_of(pair[0]), pair[1]))
    chosen: dict[str, Guess] = {}
    taken: set[str] = set()
    for guess, _place in pairs:
        if guess.field not in chosen and guess.column not in taken:
            chosen[guess.field] = guess
            taken.add(guess.column)
    if kind == FileKind.STUDENTS and not {"first_name", "last_name"} & chosen.keys():
        chosen |= _whole_name([column for column in table if column.name not in taken])
    return {name: chosen[name] for name in FIELDS[kind] if name in chosen}


def _whole_name(table: list[Column]) -> dict[str, Guess]:
    """The column with "Last, First" for both names, which is split at its comma; empty if there is none."""
    for column in table:
        like = likeness(column.name, WHOLE_NAME)
        if like > 0.7 and column.commas >= MANY_COMMAS:
            return {name: Guess(column.name, name, like, "both") for name in ("first_name", "last_name")}
    return {}


def _guess(name: str, names: tuple[str, ...], column: Column) -> Guess:
    """How sure a column is of a field, by its name and its values."""
    like = likeness(column.name, (name, *names))
    if like == 1.0 and len(column.words) == 1 and column.words <= GENERIC:
        like = 0.85
    if name in ("first_name", "last_name") and column.commas >= MANY_COMMAS:
        return Guess(column.name, name, 0.0, "name")  # both names
    if name == "measure" and "type" in column.words and column.distinct == 1:
        like *= 0.8  # “Full”, “Benchmark”: the kind of test, and not which one
    fit = column.fits(name)
    if fit is None:
        return Guess(column.name, name, 0.6 * like, "name")
    if name in ("student", "who") and column.students >= 0.5:
        return Guess(column.name, name, 0.5 + 0.4 * column.students + 0.1 * like, "values")
    if fit < 0.5:  # the values contradict the name, unless that is exactly ours
        return Guess(column.name, name, 0.55 if like >= 0.95 else 0.0, "name")
    by_value = {"day": 0.55, "mark": 0.55, "email": 0.5}.get(name, 0.0)
    if like < 0.4 and fit >= 0.95 and by_value and (name != "mark" or 2 <= column.distinct <= 8):
        return Guess(column.name, name, by_value, "values")
    return Guess(column.name, name, like * (0.6 + 0.4 * fit), "both" if name != "measure" else "name")
