"""A page of results as a table for a file: the same students, classes and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.records.models import AssessmentItem
from datareview.results.frames.names import POINTS

if TYPE_CHECKING:
    from datareview.results.queries.page import ResultsPage

Rows = list[list[Any]]


def results_table(page: ResultsPage) -> tuple[list[str], Rows]:
    """Students by items where the page shows students, else items with their statistics; headings and rows."""
    return _by_student(page) if page.map_by_student else _by_item(page)


def _by_student(page: ResultsPage) -> tuple[list[str], Rows]:
    """One row per student: the band, the option chosen (or the points) of each item, and the total."""
    if page.map is None or page.shown is None:
        return [], []
    items = sorted((one.item for one in page.items), key=lambda item: item.number)
    columns = [_("Student"), _("Number"), _("Band"), *(str(item.number) for item in items), _("Total")]
    rows: Rows = []
    for band in page.map.bands:
        for row in band.rows:
            if row.student is None:
                continue
            points, choices = page.shown.points.loc[row.student.pk], page.shown.choices.loc[row.student.pk]
            cells: list[Any] = []
            for item in items:
                is_choice = item.kind == AssessmentItem.Kind.CHOICE and page.show != POINTS
                value = choices[item.number] if is_choice else points[item.number]
                cells.append("" if value is None or value != value else _plain(value))  # noqa: PLR0124 NaN differs from itself
            student = row.student
            total = float(points.to_numpy(dtype="float64", na_value=0.0).sum())
            rows.append([student.name, student.local_id, band.name, *cells, _plain(total)])
    return columns, rows


def _by_item(page: ResultsPage) -> tuple[list[str], Rows]:
    """One row per item: the standard, how many have it right, the difficulty and the fit."""
    columns = [_("Item"), _("Standard"), _("Right"), _("Students"), _("Difficulty"), _("Fits the rest")]
    rows: Rows = [
        [
            one.number,
            one.item.standard.code if one.item.standard else "",
            one.right,
            one.n,
            one.difficulty,
            "" if one.fit is None else round(one.fit, 2),
        ]
        for one in sorted(page.items, key=lambda one: one.number)
    ]
    return columns, rows


def _plain(value: Any) -> Any:
    """Points as people write them: 2 for 2.0, and 1.5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
