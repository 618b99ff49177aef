"""The grid of a class: students by items, what is entered, and its revision."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Sum

from datareview.answers.marks import ABSENT_TEXT, letters_of, text_of
from datareview.answers.permissions import (
    NO_CLASS,
    classes_to_enter,
    may_enter_class,
    no_class,
    students_in_class,
)
from datareview.answers.versions import ABSENT_VERSION, version_of
from datareview.assessments.permissions import may_edit_assessment
from datareview.records.models import AssessmentItem, ItemResponse
from datareview.records.queries.order import by_name

if TYPE_CHECKING:
    from uuid import UUID

    from datareview.records.models import Assessment, Section, Student
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """A cell as it is typed, with its version ("" for an empty one)."""

    item: AssessmentItem
    text: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A student's cells in the order of the items. ``total`` is None without an answer, or if absent."""

    student: Student
    cells: list[AnswerCell]
    is_absent: bool
    total: float | None

    @property
    def is_begun(self) -> bool:
        """Whether anything was entered for the student."""
        return self.is_absent or any(cell.text for cell in self.cells)

    @property
    def is_whole(self) -> bool:
        """Whether the student was absent, or every item that counts was entered."""
        return self.is_begun and all(cell.text or cell.item.is_dropped for cell in self.cells)


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """An item with the letters that answer it ("" if points do)."""

    item: AssessmentItem
    letters: str


@dataclass(frozen=True, slots=True)
class StandardSpan:
    """Neighboring columns of one standard."""

    code: str
    many: int


@dataclass(frozen=True, slots=True)
class AnswerGrid:
    """The answers of a class. ``saved_at`` is when the last of them was entered."""

    columns: list[AnswerColumn]
    spans: list[StandardSpan]
    rows: list[AnswerRow]
    most_points: float
    revision: str
    saved_at: dt.datetime | None

    @property
    def entered(self) -> int:
        """How many students are entered whole or were absent."""
        return sum(row.is_whole for row in self.rows)

    @property
    def partly(self) -> int:
        """How many students miss an item that counts."""
        return sum(row.is_begun and not row.is_whole for row in self.rows)

    @property
    def script_items(self) -> list[dict[str, Any]]:
        """The items as `static/js/answers/sheet.js` takes them."""
        return [
            {
                "number": column.item.number,
                "kind": column.item.kind,
                "key": column.item.key,
                "points": column.item.max_points,
                "letters": column.letters,
                "dropped": column.item.is_dropped,
            }
            for column in self.columns
        ]


def class_choices(user: User, assessment: Assessment) -> list[Section]:
    """The classes for which the user may enter answers, by name; last the students in no class, if there are any."""
    found = list(classes_to_enter(user, assessment).order_by("name", "pk"))
    rest = no_class(assessment)
    if may_enter_class(user, assessment, rest) and students_in_class(assessment, rest).exists():
        found.append(rest)
    return found


def entry_class(user: User, assessment: Assessment, uuid: UUID) -> Section | None:
    """The class with this public id, or the students in no class; None unless the user may enter its answers."""
    if uuid == NO_CLASS:
        return no_class(assessment) if may_edit_assessment(user, assessment) else None
    return classes_to_enter(user, assessment).filter(uuid=uuid).first()


def class_grid(assessment: Assessment, section: Section) -> AnswerGrid:
    """The grid of a class; the revision is read before the cells, so that they are never older."""
    revision = grid_revision(assessment, section)
    items = list(assessment.items.select_related("standard"))
    students = list(students_in_class(assessment, section).order_by(*by_name()))
    absent = set(
        assessment.sittings.filter(is_absent=True, student__in=students).values_list("student_id", flat=True)
    )
    stored: dict[int, dict[int, ItemResponse]] = {student.pk: {} for student in students}
    saved_at = None
    for one in ItemResponse.objects.filter(item__assessment=assessment, student__in=students):
        stored[one.student_id][one.item_id] = one
        saved_at = max(saved_at or one.entered_at, one.entered_at)
    return AnswerGrid(
        columns=[
            AnswerColumn(item, letters_of(item) if item.kind == AssessmentItem.Kind.CHOICE else "")
            for item in items
        ],
        spans=_spans(items),
        rows=[
            _row(student, items, stored[student.pk], is_absent=student.pk in absent) for student in students
        ],
        most_points=sum(item.max_points for item in items if not item.is_dropped),
        revision=revision,
        saved_at=saved_at,
    )


def grid_revision(assessment: Assessment, section: Section) -> str:
    """A text that changes with every change of the class's answers, its absences, or the assessment; two queries."""
    students = students_in_class(assessment, section).values("pk")
    responses = ItemResponse.objects.filter(item__assessment=assessment, student__in=students)
    answers = responses.aggregate(last=Max("entered_at"), many=Count("pk"))
    absent = assessment.sittings.filter(is_absent=True, student__in=students).aggregate(
        many=Count("pk"), who=Sum("student_id")
    )
    last = f"{int(answers['last'].timestamp() * 1_000_000):x}" if answers["last"] else ""
    return f"{assessment.version}.{last}.{answers['many']}.{absent['many']}.{absent['who'] or 0}"


def _row(
    student: Student, items: list[AssessmentItem], stored: dict[int, ItemResponse], *, is_absent: bool
) -> AnswerRow:
    if is_absent:
        return AnswerRow(
            student, [AnswerCell(item, ABSENT_TEXT, ABSENT_VERSION) for item in items], True, None
        )
    cells, points = [], []
    for item in items:
        one = stored.get(item.pk)
        cells.append(
            AnswerCell(item, text_of(item, one.points, one.choice), version_of(one))
            if one
            else AnswerCell(item)
        )
        if one and not item.is_dropped:
            points.append(one.points)
    return AnswerRow(student, cells, False, sum(points) if points else None)


def _spans(items: list[AssessmentItem]) -> list[StandardSpan]:
    spans: list[StandardSpan] = []
    for item in items:
        code = item.standard.code if item.standard else ""
        if spans and spans[-1].code == code:
            spans[-1] = StandardSpan(code, spans[-1].many + 1)
        else:
            spans.append(StandardSpan(code, 1))
    return spans
