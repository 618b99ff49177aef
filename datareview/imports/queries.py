"""Pages of imports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from datareview.class_rows.class_lists import CLASS_LIST
from datareview.file_words.codes import EXPLAINED
from datareview.imports.models import Import
from datareview.imports.permissions import imports_visible_to
from datareview.recognition.fields import FIELDS
from datareview.recognition.labels import LABELS
from datareview.records.models import Measure
from teams.jobs.services.jobs import with_progress
from teams.lib import formats
from teams.lib.hidden_names import are_hidden

RESULTS = (Import.State.CHECKED, Import.State.APPLIED, Import.State.UNDONE)
COLUMNS_SHOWN = 20
MANY, SHARE = 10, 0.1  # more rows than both of these are a reason to stop

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User
    from teams.jobs.models import Job


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind: their number, first position and value."""

    code: str
    column: str
    message: str
    severity: str
    many: int
    first_row: int | None
    value: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the file as read: what it is matched to, and how sure and why that is guessed."""

    column: str
    fields: list[str]
    guess: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Everything on the page of one import."""

    row: Import
    job: Job | None
    problems: list[ProblemGroup]
    twin: Import | None
    is_busy: bool
    recognized: str
    heads: list[Head]
    lines: list[list[str]]
    more_columns: int
    days: list[tuple[str, str, dt.date]]
    first_days: list[tuple[str, str, dt.date | None]]
    more_changes: int
    has_result: bool
    changes_nothing: bool
    may_discard: bool
    is_class_list: bool


def imports_of(user: User, school: School) -> QuerySet[Import]:
    """Imports of ``school``, newest first."""
    return imports_visible_to(user).filter(school=school).select_related("uploaded_by", "job").order_by("-pk")


def columns_of(row: Import, kind: str) -> dict[str, str]:
    """The column of each field of ``kind``: as mapped, else what is mapped and fits, and guesses for the others."""
    mapped = row.mapping.get("columns", {})
    if kind == row.kind:
        return dict(mapped)
    kept = {name: column for name, column in mapped.items() if column and name in FIELDS.get(kind, {})}
    guessed = row.guesses.get(kind, {}).get("fields", {})
    others = {
        name: column
        for name, (column, _sure, _reason) in guessed.items()
        if name not in kept and column not in kept.values()
    }
    return kept | others


def guess_of(row: Import, kind: str, name: str, column: str) -> str:
    """How sure it is that a column is a field, and why; empty if nobody guessed that."""
    found = row.guesses.get(kind, {})
    guessed, sure, reason = found.get("fields", {}).get(name, ("", 0.0, ""))
    if not column or guessed != column:
        return ""
    why = {
        "values": _("its values fit"),
        "name": _("its name fits"),
        "both": _("its name and values fit"),
        "recipe": _("this is a file of %(recipe)s") % {"recipe": found.get("recipe", "")},
    }[reason]
    return _("Guess, %(sure)s sure: %(why)s.") % {"sure": formats.percent(100 * sure, 0), "why": why}


def asked_codes(row: Import, kind: str) -> dict[tuple[str, str], int]:
    """The codes that a person can explain, by field and text, with how many rows have them.

    Those that the last check as ``kind`` could not read come after those explained before, with 0 rows.
    """
    if kind != row.kind:
        return {}
    fields = {*EXPLAINED.get(kind, {}).values()}
    explained = row.mapping.get("codes", {})
    before = {(name, text): 0 for name, codes in explained.items() for text in codes if name in fields}
    return before | {(name, text): many for name, text, many in row.counts.get("codes", []) if name in fields}


def school_measures(school: School) -> QuerySet[Measure]:
    """The measures that a file of scores can be of, by name."""
    return Measure.objects.filter(school=school).order_by("name")


def import_page(row: Import, kind: str, *, has_result: bool = True) -> ImportPage:
    """The page of one import, which the user may see, with its columns as those of ``kind``.

    Without ``has_result``, or for another kind than was checked, the result of the last check is left out.
    """
    twin = Import.objects.filter(school=row.school, digest=row.digest, state=Import.State.APPLIED).exclude(
        pk=row.pk
    )
    row.state = row.standing
    busy = row.state in row.BEFORE
    heads, places = _heads(row, kind)
    counts = row.counts
    return ImportPage(
        row=row,
        job=with_progress(row.job) if row.job and (busy or row.job.state == "failed") else None,
        problems=_problem_groups(row),
        twin=twin.order_by("-pk").first(),
        is_busy=busy,
        recognized=_recognized(row, kind),
        heads=heads,
        lines=[] if are_hidden() else [[line[place] for place in places] for line in row.first_rows],
        more_columns=len(row.columns) - len(heads),
        days=[(column, text, dt.date.fromisoformat(day)) for column, text, day in counts.get("days", [])],
        first_days=_first_days(row) if row.state == Import.State.UPLOADED else [],
        more_changes=max(counts.get("new", 0) + counts.get("changed", 0) - len(row.first_changes), 0),
        changes_nothing=row.state == Import.State.CHECKED
        and not counts.get("new")
        and not counts.get("changed"),
        may_discard=not (busy or row.applied_at or row.writing_since),
        is_class_list=CLASS_LIST in row.guesses and not row.guesses[CLASS_LIST].get("is_loaded"),
        has_result=has_result and row.state in RESULTS and (row.state == "applied" or kind == row.kind),
    )


def _first_days(row: Import) -> list[tuple[str, str, dt.date | None]]:
    """How the first dates of a file were read: None if they can be read both ways, and nobody said which."""
    return [
        (column, text, dt.date.fromisoformat(day) if day else None)
        for column, text, day in row.as_read.get("days", [])
    ]


def _recognized(row: Import, kind: str) -> str:
    found = row.guesses.get(kind)
    if not found or kind != row.kind:
        return ""
    words = {"kind": Import.Kind(kind).label, "sure": formats.percent(100 * found["sure"], 0)}
    if found["recipe"]:
        return _("Recognized as a file of %(recipe)s.") % {"recipe": found["recipe"]}
    return _("Looks like: %(kind)s, %(sure)s sure.") % words


def _heads(row: Import, kind: str) -> tuple[list[Head], list[int]]:
    """The first columns to show, mapped ones first, and their places in the file."""
    mapped: dict[str, list[str]] = {}
    for name, column in columns_of(row, kind).items():
        mapped.setdefault(column, []).append(name)
    for column in row.mapping.get("measures", {}) if kind == row.kind else {}:
        mapped.setdefault(column, []).append("value")
    for column in row.mapping.get("items", []) if kind == Import.Kind.ANSWERS else []:
        mapped.setdefault(column, []).append("items")
    places = sorted(range(len(row.columns)), key=lambda place: row.columns[place] not in mapped)
    places = places[: max(COLUMNS_SHOWN, len(mapped))]
    heads = []
    for place in places:
        column = row.columns[place]
        names = mapped.get(column, [])
        guesses = [guess for name in names if (guess := guess_of(row, kind, name, column))]
        heads.append(Head(column, [str(LABELS[name]) for name in names], guesses[0] if guesses else ""))
    return heads, places


def totals_of(row: Import) -> dict[tuple[str, str, str], int]:
    """How many problems of each code, column and message a check found, of which the first are stored."""
    return {(code, column, message): many for code, column, message, many in row.counts.get("kinds", [])}


def _problem_groups(row: Import) -> list[ProblemGroup]:
    groups = row.problems.values("code", "column", "message", "severity").annotate(
        many=Count("pk"), first=Min("row")
    )
    totals = totals_of(row)
    problems = []
    for group in groups.order_by("severity", "-many"):
        first = row.problems.filter(code=group["code"], column=group["column"], row=group["first"]).first()
        many = totals.get((group["code"], group["column"], group["message"]), group["many"])
        problems.append(
            ProblemGroup(
                group["code"],
                group["column"],
                group["message"],
                group["severity"],
                many,
                group["first"],
                first.value if first else "",
            )
        )
    return problems


def reason_to_stop(row: Import) -> str:
    """Why a checked file is not applied by itself: too much would change, be missing or stay out; else empty."""
    counts = row.counts
    known = counts["changed"] + counts["same"]
    absent = counts.get("absent", 0)
    if row.seconds:
        return _("%(n)s new students have the name and grade of students here.") % {
            "n": formats.number(row.seconds)
        }
    if is_many(counts["changed"], known) or counts["needs_confirm"]:
        return _("%(n)s stored values would change.") % {"n": formats.number(counts["changed"])}
    if is_many(absent, known + absent):
        return _("%(n)s students of the school are not in it.") % {"n": formats.number(absent)}
    if is_many(out := rows_out(row), counts["rows"]):
        return _("%(n)s rows would stay out.") % {"n": formats.number(out)}
    return ""


def rows_out(row: Import) -> int:
    """How many problems of a checked file each keep a row out."""
    errors = set(row.problems.filter(severity="error").values_list("code", flat=True))
    return sum(many for code, many in row.counts.get("problems", {}).items() if code in errors)


def is_many(part: int, whole: int) -> bool:
    """Whether ``part`` of ``whole`` rows is more than a file may change or lack without a person."""
    return part > MANY and part > SHARE * whole
