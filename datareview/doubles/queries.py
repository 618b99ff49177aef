"""Records that may be of the same student, and what merging two of them would do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.plans.models import Plan
from datareview.records.models import (
    AttendanceDay,
    CourseGrade,
    DifferentStudents,
    ItemResponse,
    Score,
    Sitting,
    Student,
    StudentMerge,
    Subgroup,
)
from datareview.regrouping.models import GroupedStudent
from teams.lib import clock, formats
from teams.lib.tags.grades import grade as grade_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.paginator import Page
    from django.db.models import ForeignObjectRel, Model, QuerySet

    from teams.directory.models import School

MOST_PAIRS = 100
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class LikelyDouble:
    """Two records of a school that may be of one student, and why."""

    first: Student
    second: Student
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """Two rows, or two grades, of which only one can stay: the text of each. ``key`` names the choice in a form."""

    key: str
    what: str
    kept: str
    gone: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do: rows that move by kind, conflicts to choose from, and why it is refused ("" if it is not)."""

    moves: list[tuple[str, int]]
    conflicts: list[MergeConflict]
    refusal: str


def likely_doubles(school: School) -> list[LikelyDouble]:
    """Pairs of records with numbers that differ by leading zeros, or with one name and the same or a next grade.

    Pairs marked as different students are left out.
    """
    marked = DifferentStudents.objects.filter(first__school=school)
    different = {frozenset(pair) for pair in marked.values_list("first", "second")}
    students = list(Student.objects.filter(school=school).prefetch_related("guardians").order_by("pk"))
    groups: dict[tuple[str, str], list[Student]] = defaultdict(list)
    for one in students:
        if one.local_id.lstrip("0"):
            groups["number", one.local_id.lstrip("0").casefold()].append(one)
        if one.last_name:
            groups["name", f"{one.first_name} {one.last_name}".casefold()].append(one)
    found: dict[tuple[int, int], LikelyDouble] = {}
    for several in groups.values():
        for place, first in enumerate(several[:10]):
            for second in several[place + 1 : 10]:
                if _may_be_one(first, second) and {first.pk, second.pk} not in different:
                    found.setdefault(
                        (first.pk, second.pk), LikelyDouble(first, second, _reasons(first, second))
                    )
    ordered = sorted(found.values(), key=lambda pair: (-len(pair.reasons), pair.first.sort_key))
    return ordered[:MOST_PAIRS]


def recent_merges(school: School) -> list[StudentMerge]:
    """Merges of ``school`` that can still be undone."""
    since = clock.now() - StudentMerge.UNDOABLE_FOR
    rows = StudentMerge.objects.filter(kept__school=school, created_at__gt=since, undone_at=None)
    return list(rows.select_related("kept", "merged_by"))


def different_students(school: School, page: str | None) -> Page[DifferentStudents]:
    """A page of the pairs of ``school`` that were marked as different students, latest first."""
    rows = DifferentStudents.objects.filter(first__school=school)
    return Paginator(rows.select_related("first", "second", "marked_by"), A_PAGE).get_page(page)


def pairs_between(first: Student, second: Student) -> QuerySet[DifferentStudents]:
    """The mark, if any, that says that two records are of different students."""
    return DifferentStudents.objects.filter(Q(first=first, second=second) | Q(first=second, second=first))


def merge_preview(kept: Student, gone: Student) -> MergePreview:
    """What merging ``gone`` into ``kept`` would do."""
    moves = [
        (str(relation.related_model._meta.verbose_name_plural), many)  # noqa: SLF001 (Django's API)
        for relation in student_relations()
        if (many := related_rows(relation, gone).count())
    ]
    conflicts = [
        MergeConflict(f"{model.__name__.lower()}-{second.pk}", what, _text(first), _text(second))
        for model, what, first, second in conflicting_rows(kept, gone)
    ]
    if None not in (kept.grade, gone.grade) and kept.grade != gone.grade:
        grades = [grade_text(one.grade) for one in (kept, gone)]
        conflicts.insert(0, MergeConflict("grade", _("Grade"), *grades))
    return MergePreview(moves, conflicts, _refusal(kept, gone))


def student_relations() -> list[ForeignObjectRel]:
    """Relations by which rows of other tables belong to a student, also of areas above this one."""
    return [one for one in Student._meta.related_objects if not one.many_to_many]  # noqa: SLF001 (Django's API)


def related_rows(relation: ForeignObjectRel, student: Student) -> Any:
    """The rows that belong to ``student`` by ``relation``."""
    return relation.related_model._default_manager.filter(**{relation.field.name: student})  # noqa: SLF001


def conflicting_rows(kept: Student, gone: Student) -> Iterator[tuple[type[Model], str, Any, Any]]:
    """Pairs of rows of which only one can stay and whose values differ: model, what they are, row of each."""
    for model, what, first, second in colliding_rows(kept, gone):
        if _text(first) != _text(second):
            yield model, what, first, second


def colliding_rows(kept: Student, gone: Student) -> Iterator[tuple[type[Model], str, Any, Any]]:
    """Pairs of rows for the same day, question, group or report of which only one can stay."""
    scores = {(one.measure_id, one.taken_on, one.source): one for one in kept.scores.all()}
    for score in gone.scores.select_related("measure"):
        if other := scores.get((score.measure_id, score.taken_on, score.source)):
            yield Score, f"{score.measure}, {formats.short_day(score.taken_on)}", other, score
    days = {one.day: one for one in kept.attendance.all()}
    for day in gone.attendance.all():
        if day.day in days:
            yield AttendanceDay, formats.short_day(day.day), days[day.day], day
    groups = {one.category: one for one in kept.subgroups.filter(ends_on=None)}
    for group in gone.subgroups.filter(ends_on=None):
        if group.category in groups:
            yield Subgroup, group.category, groups[group.category], group
    yield from _colliding_grades(kept, gone)
    yield from _colliding_answers(kept, gone)


def _colliding_answers(kept: Student, gone: Student) -> Iterator[tuple[type[Model], str, Any, Any]]:
    answers = {one.item_id: one for one in kept.responses.all()}
    for answer in gone.responses.select_related("item__assessment"):
        if answer.item_id in answers:
            yield ItemResponse, f"{answer.item.assessment}, {answer.item}", answers[answer.item_id], answer
    sittings = {one.assessment_id: one for one in kept.sittings.all()}
    for sitting in gone.sittings.select_related("assessment"):
        if sitting.assessment_id in sittings:
            yield Sitting, str(sitting.assessment), sittings[sitting.assessment_id], sitting
    groups = {one.regrouping_id: one for one in kept.regrouped.select_related("group")}
    for place in gone.regrouped.select_related("group", "regrouping"):
        if place.regrouping_id in groups:
            yield GroupedStudent, str(place.regrouping), groups[place.regrouping_id], place


def _colliding_grades(kept: Student, gone: Student) -> Iterator[tuple[type[Model], str, Any, Any]]:
    grades = {
        (one.enrollment.section_id, one.enrollment.starts_on, one.as_of): one
        for one in CourseGrade.objects.filter(enrollment__student=kept).select_related("enrollment")
    }
    mine = CourseGrade.objects.filter(enrollment__student=gone).select_related("enrollment__section")
    for grade in mine:
        place = grade.enrollment
        if other := grades.get((place.section_id, place.starts_on, grade.as_of)):
            yield CourseGrade, f"{place.section}, {formats.short_day(grade.as_of)}", other, grade


def _text(row: Any) -> str:
    """What a row says, to compare and to show."""
    if isinstance(row, AttendanceDay):
        return row.get_mark_display()
    if isinstance(row, Subgroup):
        return row.group
    if isinstance(row, ItemResponse):
        return f"{row} {row.choice}".strip()
    if isinstance(row, GroupedStudent):
        return str(row.group)
    if isinstance(row, Sitting):
        return _("absent") if row.is_absent else _("there")
    return f"{row} {row.letter}".strip() if isinstance(row, CourseGrade) else str(row)


def _refusal(kept: Student, gone: Student) -> str:
    running = kept.plans.exclude(state=Plan.State.ENDED)
    same = set(running.values_list("strategy_id", "measure_id"))
    for plan in gone.plans.exclude(state=Plan.State.ENDED).select_related("strategy"):
        if (plan.strategy_id, plan.measure_id) in same:
            return _("Both have a running plan with %(strategy)s. End one of them first.") % {
                "strategy": plan.strategy
            }
    return ""


def _may_be_one(first: Student, second: Student) -> bool:
    if first.local_id.lstrip("0") == second.local_id.lstrip("0"):
        return True
    if first.grade is None or second.grade is None:
        return True
    return abs(first.grade - second.grade) <= 1


def _reasons(first: Student, second: Student) -> list[str]:
    reasons = []
    if first.local_id.lstrip("0") == second.local_id.lstrip("0"):
        reasons.append(_("numbers that differ by leading zeros"))
    names = {f"{one.first_name} {one.last_name}".casefold().strip() for one in (first, second)}
    if len(names) == 1 and "" not in names:
        reasons.append(_("the same name"))
    if first.grade is not None and first.grade == second.grade:
        reasons.append(_("the same grade"))
    theirs = [
        {
            text.casefold()
            for one in student.guardians.all()
            for text in (one.name, one.phone, one.email)
            if text
        }
        for student in (first, second)
    ]
    if theirs[0] & theirs[1]:
        reasons.append(_("the same guardian"))
    return reasons
