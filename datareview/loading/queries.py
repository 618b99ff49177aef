"""What people have built on the rows of an applied file, which undoing it would take away or leave without a base."""

# _meta and _default_manager are Django's API.
# ruff: noqa: SLF001

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from datareview.flags.models import Candidate, Change, Flag
from datareview.imports.models import Import, ImportChange
from datareview.looks.models import ResultsView
from datareview.plans.models import Plan
from datareview.records.models import (
    Assessment,
    AssessmentItem,
    AttendanceDay,
    CourseGrade,
    Domain,
    Enrollment,
    Incident,
    Measure,
    Score,
    Section,
    Sitting,
    Student,
)
from datareview.trends.models import ForecastCheck, Trend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model, QuerySet

MOST_NAMED = 10
USED: tuple[type[Model], ...] = (Student, Section, Enrollment, Measure)  # others refer to their rows
# The product writes these by itself: again with the next run, or because someone looked.
COMPUTED: tuple[type[Model], ...] = (Trend, Change, ForecastCheck, Flag, ResultsView)
OF_ASSESSMENT: tuple[type[Model], ...] = (
    AssessmentItem,
    Sitting,
    Import,
    ResultsView,
)  # its own, and looks at it
DOMAINS = {
    Import.Kind.ATTENDANCE: Domain.ATTENDANCE,
    Import.Kind.INCIDENTS: Domain.BEHAVIOR,
    Import.Kind.COURSE_GRADES: Domain.ACADEMIC,
}
PAGES = (
    "decision",
    "plan",
    "topic",
    "assessment",
    "student",
    "section",
    "measure",
)  # that stand for a row without one


@dataclass(frozen=True, slots=True)
class BuiltOn:
    """Rows of one kind that were built on a file: how many, and the first of them, each with its page ("" without one).

    ``files``: the rows came with these files, which are named instead.
    """

    what: str
    many: int
    rows: list[tuple[str, str]]
    files: bool = False


@dataclass(frozen=True, slots=True)
class UndoPage:
    """A file, and what was built on it, which is empty if it can't be undone."""

    row: Import
    built: list[BuiltOn]


def undo_page(row: Import) -> UndoPage:
    """The page of a file that the user may undo; few queries for each kind of row that can refer to its rows."""
    row.state = row.standing
    return UndoPage(row, built_on(row) if row.is_undoable else [])


def built_on(row: Import) -> list[BuiltOn]:
    """What people and later files built on what a file brought, by kind; nothing that the product computes."""
    found = [_named(rows) for rows in _all_built_on(row)]
    return sorted((one for one in found if one), key=lambda one: one.what)


def kinds_built_on(row: Import) -> list[str]:
    """The kinds of what was built on a file, in words."""
    return sorted({_kind_of(rows) for rows in _all_built_on(row) if rows.exists()})


def users_of(model: type[Model], ids: Any) -> Iterator[QuerySet[Any]]:
    """Rows of each kind that refer to rows of ``model`` with these ids (a list or a query), except computed ones."""
    for relation in _references(model):
        other = relation.related_model
        if not issubclass(other, COMPUTED):
            rows = other._default_manager.filter(**{f"{relation.field.name}__in": ids})
            yield rows.filter(_DECIDED) if other is Candidate else rows


def _references(model: type[Model]) -> list[Any]:
    """The relations of other tables to this one, also those without a name on this side.

    Rows that only join two others are named by these.
    """
    found: list[Any] = list(model._meta.get_fields(include_hidden=True))
    there = [one for one in found if one.auto_created and not one.concrete]
    return [one for one in there if not one.related_model._meta.auto_created]


def users_of_assessment(ids: Any) -> Iterator[QuerySet[Any]]:
    """Rows of each kind that refer to assessments with these ids, except those that make them up and looks at them."""
    for relation in Assessment._meta.related_objects:
        other = relation.related_model
        if other not in OF_ASSESSMENT and not relation.many_to_many:
            yield other._default_manager.filter(**{f"{relation.field.name}__in": ids})


def built_on_values(row: Import) -> list[QuerySet[Any]]:
    """Plans and decisions made since a file brought values about the same students, on the same measure or domain."""
    if row.applied_at is None:
        return []
    candidates = Candidate.objects.filter(_DECIDED, decided_at__gte=row.applied_at)
    if row.kind == Import.Kind.SCORES:
        scores = Score.objects.filter(imported_by=row, student=OuterRef("student"))
        plans = Plan.objects.filter(
            Exists(scores.filter(measure=OuterRef("measure"))), created_at__gte=row.applied_at
        )
        return [plans, candidates.filter(Exists(scores.filter(measure__domain=OuterRef("domain"))))]
    if row.kind not in DOMAINS:
        return []
    about = candidates.filter(domain=DOMAINS[Import.Kind(row.kind)])
    if row.kind == Import.Kind.ATTENDANCE:
        return [
            about.filter(Exists(AttendanceDay.objects.filter(imported_by=row, student=OuterRef("student"))))
        ]
    if row.kind == Import.Kind.INCIDENTS:
        incidents = Incident.objects.filter(pk__in=_changed_ids(row, Incident), student=OuterRef("student"))
        return [about.filter(Exists(incidents))]
    grades = CourseGrade.objects.filter(
        pk__in=_changed_ids(row, CourseGrade), enrollment__student=OuterRef("student")
    )
    return [about.filter(Exists(grades))]


def students_built_on(row: Import) -> set[int]:
    """The ids of students whose values of a file something was built on."""
    return {pk for rows in built_on_values(row) for pk in rows.values_list("student_id", flat=True)}


# A candidate whom the product raised and nobody touched is computed too.
_DECIDED = ~Q(state__in=[Candidate.State.NEW, Candidate.State.CLEARED]) | Q(is_requested=True)


def _all_built_on(row: Import) -> Iterator[QuerySet[Any]]:
    for model in USED:
        for rows in users_of(model, _new_ids(row, model)):
            yield rows.exclude(imported_by=row) if rows.model is Score else rows
    if row.kind == Import.Kind.ANSWERS:
        yield from users_of_assessment(_new_ids(row, Assessment))
    yield from built_on_values(row)


def _new_ids(row: Import, model: type[Model]) -> QuerySet[ImportChange, Any]:
    return _changed_ids(row, model).filter(before__isnull=True)


def _changed_ids(row: Import, model: type[Model]) -> QuerySet[ImportChange, Any]:
    return row.changes.filter(table=model.__name__.lower()).values("row_id")


def _named(rows: QuerySet[Any]) -> BuiltOn | None:
    many = rows.count()
    if not many:
        return None
    what = _kind_of(rows, many)
    if files := list(_files_of(rows)[:MOST_NAMED]):
        return BuiltOn(what, many, [(one.name, one.get_absolute_url()) for one in files], files=True)
    names = {field.name for field in rows.model._meta.fields}
    related = [name for name in PAGES if name in names]
    first = rows.select_related(*related)[:MOST_NAMED] if related else rows[:MOST_NAMED]
    return BuiltOn(what, many, [(_text_of(one), _page_of(one)) for one in first])


def _kind_of(rows: QuerySet[Any], many: int = 2) -> str:
    if rows.model is Candidate:
        return ngettext("decision about a candidate", "decisions about candidates", many)
    names = rows.model._meta
    return str(names.verbose_name if many == 1 else names.verbose_name_plural)


def _files_of(rows: QuerySet[Any]) -> QuerySet[Import]:
    """The files that brought ``rows``."""
    names = {field.name for field in rows.model._meta.fields}
    if "imported_by" in names:
        return Import.objects.filter(pk__in=rows.values("imported_by")).order_by("-pk")
    brought = ImportChange.objects.filter(
        table=rows.model.__name__.lower(), row_id__in=rows.values("pk"), before__isnull=True
    )
    return Import.objects.filter(pk__in=brought.values("of_import")).order_by("-pk")


def _text_of(one: Any) -> str:
    """The student's name where there is one: who may load files may not read what everybody wrote."""
    student = getattr(one, "student", None)
    return str(one if student is None or isinstance(one, Plan) else student)


def _page_of(one: Any) -> str:
    for name in ("", *PAGES):
        there = getattr(one, name, None) if name else one
        if there is not None and hasattr(there, "get_absolute_url"):
            return str(there.get_absolute_url())
    return ""
