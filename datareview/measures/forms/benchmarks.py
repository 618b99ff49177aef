"""The grid of benchmarks by grade and window, typed, pasted from a spreadsheet, or from a file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.measures.queries.benchmarks import cell_name, cut_columns, window_names
from datareview.measures.queries.measures import grades_of
from datareview.measures.services.benchmarks import NewBenchmark, benchmarks_fingerprint
from datareview.records.models.measures import CUTS
from teams.lib.tags.grades import grade as grade_name

if TYPE_CHECKING:
    from datareview.measures.queries.benchmarks import Cell
    from datareview.records.models import Benchmark, Measure

GROWTH = "growth_per_week"
MOST_PASTED = 20_000  # characters
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
NUMBER = {"inputmode": "decimal", "autocomplete": "off", "class": "short"}


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the grid: its grade, its window, and the fields of its cells with the ``headings`` of their columns."""

    grade: int
    window: str
    cells: list[forms.BoundField]
    headings: list[str]

    @property
    def headed(self) -> list[tuple[str, forms.BoundField]]:
        """The cells with their headings."""
        return list(zip(self.headings, self.cells, strict=True))


class NumberField(forms.FloatField):
    """A number with a decimal point or a comma, also with commas between thousands.

    "1,200" is 1200 or 1.2, whichever lies between ``low`` and ``high``, and refused if both do.
    """

    def __init__(self, *, low: float, high: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # as in Django's FloatField
        """Read "1,5" as 1.5, and "1,200.5" as 1200.5."""
        text = value.strip() if isinstance(value, str) else value
        if not isinstance(text, str) or "," not in text:
            return super().to_python(text)
        with_point = text.replace(",", ".")
        if not THOUSANDS.fullmatch(text):
            return super().to_python(with_point)
        without = text.replace(",", "")
        is_decimal = with_point.count(".") == 1 and self.low <= float(with_point) <= self.high
        if is_decimal and self.low <= float(without) <= self.high:
            raise forms.ValidationError(
                _("“%(text)s” can be %(grouped)s or %(decimal)s. Type it without the comma.")
                % {"text": text, "grouped": without, "decimal": with_point}
            )
        return super().to_python(with_point if is_decimal else without)


class BenchmarkForm(forms.Form):
    """A cell for each grade, window and cut point; ``pasted`` or ``file`` fills cells.

    ``seen`` is the version being edited.
    """

    use_required_attribute = False

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)
    source = forms.CharField(label=gettext_lazy("Source of the benchmarks"), max_length=300, required=False)
    pasted = forms.CharField(
        label=gettext_lazy("Block from a spreadsheet"),
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("File with the same columns"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.ods"}),
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure, self.windows = measure, window_names(measure.school)
        stored = {(row.grade, row.window): row for row in measure.benchmarks.all()}
        self.columns = cut_columns(measure)
        self.grades = sorted({*grades_of(measure, measure.school), *(grade for grade, _key in stored)})
        self.initial["seen"] = benchmarks_fingerprint(measure)
        self.initial["source"] = next((row.source for row in stored.values() if row.source), measure.source)
        for grade in self.grades:
            for window in self.windows:
                for column in (*self.columns, GROWTH):
                    cell = (grade, window, column)
                    self.fields[_field_of(cell)] = NumberField(
                        label=cell_name(measure, cell, self.windows),
                        low=measure.scale_min,
                        high=measure.scale_max,
                        required=False,
                        widget=forms.TextInput(attrs=NUMBER),
                    )
                    self.initial[_field_of(cell)] = _shown(stored.get((grade, window)), column)

    @property
    def headings(self) -> list[str]:
        """The headings of the columns."""
        return [
            *(self.measure.level_name(CUTS[column]) for column in self.columns),
            _("Expected growth a week"),
        ]

    def table(self) -> list[list[str]]:
        """The stored grid as a table with a header, in the form that `fill` reads."""
        return [
            [_("Grade"), _("Window"), *self.headings],
            *(
                [grade_name(row.grade), row.window, *(str(cell.initial) for cell in row.cells)]
                for row in self.rows()
            ),
        ]

    def rows(self) -> list[GridRow]:
        """The rows of the grid."""
        headings = self.headings
        return [
            GridRow(
                grade,
                name,
                [self[_field_of((grade, window, column))] for column in (*self.columns, GROWTH)],
                headings,
            )
            for grade in self.grades
            for window, name in self.windows.items()
        ]

    def benchmarks(self) -> list[NewBenchmark]:
        """The rows in which something is typed."""
        found = []
        for grade in self.grades:
            for window in self.windows:
                values = {
                    column: self.cleaned_data[_field_of((grade, window, column))]
                    for column in (*self.columns, GROWTH)
                }
                if any(value is not None for value in values.values()):
                    source = self.cleaned_data["source"]
                    found.append(NewBenchmark(grade, window, **{"at": None, **values}, source=source))
        return found

    def differences(self) -> list[str]:
        """What is stored and what was typed, for each cell in which they differ."""
        return [
            _("%(cell)s: stored %(stored)s, typed %(typed)s")
            % {"cell": cell.label, "stored": cell.initial or "–", "typed": typed or "–"}
            for row in self.rows()
            for cell in row.cells
            if (typed := (cell.data or "").strip()) != cell.initial
        ]

    def mark(self, cells: dict[Cell, str]) -> None:
        """Show problems at their cells."""
        for cell, sentence in cells.items():
            name = _field_of(cell)
            self.add_error(name if name in self.fields else None, sentence)

    def fill(self, *, block: str = "") -> int:
        """Put a block of text, by default the pasted one, into the cells; returns the number of filled rows.

        Errors are those of ``pasted``.
        """
        rows, problems = _read_block((block or self.data.get("pasted", ""))[:MOST_PASTED], self)
        if problems or not rows:
            self.add_error("pasted", problems or [_("Paste rows with a grade, a window and the cut points.")])
            return 0
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["pasted"] = ""
        for (grade, window), values in rows.items():
            for column, text in zip((*self.columns, GROWTH), values, strict=False):
                data[_field_of((grade, window, column))] = text
        self.data = data
        return len(rows)


def _field_of(cell: Cell) -> str:
    grade, window, column = cell
    return f"cell_{grade}_{window}_{column}"


def _shown(row: Benchmark | None, column: str) -> str:
    value = getattr(row, column) if row else None
    return "" if value is None else str(value).removesuffix(".0")


def _read_block(text: str, form: BenchmarkForm) -> tuple[dict[tuple[int, str], list[str]], list[str]]:
    """Read lines of grade, window and cells, or of grade and the cells of every window in turn; skip a header."""
    grades = {name.casefold(): number for number in form.grades for name in (str(number), grade_name(number))}
    grades |= {"k": 0, "pk": -1}
    windows = {word.casefold(): key for key, name in form.windows.items() for word in (key, name)}
    delimiter = next((one for one in "\t;" if one in text), ",")
    found: dict[tuple[int, str], list[str]] = {}
    problems = []
    lines = csv.reader(io.StringIO(text.strip("\r\n")), delimiter=delimiter)
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line]
        grade = grades.get(cells[0].casefold()) if cells else None
        if grade is None or grade not in form.grades:
            if number > 1 and any(cells):
                problems.append(
                    _("Line %(n)d: “%(text)s” is no grade of this grid.") % {"n": number, "text": cells[0]}
                )
            continue
        if len(cells) > 1 and cells[1].casefold() in windows:
            found[grade, windows[cells[1].casefold()]] = cells[2:]
            continue
        width = len(form.columns)
        if len(cells) - 1 != width * len(form.windows):
            problems.append(
                _("Line %(n)d needs a window after the grade, or %(many)d cut points in all.")
                % {"n": number, "many": width * len(form.windows)}
            )
            continue
        for place, window in enumerate(form.windows):
            found[grade, window] = cells[1 + place * width : 1 + (place + 1) * width]
    return found, problems
