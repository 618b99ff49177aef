"""How a table is read from its file: what a person said of it, and what the reader found by itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

ENCODINGS = (
    "utf-8",
    "cp1252",
    "iso8859-15",
    "cp1250",
    "cp437",
    "cp850",
    "mac-roman",
    "utf-16",
)
DELIMITERS = (",", ";", "\t", "|", "^", "~")
FIXED = "fixed"  # in place of a delimiter: columns begin at the same places in all lines
NAMELESS = 0  # in place of the row with the columns' names: there is none


@dataclass(frozen=True, slots=True)
class Way:
    """A way to read a file; what is empty is left to the reader.

    ``widths`` has the places, from 1, at which columns of fixed widths begin. ``table`` is the number, from 1, of one of
    several tables. ``header`` is the number of the row with the columns' names, whose lower one it is if ``header_rows``
    is 2. No row after ``last`` is read.
    """

    encoding: str = ""
    delimiter: str = ""
    widths: tuple[int, ...] = ()
    sheet: str = ""
    table: int = 0
    header: int | None = None
    header_rows: int = 0
    last: int = 0

    def stored(self) -> dict[str, Any]:
        """What is said, by name, for JSON."""
        said = {name: value for name, value in asdict(self).items() if value != getattr(AUTO, name)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


AUTO = Way()


def way_of(stored: dict[str, Any]) -> Way:
    """The way that `Way.stored` wrote; names that are unknown by now are left out."""
    known = {one.name for one in fields(Way)} & stored.keys()
    said: dict[str, Any] = {name: stored[name] for name in known}
    if "widths" in said:
        said["widths"] = tuple(said["widths"])
    return Way(**said)
