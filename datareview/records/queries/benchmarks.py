"""The benchmarks of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.records.models import Benchmark
from teams.access.prepared import prepared_rows
from teams.kept.queries import read_seldom

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def benchmarks_of(measures: Iterable[int], grade: int | None = None) -> tuple[Benchmark, ...]:
    """The benchmarks of these measures, of all grades or one; one query, or none."""
    ids = tuple(sorted(set(measures)))
    return _read(ids, grade) if ids else ()


@read_seldom(Benchmark)
def _read(measures: tuple[int, ...], grade: int | None) -> tuple[Benchmark, ...]:
    rows = prepared_rows(_all, measures) if grade is None else prepared_rows(_of_grade, measures, grade)
    return tuple(rows)


def _all(measures: list[int]) -> QuerySet[Benchmark]:
    return Benchmark.objects.filter(measure__in=measures).order_by("pk")


def _of_grade(measures: list[int], grade: int) -> QuerySet[Benchmark]:
    return _all(measures).filter(grade=grade)
