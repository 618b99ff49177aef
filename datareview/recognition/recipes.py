"""Files whose columns their makers have published, recognized by the set of their column names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datareview.recognition.names import compact_name

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Recipe:
    """A file that is known: ``signs`` are columns that all have to be there, in any order and spelling.

    ``columns`` has the fields, each with the names its column had over the years or that say the same, and ``measures`` the
    columns that are each a measure, with its name: at least one has to be there. ``days`` has the column with the date of
    each of these, if each has its own; ``codes`` the texts that stand for something else, by field. ``told_by`` has columns
    that name the measure after the maker, if their texts name subjects. An empty ``kind`` is a file that is known, and
    not kept.
    """

    name: str
    kind: str
    signs: tuple[str, ...]
    columns: dict[str, str | tuple[str, ...]]
    measures: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    told_by: tuple[str, ...] = ()

    def fits(self, there: set[str]) -> bool:
        """Whether the file is of this recipe; ``there`` has the compact names of its columns."""
        has_signs = {compact_name(sign) for sign in self.signs} <= there
        return has_signs and (not self.measures or any(compact_name(name) in there for name in self.measures))

    def columns_in(self, columns: Iterable[str]) -> dict[str, str]:
        """The fields whose column is in the file, with its name there."""
        there = {compact_name(name): name for name in columns}
        found: dict[str, str] = {}
        for name, names in self.columns.items():
            for column in (names,) if isinstance(names, str) else names:
                if name not in found and (words := compact_name(column)) in there:
                    found[name] = there[words]
        return found

    def measures_in(self, columns: Iterable[str]) -> dict[str, str]:
        """The file's columns that are measures, with their names."""
        there = {compact_name(name): name for name in columns}
        return {
            there[words]: name
            for column, name in self.measures.items()
            if (words := compact_name(column)) in there
        }

    def days_in(self, columns: Iterable[str]) -> dict[str, str]:
        """The file's columns that are measures and have a date of their own, with the column of that."""
        there = {compact_name(name): name for name in columns}
        return {
            there[words]: there[compact_name(day)]
            for column, day in self.days.items()
            if (words := compact_name(column)) in there and compact_name(day) in there
        }
