"""Words for the cells of a grid of benchmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.records.models import Benchmark
from datareview.records.models.measures import CUTS
from datareview.records.queries.windows import school_windows
from datareview.records.windows import NAMES
from teams.lib.tags.grades import grade as grade_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datareview.records.models import Measure
    from teams.directory.models import School

Cell = tuple[int, str, str]  # grade, key of the window, column


def cut_columns(measure: Measure) -> list[str]:
    """The columns of the cut points that the measure's levels need."""
    levels = measure.words_of_levels
    return [name for name, level in CUTS.items() if level in levels and level - 1 in levels]


def window_names(school: School) -> dict[str, str]:
    """The names of windows by key: those of this school year, then other ones that benchmarks are stored for."""
    year = school_windows(school.pk).in_year_of(school.today())
    stored = Benchmark.objects.filter(measure__school=school).values_list("window", flat=True).distinct()
    names = {window.key: window.name for window in year}
    return names | {key: str(NAMES.get(key, key)) for key in sorted(stored) if key not in names}


def cell_name(measure: Measure, cell: Cell, windows: Mapping[str, str]) -> str:
    """A cell in words: Grade 3, Winter, At benchmark; or without a column, its row."""
    grade, window, column = cell
    parts = [grade_name(grade), windows.get(window, window)]
    if column in CUTS:
        parts.append(measure.level_name(CUTS[column]))
    elif column:
        parts.append(_("growth a week"))
    return ", ".join(parts)
