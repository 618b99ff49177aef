"""Read numbers as files have them: thousands, decimal commas, percent signs, levels; codes for no value."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


# Words for no value, in lower case. Names are read with fewer: a child may be called Na, None or Null.
NO_TEXT = frozenset({"", "?", "-", "--", "---", "—", "–", ".", "*", "**", "***", "n/a", "#n/a", "#null!"})
NO_VALUE = NO_TEXT | {"na", "n.a.", "nan", "nat", "null", "none", "missing", "nd", "<na>", "(blank)"}

_CODE = re.compile(r"-(?:9{2,5}|8{3,5}|7{3,5}|6{3,5})(?:\.0+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+|[+-]?\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
_DOTTED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+", re.ASCII)
_LEVEL = re.compile(
    r"(?:performance |achievement |proficiency )?(?:level|lvl\.?|tier|stage|nivel)\s*([0-9](?:\.\d)?)\b.*",
    re.IGNORECASE,
)
RANGE = re.compile(r"\d[\d.,]*\s*(?:-|–|—|to|a)\s*\d[\d.,]*\s*%?", re.IGNORECASE)
BEYOND = re.compile(
    r"(?:[<>≤≥]=?|(?:under|over|below|above)\s)\s*\d[\d.,]*\s*%?|\d[\d.,]*\s*[+]", re.IGNORECASE
)


def read_numbers(texts: pd.Series) -> pd.Series:
    """Read a column of numbers as floats; NaN where a text is none.

    The column as a whole decides what a comma is: "1,310" are thousands, unless another cell, as "70,5", shows that
    the file writes decimals so. "53%" is 53, and "Level 3 (Meets)" is 3.
    """
    from teams.tables.distinct import read_distinct  # pages that read one number need no pandas

    return read_distinct(texts, _numbers)


def _numbers(texts: pd.Series) -> pd.Series:
    from pandas import Series

    stripped = [text.strip() for text in texts.astype(str)]
    has_commas = has_decimal_commas(stripped)
    return Series([_number(text, has_commas=has_commas) for text in stripped], dtype=float)


def read_number(text: str) -> float | None:
    """The number of one text, whose comma separates decimals unless three digits follow; None if it is none."""
    value = _number(text.strip(), has_commas=has_decimal_commas([text]))
    return None if math.isnan(value) else value


def has_decimal_commas(texts: Iterable[str]) -> bool:
    """Whether a comma separates decimals in these texts, because it separates no thousands in one of them."""
    found = [text.removesuffix("%").strip() for text in texts if "," in text or text.count(".") > 1]
    return any(_COMMA.fullmatch(text) and not _THOUSANDS.fullmatch(text) for text in found)


def number_codes(texts: Iterable[str]) -> set[str]:
    """Texts as "-9999" that stand for no value: codes, in a column without other numbers below zero."""
    unique = {text.strip() for text in texts}
    codes = {text for text in unique if _CODE.fullmatch(text)}
    if codes and any(text.startswith("-") and _PLAIN.fullmatch(text) for text in unique - codes):
        return set()
    return codes


def _number(text: str, *, has_commas: bool) -> float:
    text = text.removesuffix("%").strip()
    if level := _LEVEL.fullmatch(text):
        return float(level[1])
    if has_commas and "," in text:
        text = text.replace(".", "").replace(",", ".", 1)
    elif has_commas and _DOTTED.fullmatch(text):
        text = text.replace(".", "")
    elif _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    return float(text) if _PLAIN.fullmatch(text) else float("nan")
