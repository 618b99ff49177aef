"""A table as it was read: by rows, or by columns, which have each different text once."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of stripped text.

    ``rows`` have one cell per column; ``lines`` has the number of each row in the file (the header is 1). ``ragged``
    has (number, cells) of rows with a different number of cells, which are not in ``rows``. ``notes`` are sentences
    about assumptions (encoding, delimiter, sheet). ``as_read`` has how the file was read, as `Way.stored` does, with the
    names of all its ``sheets`` and ``tables`` and the first ``lines``, each with its number.
    """

    columns: list[str]
    rows: list[list[str]]
    lines: list[int]
    ragged: list[tuple[int, list[str]]]
    notes: list[str]
    as_read: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column: its different ``texts``, in the order in which they first stand there, and the place of each row's."""

    texts: list[str]
    places: array[int]

    def first(self, many: int | None = None) -> list[str]:
        """The texts of the first rows, or of all."""
        texts = self.texts
        return [texts[place] for place in self.places[:many]]


@dataclass(frozen=True, slots=True)
class Columns:
    """A table as `Table`, by columns: a million rows take some megabytes where texts repeat."""

    cells: dict[str, TextColumn]
    lines: array[int]
    ragged: list[tuple[int, list[str]]]
    notes: list[str]
    as_read: dict[str, Any] = field(default_factory=dict)

    def rows(self, many: int | None = None) -> list[list[str]]:
        """The cells of the first rows, or of all."""
        return [list(row) for row in zip(*(one.first(many) for one in self.cells.values()), strict=True)]

    def table(self) -> Table:
        """The same by rows."""
        return Table(
            list(self.cells), self.rows(), self.lines.tolist(), self.ragged, self.notes, self.as_read
        )


class Places(dict[str, int]):
    """The place of each cell among the different texts of its column; spaces around a text do not make it another."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.found = array("i")

    def __missing__(self, cell: str) -> int:
        text = cell.strip()
        if text != cell:
            place = self[text]
        else:
            place = len(self.texts)
            self.texts.append(cell)
        self[cell] = place
        return place

    def add(self, cells: Iterable[str]) -> None:
        """Add the cells of further rows."""
        self.found.extend(map(self.__getitem__, cells))

    def column(self) -> TextColumn:
        """The column so far."""
        return TextColumn(self.texts, self.found)
