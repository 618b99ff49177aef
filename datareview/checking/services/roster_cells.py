"""Read the cells of a roster file: students, sections, days, numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.translation import gettext as _

from datareview.checking.services.cells import with_students
from datareview.checking.services.pending import pending
from datareview.checking.services.rosters import GONE, roster_year
from datareview.imports.checked import mapped_columns
from datareview.records.models import Section
from teams.lib import formats
from teams.tables.cells import Cells, missing_cells
from teams.tables.numbers import read_numbers
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from datareview.imports.models import Import
    from teams.tables.problems import Problems

Stored = dict[tuple[Any, ...], tuple[int, dict[str, Any]]]  # keys of a row → its id and values


class RosterCells(Cells):
    """The rows of a roster file that are still right."""

    def __init__(self, row: Import, frame: pd.DataFrame, problems: Problems) -> None:
        super().__init__(frame, problems, mapped_columns(row), row.mapping["options"])
        self.row = row

    def only(self, roles: Callable[[str], bool]) -> None:
        """Leave out rows of other roles, which a file of OneRoster also has."""
        if self.columns.get("role"):
            self.frame = self.frame[self.frame[self.columns["role"]].str.strip().str.lower().map(roles)]

    def students(self) -> None:
        """Keep the rows of known students, with ``student_id``."""
        self.frame = with_students(self.row, self.frame, self.problems)
        self.keep("student_id", self.frame["student_id"].map(int))

    def number(self, name: str, *, most: int, places: int) -> None:
        """Read a number from 0 to ``most``, rounded to ``places``; "%" behind it is left out."""
        if not self.columns.get(name):
            return
        texts = self.texts(name)
        empty = missing_cells(texts, self.options)
        numbers = read_numbers(texts.str.removesuffix("%").str.strip())
        values, unit = numbers.where(numbers.between(0, most)), Decimal(1).scaleb(-places)
        self.keep(name, [None if pd.isna(one) else Decimal(one).quantize(unit) for one in values])
        message = _("This is not a number from 0 to %(most)s.") % {"most": formats.number(most)}
        self.drop(values.isna() & ~empty, name, "no-number", message)

    def gone(self) -> pd.Series:
        """Whether each row is one of OneRoster that was deleted."""
        if not self.columns.get("row_status"):
            return pd.Series(False, index=self.frame.index, dtype=bool)
        return self.texts("row_status").str.lower() == GONE

    def section_numbers(self, stored: Iterable[str]) -> pd.Series:
        """The numbers of sections, with that of the course in front if the file has it and the school has not one without.

        Many systems number the sections of each course from 1.
        """
        numbers = self.texts("section").map(plain_number)
        if not self.columns.get("course_number"):
            return numbers
        courses = self.texts("course_number").map(plain_number)
        whole = numbers.where((courses == "") | (numbers == ""), courses + "-" + numbers)
        is_plain = numbers.str.casefold().isin(set(stored)) & ~whole.str.casefold().isin(set(stored))
        return whole.mask(is_plain, numbers)

    def sections(self) -> None:
        """Keep the rows of this year's sections, with ``section_id``."""
        rows = Section.objects.filter(year=roster_year(self.row))
        known = {one.local_id.casefold(): one.pk for one in pending().sections.values()}
        known |= {number.casefold(): pk for number, pk in rows.values_list("local_id", "pk")}
        self.frame = self.frame.assign(**{self.columns["section"]: self.section_numbers(known)})
        message = _("No section has this number this year. Load the sections first, or correct the number.")
        self.found("section", "section_id", known, message)


def read_span(cells: RosterCells) -> None:
    """Read first and last day, and drop rows that end before they begin."""
    cells.day("starts_on")
    cells.day("ends_on")
    drop_backwards(cells, zip(cells.column("starts_on"), cells.column("ends_on"), strict=True))


def drop_backwards(cells: RosterCells, days: Iterable[tuple[dt.date | None, dt.date | None]]) -> None:
    """Drop rows whose last day, the second of ``days``, is before the first."""
    wrong = mask(cells, (bool(first and last and last < first) for first, last in days))
    cells.drop(wrong, "ends_on", "backwards", _("It ends before it begins."))


def mask(cells: RosterCells, values: Iterable[bool]) -> pd.Series:
    """The values as a mask of the rows."""
    return pd.Series(list(values), index=cells.frame.index, dtype=bool)
