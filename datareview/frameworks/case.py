"""Read a framework in the format of CASE 1.0 and 1.1 (a CFPackage in JSON). No database: bytes in, a `Framework` out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _

from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ITEMS = 20_000
MOST_CODE, MOST_WORDS, MOST_NAME, MOST_IDENTIFIER = 60, 1000, 80, 60
MOST_ABOVE = 20  # levels of a framework
BEFORE = {"IT": -4, "PR": -3, "PK": -2, "TK": -1, "KG": 0}  # levels before grade 1, in their order
NAMES = {-4: "IT", -3: "PR", -2: "PK", -1: "TK", 0: "K"}
MOST_GRADE = 12
OLD = {"deprecated", "retired"}  # states of a framework or an item


@dataclass(frozen=True, slots=True)
class FrameworkItem:
    """A statement with a code.

    ``grades`` are numbers (0: kindergarten, less: before it), ``kind`` is what the framework calls it ("Standard",
    "Cluster"), ``is_leaf`` if nothing is below it, ``is_old`` if it is no longer in force.
    """

    identifier: str
    code: str
    statement: str
    grades: tuple[int, ...]
    subject: str
    kind: str
    is_leaf: bool
    is_old: bool


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework's title and its items with a code, in the order of the file; ``without_code`` is how many have none."""

    title: str
    items: tuple[FrameworkItem, ...]
    without_code: int


def read_framework(data: bytes) -> Framework:
    """Read a CFPackage. Raises DomainError with a sentence if it is none, or has no item with a code."""
    try:
        package = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise DomainError(
            _("This is no JSON file. Download the framework as CASE JSON (a CFPackage), and upload that.")
        ) from error
    package = _dict(_dict(package).get("CFPackage", package))
    document, rows = _dict(package.get("CFDocument")), _dicts(package.get("CFItems"))
    if not rows:
        raise DomainError(
            _(
                "The file has no CFItems. Download the whole framework as CASE JSON (a CFPackage), and upload that."
            )
        )
    if len(rows) > MOST_ITEMS:
        raise DomainError(_("The framework has more than %(most)s items.") % {"most": MOST_ITEMS})
    by_id = {identifier: row for row in rows if (identifier := _text(row.get("identifier"), MOST_IDENTIFIER))}
    above = _parents(package, by_id)
    inner = set(above.values())
    title = _text(document.get("title"), MOST_NAME)
    subject = ", ".join(_texts(document.get("subject")))
    items = []
    for identifier, row in by_id.items():
        code, words = (_text(row.get(name)) for name in ("humanCodingScheme", "fullStatement"))
        if not code or not words or len(code) > MOST_CODE:
            continue
        chain = [row, *_chain(identifier, above, by_id)]
        items.append(
            FrameworkItem(
                identifier,
                code,
                words[:MOST_WORDS],
                next((found for one in chain if (found := _grades(one.get("educationLevel")))), ()),
                (", ".join(_texts(row.get("subject"))) or subject)[:MOST_NAME],
                _text(row.get("CFItemType"), MOST_NAME),
                identifier not in inner,
                bool(row.get("statusEndDate")) or _text(row.get("adoptionStatus")).casefold() in OLD,
            )
        )
    if not items:
        raise DomainError(_("No item of the file has a code (humanCodingScheme) and words (fullStatement)."))
    return Framework(title, tuple(items), len(by_id) - len(items))


def grade_words(grades: Iterable[int]) -> str:
    """Grades in a few characters: "K, 2–4"."""
    runs: list[list[int]] = []
    for grade in sorted(set(grades)):
        if runs and grade == runs[-1][-1] + 1:
            runs[-1].append(grade)
        else:
            runs.append([grade])
    words = [grade_word(run[0]) + (f"–{grade_word(run[-1])}" if len(run) > 1 else "") for run in runs]
    return ", ".join(words)


def grade_word(grade: int) -> str:
    """The grade as standards write it: "K", "4"."""
    return NAMES.get(grade, str(grade))


def common_prefix(codes: Iterable[str]) -> str:
    """What all ``codes`` begin with, up to a dot: "CCSS.Math.Content."; "" for nothing."""
    parts: list[list[str]] = [code.split(".") for code in codes]
    same = []
    for words in zip(*parts, strict=False):
        if len(set(words)) > 1:
            break
        same.append(words[0])
    shortest = min((len(words) for words in parts), default=0)
    same = same[: max(shortest - 1, 0)]
    return ".".join(same) + "." if same and len(parts) > 1 else ""


def _parents(package: dict[str, Any], by_id: dict[str, Any]) -> dict[str, str]:
    """The item above each item, by the associations "isChildOf"."""
    found: dict[str, str] = {}
    for one in _dicts(package.get("CFAssociations")):
        if one.get("associationType") == "isChildOf":
            child, parent = (
                _text(_dict(one.get(f"{end}NodeURI")).get("identifier") or one.get(f"{end}NodeIdentifier"))
                for end in ("origin", "destination")
            )
            if child in by_id and parent in by_id and child != parent:
                found.setdefault(child, parent)
    return found


def _chain(identifier: str, above: dict[str, str], by_id: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while (identifier := above.get(identifier, "")) and len(found) < MOST_ABOVE:
        found.append(by_id[identifier])
    return found


def _grades(levels: Any) -> tuple[int, ...]:
    found = set()
    for level in _texts(levels):
        word = level.upper()
        if word in BEFORE:
            found.add(BEFORE[word])
        elif word == "K":
            found.add(0)
        elif word.isascii() and word.isdigit() and 1 <= int(word) <= MOST_GRADE:
            found.add(int(word))
    return tuple(sorted(found))


def _text(value: Any, most: int | None = None) -> str:
    return " ".join(value.replace("\0", "").split())[:most] if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for one in values if (text := _text(one))]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
