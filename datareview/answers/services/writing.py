"""What a class's answers become, written in a few statements however many cells change."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datareview.answers.marks import Answer, text_of
from datareview.answers.versions import ABSENT_VERSION, version_of
from datareview.looks.services import hold_answers
from datareview.records.models import ItemResponse, Sitting
from teams.lib import clock

if TYPE_CHECKING:
    from datareview.records.models import Assessment, AssessmentItem, Section, Student
    from teams.directory.models import User

A_BATCH = 500  # rows written by one statement


@dataclass(slots=True)
class StudentAnswers:
    """A student's answers by the number of the item, as stored and as they become."""

    student: Student
    sitting: Sitting | None
    stored: dict[int, ItemResponse]
    was_absent: bool
    is_absent: bool = False
    answers: dict[int, Answer] = field(default_factory=dict)

    def version(self, number: int) -> str:
        """The version of a cell as stored."""
        return ABSENT_VERSION if self.was_absent else version_of(self.stored.get(number))


@dataclass(slots=True)
class AnswerChanges:
    """What differs from what is stored. ``replaced`` has the answers that were there: student, item, before, after."""

    assessment: Assessment
    section: Section
    items: dict[int, AssessmentItem]
    actor: User
    now: dt.datetime = field(default_factory=clock.now)
    many: int = 0
    replaced: list[list[str | int]] = field(default_factory=list)
    entered: list[ItemResponse] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    sat: list[Sitting] = field(default_factory=list)
    unsat: list[int] = field(default_factory=list)
    shown: list[ItemResponse] = field(
        default_factory=list
    )  # what answers were that others saw in the team's numbers
    places: dict[int, int | None] = field(default_factory=dict)  # the class of each of these students

    def add(self, row: StudentAnswers) -> None:
        """Take what differs in the row of a student."""
        for number in sorted(row.answers.keys() | row.stored.keys()):
            before, after = row.stored.get(number), row.answers.get(number)
            if before is None or after != Answer(before.points, before.choice):
                self._change(row, number, before, after)
        is_there = row.is_absent or bool(row.answers)
        if row.sitting is not None and not is_there:
            self.unsat.append(row.sitting.pk)
        elif is_there and (row.sitting is None or row.sitting.is_absent != row.is_absent):
            place = row.sitting.section_id if row.sitting else self.section.pk
            self.sat.append(
                Sitting(
                    assessment=self.assessment,
                    student=row.student,
                    section_id=place,
                    is_absent=row.is_absent,
                )
            )
        self.many += row.was_absent != row.is_absent
        row.was_absent = row.is_absent

    def _change(
        self, row: StudentAnswers, number: int, before: ItemResponse | None, after: Answer | None
    ) -> None:
        item = self.items[number]
        self.many += 1
        if before is not None and row.sitting and row.sitting.is_released:
            self.shown.append(before)
            self.places[row.student.pk] = row.sitting.section_id or self.section.pk
        if before is not None:
            texts = [text_of(item, one.points, one.choice) if one else "" for one in (before, after)]
            self.replaced.append([str(row.student.uuid), number, *texts])
        if after is None:
            self.removed.append(row.stored.pop(number).pk)
            return
        row.stored[number] = ItemResponse(
            item=item,
            student=row.student,
            points=after.points,
            choice=after.choice,
            entered_by=self.actor,
            entered_at=self.now,
        )
        self.entered.append(row.stored[number])

    def write(self) -> None:
        """Write all of it; each statement writes the rows of all students."""
        hold_answers(self.assessment, self.shown, self.places)
        if self.removed:
            ItemResponse.objects.filter(pk__in=self.removed).delete()
        if self.unsat:
            Sitting.objects.filter(pk__in=self.unsat).delete()
        ItemResponse.objects.bulk_create(
            self.entered,
            batch_size=A_BATCH,
            update_conflicts=True,
            unique_fields=["item", "student"],
            update_fields=["points", "choice", "entered_by", "entered_at"],
        )
        Sitting.objects.bulk_create(
            self.sat,
            batch_size=A_BATCH,
            update_conflicts=True,
            unique_fields=["assessment", "student"],
            update_fields=["is_absent"],
        )
