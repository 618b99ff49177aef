"""The data table as a file: the figures behind its words, a measure a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datareview.analysis.paired import PairedChange
    from datareview.dashboards.queries.board import DataBoard
    from datareview.dashboards.queries.figures import ComparedMeasure


def file_columns() -> list[str]:
    """The columns of `file_rows`."""
    of_window = [_("Window"), _("With a score"), _("With a level"), _("At or above"), _("Median")]
    return [
        *(_("Measure"), _("Unit"), _("Students")),
        *of_window,
        *(_("Before: %(column)s") % {"column": column} for column in of_window),
        *(_("Level both times"), _("Of these at or above now"), _("Of these at or above before")),
        *(_("Moved up"), _("Moved down")),
        *(_("Change"), _("Change: 95% from"), _("Change: 95% to")),
        *(
            _("Weekly growth against expected"),
            _("Growth: 95% from"),
            _("Growth: 95% to"),
            _("Growth: students"),
        ),
    ]


def file_rows(board: DataBoard) -> list[list[Any]]:
    """The rows of the table in its order. A change is in points of percent, or in units of the score without levels."""
    return [_row(line.figures) for line in board.lines]


def _row(found: ComparedMeasure) -> list[Any]:
    measure = found.measure
    windows: list[Any] = []
    for side in (found.now, found.before):
        if side is None:
            windows += [None] * 5
            continue
        levels = [side.leveled, side.at_benchmark] if side.leveled else [None, None]
        windows += [side.window.name, side.scored, *levels, round(side.median, measure.decimals)]
    both = [found.same, found.same_now, found.same_before, found.up, found.down] if found.same else [None] * 5
    scale, places = (100.0, 1) if found.has_levels else (1.0, measure.decimals + 1)
    return [
        *(str(measure), "" if measure.derived_from else measure.unit, found.students),
        *windows,
        *both,
        *_change(found.change, scale, places),
        *_change(found.growth, 1.0, 3),
        found.growth.n if found.growth and found.growth.change is not None else None,
    ]


def _change(change: PairedChange | None, scale: float, places: int) -> list[float | None]:
    values = (change.change, change.low, change.high) if change else (None, None, None)
    return [None if one is None else round(scale * one, places) for one in values]
