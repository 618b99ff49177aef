"""Compare names of columns: the words in them, whatever their case, accents, order and spelling."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORT = {
    "#": "number",
    "num": "number",
    "nbr": "number",
    "no": "number",
    "nro": "numero",
    "stu": "student",
    "stud": "student",
    "pupil": "student",
    "learner": "student",
    "dt": "date",
    "lname": "last name",
    "fname": "first name",
    "gr": "grade",
    "grd": "grade",
    "tchr": "teacher",
    "sect": "section",
    "sec": "section",
    "attend": "attendance",
    "att": "attendance",
    "pct": "percent",
    "lang": "language",
    "identifier": "id",
    "code": "code",
}
# Words that say too little to find a column in which they are one of several.
_GENERIC = {
    "id",
    "name",
    "code",
    "status",
    "group",
    "section",
    "role",
    "category",
    "student",
    "first",
    "last",
    "title",
}
_GENERIC |= {
    "number",
    "grupo",
    "estado",
    "nombre",
    "lead",
    "from",
    "until",
    "email",
    "test",
    "parent",
    "nota",
    "hora",
}
_CLOSE = 88.0  # likeness in percent under which two spellings are two names


@cache
def plain_words(name: str) -> str:
    """The words of a name in lower case, without accents: "StudentID#" and "student_id_no" are "student id number"."""
    name = re.sub(r"^\[\d+\]", "", name)  # the number of a table, as PowerSchool writes it
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    plain = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).replace("#", " # ")
    words = re.sub(r"[^\w#]+|_", " ", plain).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def compact_name(name: str) -> str:
    """The words of a name without spaces: the same for "TestRITScore", "TESTRITSCORE" and "test_rit_score"."""
    return plain_words(name).replace(" ", "")


def likeness(column: str, names: Iterable[str]) -> float:
    """How surely (0 to 1) a column's name is one of ``names``: 1 the same words, less with more words or typing errors."""
    spellings = {plain_words(column): 1.0}
    if "." in column.strip("."):  # "student.lastName": a table in front says less
        spellings.setdefault(plain_words(column.rpartition(".")[2]), 0.98)
    return max(
        (share * _likeness(words, plain_words(name)) for name in names for words, share in spellings.items()),
        default=0.0,
    )


@cache
def _likeness(column: str, name: str) -> float:
    if not column or not name:
        return 0.0
    if column.replace(" ", "") == name.replace(" ", ""):
        return 1.0
    have, want = column.split(), name.split()
    if sorted(have) == sorted(want):
        return 0.97
    if set(want) <= set(have) and name not in _GENERIC:
        extra = len(have) - len(want)
        return max(0.92 - 0.06 * extra, 0.6) if len(want) > 1 else max(0.8 - 0.1 * extra, 0.4)
    close = fuzz.token_sort_ratio(column, name)
    return 0.9 * close / 100 if close >= _CLOSE and len(name) > 4 else 0.0


def header_fingerprint(columns: Iterable[str]) -> str:
    """A digest of the set of column names, whatever their order, case and spelling."""
    return hashlib.sha256("\n".join(sorted(map(compact_name, columns))).encode()).hexdigest()


def renamed_mapping(mapping: dict[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """A mapping of columns of one header, with the names that the same columns have in another."""
    there = {compact_name(name): name for name in columns}
    named = {
        field: there.get(compact_name(column), column)
        for field, column in mapping["columns"].items()
        if column
    }
    measures = {
        there.get(compact_name(column), column): name for column, name in mapping.get("measures", {}).items()
    }
    items = [there.get(compact_name(column), column) for column in mapping.get("items", [])]
    days = {
        there.get(compact_name(column), column): there.get(compact_name(day), day)
        for column, day in mapping.get("days", {}).items()
    }
    return {
        **mapping,
        "columns": named,
        **({"measures": measures} if measures else {}),
        **({"days": days} if days else {}),
        **({"items": items} if items else {}),
    }
