"""Copy measures, rules, strategies and the calendar from one school to another; what is there already stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from collab.district.permissions import require_district
from collab.setup.queries.terms import usual_terms
from datareview.flags.conditions import measure_keys
from datareview.flags.models import Rule
from datareview.records.models import Benchmark, BenchmarkWindow, Measure
from datareview.strategies.models import Strategy
from teams.audit.services import record_event
from teams.directory.models import Holiday, Period, School, SchoolYear, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from django.db.models import Model

    from teams.directory.models import User

M = TypeVar("M", bound="Model")
OWN = {"id", "uuid", "created_at"}  # fields that every row has for itself


@dataclass(frozen=True, slots=True)
class Copied:
    """Of one part: how many rows were copied, were there already, or need something that the other school lacks."""

    part: str
    added: int
    kept: int
    lacking: int = 0


@transaction.atomic
def copy_settings(source: School, target: School, *, actor: User, parts: Collection[str]) -> list[Copied]:
    """Copy ``parts`` (keys of `PARTS`) to another school of the district. Nothing that ``target`` has is changed.

    Only the dates that a new school begins with are replaced, as nobody chose them.
    """
    source = School.objects.get(pk=source.pk)
    target = School.objects.select_for_update(of=("self",), no_key=True).get(pk=target.pk)
    require_district(actor, target.district)
    if source.district_id != target.district_id or source.pk == target.pk:
        raise PermissionDenied
    copied = [PARTS[part](source, target) for part in PARTS if part in parts]
    added = {one.part: one.added for one in copied}
    record_event(actor, "copied-settings", target, school=target, source=str(source.uuid), added=added)
    return copied


def preview_copy(source: School, target: School, *, actor: User) -> list[Copied]:
    """What `copy_settings` would do with every part; nothing is kept."""
    with transaction.atomic():
        copied = copy_settings(source, target, actor=actor, parts=PARTS)
        transaction.set_rollback(True)
    return copied


def _copy_of(row: M, **changes: Any) -> M:
    """An unsaved copy of ``row`` with other values for some fields."""
    fields = [field for field in row._meta.concrete_fields if field.name not in OWN]  # noqa: SLF001 (documented)
    values = {field.attname: getattr(row, field.attname) for field in fields if field.name not in changes}
    return type(row)(**values, **changes)


def _copy_measures(source: School, target: School) -> Copied:
    """Measures in use, by key, with their benchmarks; a measure that is there gets benchmarks only if it has none."""
    there = {measure.key: measure for measure in target.measures.all()}
    bare = {measure.key for measure in target.measures.filter(benchmarks=None)}
    rows = list(source.measures.filter(retired_on=None).prefetch_related("benchmarks"))
    new = {row.key: _copy_of(row, school=target) for row in rows if row.key not in there}
    Measure.objects.bulk_create(new.values())
    mine = {
        **there,
        **{measure.key: measure for measure in Measure.objects.filter(school=target, key__in=new)},
    }
    Benchmark.objects.bulk_create(
        _copy_of(cut, measure=mine[row.key])
        for row in rows
        if row.key in new or row.key in bare
        for cut in row.benchmarks.all()
    )
    return Copied("measures", len(new), len(rows) - len(new))


def _copy_rules(source: School, target: School) -> Copied:
    """The latest version of each rule, by key, for measures of the same keys; switched off until tried there."""
    latest = {rule.key: rule for rule in source.rules.select_related("measure").order_by("version")}
    there = set(target.rules.values_list("key", flat=True))
    measures = {measure.key: measure for measure in target.measures.all()}
    missing = [rule for rule in latest.values() if rule.key not in there]
    new = [
        _copy_of(
            rule,
            school=target,
            version=1,
            is_on=False,
            measure=measures[rule.measure.key] if rule.measure else None,
        )
        for rule in missing
        if _measures_of(rule) <= measures.keys()
    ]
    Rule.objects.bulk_create(new)
    return Copied("rules", len(new), len(latest) - len(missing), len(missing) - len(new))


def _measures_of(rule: Rule) -> set[str]:
    """The keys of the measures that ``rule`` judges."""
    return measure_keys(rule.parameters) | ({rule.measure.key} if rule.measure else set())


def _copy_strategies(source: School, target: School) -> Copied:
    """Strategies in use, by name and by the starting strategy they came from."""
    rows = list(Strategy.objects.filter(school=source, is_retired=False))
    mine = Strategy.objects.filter(school=target).values_list("name", "key")
    names, keys = {name for name, _key in mine}, {key for _name, key in mine if key}
    new = [_copy_of(row, school=target) for row in rows if row.name not in names and row.key not in keys]
    Strategy.objects.bulk_create(new)
    return Copied("strategies", len(new), len(rows) - len(new))


def _copy_calendar(source: School, target: School) -> Copied:
    """Years with terms and windows, holidays, and the bell schedule with its cycle if the school has none."""
    counts = [_copy_years(source, target), _copy_holidays(source, target), _copy_bells(source, target)]
    return Copied("calendar", sum(added for added, _kept in counts), sum(kept for _added, kept in counts))


def _copy_years(source: School, target: School) -> tuple[int, int]:
    """Years with days and names that the school does not have; a suggested year with nothing in it is replaced."""
    _remove_suggested_year(source, target)
    added = kept = 0
    for year in source.years.prefetch_related("terms", "benchmark_windows"):
        overlaps = Q(starts_on__lte=year.ends_on, ends_on__gte=year.starts_on)
        if target.years.filter(overlaps | Q(name=year.name)).exists():
            kept += 1
            continue
        new = _copy_of(year, school=target)
        new.save()
        Term.objects.bulk_create(_copy_of(term, year=new) for term in year.terms.all())
        BenchmarkWindow.objects.bulk_create(_copy_of(row, year=new) for row in year.benchmark_windows.all())
        added += 1
    return added, kept


def _remove_suggested_year(source: School, target: School) -> None:
    """Delete the year that `add_school` suggested if nothing refers to it and ``source`` has one for the same time."""
    for year in target.years.filter(sections=None, benchmark_windows=None):
        terms = [(term.starts_on, term.ends_on) for term in year.terms.all()]
        same = source.years.filter(starts_on__lte=year.ends_on, ends_on__gte=year.starts_on)
        if terms == usual_terms(year.starts_on) and same.exists():
            SchoolYear.objects.filter(pk=year.pk).delete()


def _copy_holidays(source: School, target: School) -> tuple[int, int]:
    rows = list(source.holidays.all())
    there = set(target.holidays.values_list("starts_on", "ends_on"))
    new = [_copy_of(row, school=target) for row in rows if (row.starts_on, row.ends_on) not in there]
    Holiday.objects.bulk_create(new)
    return len(new), len(rows) - len(new)


def _copy_bells(source: School, target: School) -> tuple[int, int]:
    """The cycle and its periods, if ``target`` has no periods."""
    rows = list(source.periods.all())
    if target.periods.exists():
        return 0, len(rows)
    if rows:
        target.cycle, target.cycle_days, target.cycle_from = (
            source.cycle,
            source.cycle_days,
            source.cycle_from,
        )
        target.save(update_fields=["cycle", "cycle_days", "cycle_from"])
    Period.objects.bulk_create(_copy_of(row, school=target) for row in rows)
    return len(rows), 0


# Measures before the rules that refer to them.
PARTS: dict[str, Callable[[School, School], Copied]] = {
    "measures": _copy_measures,
    "rules": _copy_rules,
    "strategies": _copy_strategies,
    "calendar": _copy_calendar,
}
