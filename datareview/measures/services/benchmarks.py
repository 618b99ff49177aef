"""Set the benchmarks of a measure, and adopt measures with published ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.measures.presets import measure_presets
from datareview.measures.queries.benchmarks import cell_name, cut_columns, window_names
from datareview.measures.services.measures import NewMeasure, lock_measure, make_measures
from datareview.measures.services.recomputing import recompute
from datareview.records.models import Benchmark, Measure
from datareview.records.models.measures import CUTS
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from datareview.measures.presets import MeasurePreset
    from datareview.measures.queries.benchmarks import Cell
    from teams.directory.models import School, User

MOST_SHOWN = 5  # problems in one sentence
LEAST_GRADE, LAST_GRADE = -1, 12


@dataclass(frozen=True, slots=True)
class NewBenchmark:
    """Cut points of a grade in a window, None for levels that the measure does not have; see `Benchmark`."""

    grade: int
    window: str
    at: float | None
    below: float | None = None
    above: float | None = None
    growth_per_week: float | None = None
    source: str = ""
    well_below: float | None = None
    well_above: float | None = None
    lowest: float | None = None
    far_below: float | None = None
    far_above: float | None = None
    highest: float | None = None


class BenchmarksRefused(DomainError):
    """Cut points that are missing, out of order or outside the scale; ``cells`` has a sentence for each."""

    def __init__(self, cells: dict[Cell, str]) -> None:
        shown = list(cells.values())[:MOST_SHOWN]
        if len(cells) > MOST_SHOWN:
            shown.append(_("And %(n)d more.") % {"n": len(cells) - MOST_SHOWN})
        super().__init__(" ".join(shown))
        self.cells = cells


@transaction.atomic
def set_benchmarks(
    measure: Measure, rows: Sequence[NewBenchmark], *, actor: User, seen: str | None = None
) -> int:
    """Replace all benchmarks of a measure, and start a run. Returns the number of rows stored.

    ``seen`` is the `benchmarks_fingerprint` that the actor started from; a different one raises StaleEdit. Raises
    BenchmarksRefused, with nothing kept, if a cut point is missing, out of order or outside the scale.
    """
    require_ability(actor, "edit_measures", measure.school)
    measure = lock_measure(measure)
    if seen is not None and seen != benchmarks_fingerprint(measure):
        raise StaleEdit(_("Someone changed these benchmarks while you were typing."), current="")
    names = window_names(measure.school)
    if cells := problems_of(measure, rows, names):
        raise BenchmarksRefused(cells)
    before = {_facts(row) for row in measure.benchmarks.all()}
    fresh = [_benchmark(measure, row) for row in rows]
    if {_facts(row) for row in fresh} == before:
        return len(fresh)
    measure.benchmarks.all().delete()
    Benchmark.objects.bulk_create(fresh)
    record_event(
        actor, "set-benchmarks", measure, school=measure.school, before=len(before), after=len(fresh)
    )
    recompute(measure.school, actor=actor)
    return len(fresh)


@transaction.atomic
def adopt_measures(school: School, keys: Sequence[str], *, actor: User) -> list[Measure]:
    """Add the presets with these keys to the school, with their benchmarks of its grades and their sources."""
    presets = measure_presets()
    if unknown := [key for key in keys if key not in presets]:
        raise DomainError(_("There is no preset “%(key)s”.") % {"key": unknown[0]})
    chosen = [presets[key] for key in keys]
    grades = range(school.lowest_grade, school.highest_grade + 1)
    for preset in chosen:
        if not any(grade in grades for grade, _window in preset.cuts):
            raise DomainError(_("“%(name)s” is for other grades.") % {"name": preset.name})
        if Measure.objects.filter(school=school, key=preset.key).exists():
            raise DomainError(_("The school already has “%(name)s”.") % {"name": preset.name})
    made = make_measures(school, [_described(preset) for preset in chosen], actor=actor)
    for measure, preset in zip(made, chosen, strict=True):
        rows = [
            NewBenchmark(grade, window, at, below, above, growth, preset.source)
            for (grade, window), (below, at, above, growth) in preset.cuts.items()
            if grade in grades
        ]
        set_benchmarks(measure, rows, actor=actor)
    return made


def _described(preset: MeasurePreset) -> NewMeasure:
    """The measure of a preset, in the actor's language."""
    fields: dict[str, Any] = {**preset.fields, "unit": str(preset.fields["unit"])}
    levels = tuple(str(name) for name in preset.level_names)
    return NewMeasure(
        key=preset.key, name=str(preset.name), source=preset.source, level_names=levels, **fields
    )


def benchmarks_fingerprint(measure: Measure) -> str:
    """A short hash of the stored benchmarks, to detect concurrent edits."""
    return version_of(*sorted(map(repr, map(_facts, measure.benchmarks.all()))))


def problems_of(measure: Measure, rows: Iterable[NewBenchmark], windows: dict[str, str]) -> dict[Cell, str]:
    """A sentence for each cell that is missing, out of order, outside the scale, or given twice."""
    needed = cut_columns(measure)
    sign = 1 if measure.higher_is_better else -1
    found: dict[Cell, str] = {}
    seen: set[tuple[int, str]] = set()
    for row in rows:
        place = row.grade, row.window
        if row.window not in windows or not LEAST_GRADE <= row.grade <= LAST_GRADE:
            found[*place, "at"] = _("%(cell)s: the school has no such window or grade.") % {
                "cell": cell_name(measure, (*place, ""), windows)
            }
            continue
        if place in seen:
            found[*place, "at"] = _("%(cell)s is given twice.") % {
                "cell": cell_name(measure, (*place, ""), windows)
            }
        seen.add(place)
        last: float | None = None
        for name in needed:
            value = getattr(row, name)
            cell = (*place, name)
            words = {"cell": cell_name(measure, cell, windows)}
            if value is None:
                found[cell] = _("%(cell)s is empty.") % words
                continue
            words["value"] = formats.number(value)
            if not math.isfinite(value) or not measure.scale_min <= value <= measure.scale_max:
                words |= {"low": formats.number(measure.scale_min), "high": formats.number(measure.scale_max)}
                found[cell] = _("%(cell)s: %(value)s is outside the scale of %(low)s to %(high)s.") % words
            elif last is not None and sign * value <= sign * last:
                words["before"] = formats.number(last)
                found[cell] = (
                    _("%(cell)s: %(value)s must be above %(before)s, the cut point before it.")
                    if measure.higher_is_better
                    else _("%(cell)s: %(value)s must be below %(before)s, the cut point before it.")
                ) % words
            last = value
    return found


def _benchmark(measure: Measure, row: NewBenchmark) -> Benchmark:
    """The benchmark of ``row``, without cut points of levels that the measure does not have."""
    needed = cut_columns(measure)
    values = {one.name: getattr(row, one.name) for one in fields(row)}
    values |= dict.fromkeys(CUTS.keys() - needed)
    return Benchmark(measure=measure, **{**values, "source": row.source.strip()[:300]})


def _facts(row: Benchmark) -> tuple[object, ...]:
    cuts = [getattr(row, name) for name in CUTS]
    return row.grade, row.window, *cuts, row.growth_per_week, row.source
