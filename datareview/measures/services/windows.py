"""Set the benchmark windows of a school year."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.measures.services.recomputing import recompute
from datareview.records.models import Benchmark, BenchmarkWindow
from datareview.records.queries.windows import school_windows
from datareview.records.windows import NAMES
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School, SchoolYear
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from teams.directory.models import User

MOST_WINDOWS = 8
KEY_LENGTH = 20
MOST_NAMED = 5  # measures in a sentence


@dataclass(frozen=True, slots=True)
class NewWindow:
    """A window as a school sets it; without a ``key`` of benchmarks it gets one made from its name."""

    name: str
    starts_on: dt.date
    ends_on: dt.date
    key: str = ""


@transaction.atomic
def set_windows(
    year: SchoolYear, windows: Sequence[NewWindow], *, actor: User, seen: str | None = None
) -> list[BenchmarkWindow]:
    """Replace the windows of a school year, and start a run.

    ``seen`` is the `windows_fingerprint` that the actor started from; a different one raises StaleEdit. Windows must
    not overlap, and one with benchmarks stays until these are removed, also if the year has it from the year before.
    """
    require_ability(actor, "edit_measures", year.school)
    School.objects.select_for_update(no_key=True).get(pk=year.school_id)
    stored = list(year.benchmark_windows.all())
    if seen is not None and seen != windows_fingerprint(year):
        current = ", ".join(f"{row.name or NAMES.get(row.key, row.key)} {_days(row)}" for row in stored)
        raise StaleEdit(_("Someone changed these windows while you were writing."), current=current)
    ordered = sorted(windows, key=lambda window: window.starts_on)
    _check(year, ordered)
    keys = _keys(year, ordered)
    _refuse_orphans(year, set(keys))
    rows = [
        BenchmarkWindow(
            year=year,
            key=key,
            name="" if window.name.strip() == str(NAMES.get(key, "")) else window.name.strip(),
            starts_on=window.starts_on,
            ends_on=window.ends_on,
        )
        for key, window in zip(keys, ordered, strict=True)
    ]
    if [_facts(row) for row in rows] == [_facts(row) for row in stored]:
        return stored
    year.benchmark_windows.all().delete()
    BenchmarkWindow.objects.bulk_create(rows)
    dates = {row.key: f"{row.starts_on}/{row.ends_on}" for row in rows}
    record_event(actor, "set-windows", year, school=year.school, windows=dates)
    recompute(year.school, actor=actor)
    return rows


@transaction.atomic
def fit_windows(year: SchoolYear, *, actor: User) -> list[BenchmarkWindow]:
    """Cut off the days of windows that are outside their school year; DomainError if one has no day inside."""
    windows = [
        NewWindow(
            window.name, max(window.starts_on, year.starts_on), min(window.ends_on, year.ends_on), window.key
        )
        for window in school_windows(year.school_id).in_year_of(year.starts_on)
    ]
    for window in windows:
        if window.ends_on < window.starts_on:
            raise DomainError(
                _("%(window)s has no day in %(year)s. Choose its days.")
                % {"window": window.name, "year": year}
            )
    return set_windows(year, windows, actor=actor)


def windows_fingerprint(year: SchoolYear) -> str:
    """A short hash of the stored windows of a year, to detect concurrent edits."""
    return version_of(*map(_facts, year.benchmark_windows.all()))


def _facts(row: BenchmarkWindow) -> tuple[str, str, dt.date, dt.date]:
    return row.key, row.name, row.starts_on, row.ends_on


def _days(window: BenchmarkWindow | NewWindow) -> str:
    return formats.days(window.starts_on, window.ends_on)


def _check(year: SchoolYear, windows: Sequence[NewWindow]) -> None:
    """Refuse windows without name, reversed, overlapping, or outside the year."""
    if not 1 <= len(windows) <= MOST_WINDOWS:
        raise DomainError(_("A school year can have 1 to %(most)d windows.") % {"most": MOST_WINDOWS})
    names = [window.name.strip().casefold() for window in windows]
    if "" in names or len(set(names)) < len(names):
        raise DomainError(_("Give each window a name of its own."))
    for window in windows:
        facts = {"window": window.name, "days": _days(window), "year": year}
        if window.ends_on < window.starts_on:
            raise DomainError(_("%(window)s ends before it starts. Check its days.") % facts)
        if window.ends_on < year.starts_on or window.starts_on > year.ends_on:
            raise DomainError(_("%(window)s (%(days)s) is outside %(year)s. Choose days within it.") % facts)
    for before, after in pairwise(windows):
        if after.starts_on <= before.ends_on:
            raise DomainError(
                _("%(one)s and %(other)s overlap. Change one of the two.")
                % {"one": before.name, "other": after.name}
            )


def _keys(year: SchoolYear, windows: Sequence[NewWindow]) -> list[str]:
    """The key of each window: its own if the school knows it, else one made from its name."""
    known = {
        *NAMES,
        *BenchmarkWindow.objects.filter(year__school=year.school_id).values_list("key", flat=True),
    }
    keys: list[str] = []
    for place, window in enumerate(windows, start=1):
        key = window.key if window.key in known else slugify(window.name)[:KEY_LENGTH]
        if not key or key in keys:
            key = f"{key[: KEY_LENGTH - 3] or 'window'}-{place}"
        keys.append(key)
    return keys


def _refuse_orphans(year: SchoolYear, keys: set[str]) -> None:
    """Refuse ``keys`` without one that counts in ``year`` so far, its own or of the year before, and has benchmarks."""
    windows = school_windows(year.school_id).in_year_of(year.starts_on)
    gone = {window.key: window.name for window in windows if window.key not in keys}
    used = Benchmark.objects.filter(measure__school=year.school_id, window__in=gone)
    rows = used.order_by("measure__name").values_list("measure__name", "window").distinct()
    if not rows:
        return
    measures = list(dict.fromkeys(name for name, _key in rows))
    shown = [f"“{name}”" for name in measures[:MOST_NAMED]]
    if others := len(measures) - len(shown):
        shown.append(ngettext("%(n)d other", "%(n)d others", others) % {"n": others})
    lost = {key for _name, key in rows}
    raise DomainError(
        _(
            "Missing windows with benchmarks: %(windows)s. Keep them, under another name if you like, or first empty "
            "their rows in the grids of %(measures)s."
        )
        % {
            "windows": ", ".join(name for key, name in gone.items() if key in lost),
            "measures": ", ".join(shown),
        }
    )
