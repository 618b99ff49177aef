"""Columns of a file that are each an item of an assessment, by the numbers in their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERED = re.compile(r"(.*?)[\s_.#\-]*(\d{1,3})(?:[.:)]?(?:\s.*)?)?", re.DOTALL)
# Words before the number, in lower case: "Q1", "Item 3", "Stu4" (ZipGrade), "7", "12. What is …".
ANSWER_WORDS = frozenset(
    {
        "",
        "q",
        "question",
        "item",
        "i",
        "stu",
        "response",
        "answer",
        "resp",
        "no",
        "nr",
        "p",
        "pregunta",
        "ítem",
        "r",
    }
)
KEY_WORDS = frozenset({"prikey", "key", "answerkey", "correct", "correctanswer", "clave"})


def numbered_items(names: Iterable[str]) -> dict[str, int]:
    """The columns that are items, with their numbers; of two with the same number, the one named as most others are."""
    return _numbered(names, ANSWER_WORDS)


def numbered_keys(names: Iterable[str]) -> dict[str, int]:
    """The columns that repeat the key of an item in each row, with its number."""
    return _numbered(names, KEY_WORDS)


def _numbered(names: Iterable[str], words: frozenset[str]) -> dict[str, int]:
    found: dict[str, dict[int, str]] = {}
    for name in names:
        match = _NUMBERED.fullmatch(name.strip())
        word = re.sub(r"[\W_]", "", match[1]).casefold() if match else None
        if match and word in words and int(match[2]):
            found.setdefault(word, {}).setdefault(int(match[2]), name)
    numbers: dict[int, str] = {}
    for family in sorted(found.values(), key=len, reverse=True):
        numbers = {**family, **numbers}
    return {numbers[number]: number for number in sorted(numbers)}
