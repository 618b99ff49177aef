"""What people have built on the rows of an applied file, which undoing it would take away or leave without a base."""

# _meta and _default_manager are Django's API.
# ruff: noqa: SLF001

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from datareview.flags.models import Candidate, Change, Flag
from datareview.imports.models import Import, ImportChange
from datareview.looks.models import ResultsView
from datareview.plans.models import Plan
from datareview.progress.models import Review
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
    "candidate",
    "topic",
    "assessment",
    "student",
    "section",
    "measure",
)  # that stand for a row without one
ABOUT = ("student", "candidate", "plan")  # whose name stands for a row


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
    found = [named for rows in _all_built_on(row) if (named := _named(rows))]
    return sorted(found, key=lambda one: one.what)


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


def built_on_values(row: Import) -> list[tuple[QuerySet[Any], str]]:
    """What people made of values since a file brought them: about the same students, on the same measure or domain.

    Each query has the path to the id of the student in its rows.
    """
    if row.applied_at is None or row.kind not in (Import.Kind.SCORES, *DOMAINS):
        return []
    since = row.applied_at
    plans = _about(row, Plan.objects.all(), "student", "measure")
    candidates = _about(row, Candidate.objects.filter(_DECIDED), "student", "domain")
    topics = apps.get_model("collab", "Topic")._default_manager.filter(created_at__gte=since)
    decisions = apps.get_model("collab", "DecisionStudent")._default_manager.filter(
        decision__created_at__gte=since
    )
    reviews = Review.objects.filter(undone_at=None, created_at__gte=since)
    return [
        (plans.filter(created_at__gte=since), "student_id"),
        (candidates.filter(decided_at__gte=since), "student_id"),
        (_about(row, reviews, "plan__student", "plan__measure"), "plan__student_id"),
        (_about(row, decisions, "student", "decision__measure"), "student_id"),
        (_about(row, topics, "candidate__student", "candidate__domain"), "candidate__student_id"),
        (_about(row, topics, "plan__student", "plan__measure"), "plan__student_id"),
    ]


def _about(row: Import, rows: QuerySet[Any], student: str, subject: str) -> QuerySet[Any]:
    """Those of ``rows`` that are about a student and the measure or domain of whom a file brought values.

    ``student`` and ``subject`` are paths from a row; the latter leads to a measure, or to a domain.
    """
    is_measure = subject.endswith("measure")
    if row.kind == Import.Kind.SCORES:
        same = {"measure" if is_measure else "measure__domain": OuterRef(subject)}
        return rows.filter(Exists(Score.objects.filter(imported_by=row, student=OuterRef(student), **same)))
    rows = rows.filter(**{f"{subject}__domain" if is_measure else subject: DOMAINS[Import.Kind(row.kind)]})
    if row.kind == Import.Kind.ATTENDANCE:
        brought: QuerySet[Any] = AttendanceDay.objects.filter(imported_by=row, student=OuterRef(student))
    elif row.kind == Import.Kind.INCIDENTS:
        brought = Incident.objects.filter(pk__in=_changed_ids(row, Incident), student=OuterRef(student))
    else:
        brought = CourseGrade.objects.filter(
            pk__in=_changed_ids(row, CourseGrade), enrollment__student=OuterRef(student)
        )
    return rows.filter(Exists(brought))


def students_built_on(row: Import) -> set[int]:
    """The ids of students whose values of a file something was built on."""
    return {pk for rows, path in built_on_values(row) for pk in rows.values_list(path, flat=True)}


# A candidate whom the product raised and nobody touched is computed too.
_DECIDED = ~Q(state__in=[Candidate.State.NEW, Candidate.State.CLEARED]) | Q(is_requested=True)


def _all_built_on(row: Import) -> Iterator[QuerySet[Any]]:
    for model in USED:
        for rows in users_of(model, _new_ids(row, model)):
            yield rows.exclude(imported_by=row) if rows.model is Score else rows
    if row.kind == Import.Kind.ANSWERS:
        yield from users_of_assessment(_new_ids(row, Assessment))
    of_values: dict[type[Model], QuerySet[Any]] = {}
    for rows, _path in built_on_values(row):
        of_values[rows.model] = of_values[rows.model] | rows if rows.model in of_values else rows
    yield from of_values.values()


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
    names = {field.name for field in rows.model._meta.fields if field.is_relation}
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
    about = next((found for name in ABOUT if (found := getattr(one, name, None)) is not None), None)
    student = getattr(about, "student", about)
    return str(one if student is None or isinstance(one, Plan) else student)


def _page_of(one: Any) -> str:
    for name in ("", *PAGES):
        there = getattr(one, name, None) if name else one
        if there is not None and hasattr(there, "get_absolute_url"):
            return str(there.get_absolute_url())
    return ""
