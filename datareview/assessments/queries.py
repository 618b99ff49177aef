"""Who is given an assessment, and what they answered, as frames for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.assessments.permissions import planned_classes
from datareview.records.models import AssessmentItem, Enrollment, ItemResponse, Sitting, Student
from datareview.records.permissions import students_of_team
from teams.directory.models import Team

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    from django.db.models import QuerySet

    from datareview.records.models import Assessment


@dataclass(frozen=True, slots=True, eq=False)
class ResponseFrame:
    """The answers of an assessment: one row per student (primary key), one column per item (number) that counts.

    ``points`` (float) is missing where nothing has been entered; a blank has 0 points. ``choices`` (text) is None where
    nothing has been entered and "" for a blank. ``absent`` are students who were marked absent, ``entered`` those who
    sat it; all others have not been entered. ``section_of`` maps each student to the primary key of the class in which
    they sat it, or of the class they are in (missing without one). Dropped items are left out.
    """

    items: tuple[AssessmentItem, ...]
    points: pd.DataFrame
    choices: pd.DataFrame
    absent: frozenset[int]
    entered: frozenset[int]
    section_of: pd.Series

    @property
    def sat(self) -> pd.DataFrame:
        """``points`` of the students who sat it."""
        return self.points[self.points.index.isin(self.entered)]

    @property
    def possible(self) -> pd.Series:
        """The points possible by item."""
        import pandas as pd

        numbers = [item.number for item in self.items]
        return pd.Series([item.max_points for item in self.items], index=numbers, dtype="float64")


def students_given(assessment: Assessment) -> QuerySet[Student]:
    """Students to whom an assessment is given, and those who sat it, whatever class they are in.

    It is given to those enrolled on its day in its classes. A team that is responsible for grades and chose no classes
    gives it to all its students; of an earlier school year only those who sat it are known.
    """
    sat = assessment.sittings.values("student")
    if assessment.team.cohort == Team.Cohort.GRADES and not assessment.sections.exists():
        given = _of_the_grades(assessment)
    else:
        there = Enrollment.objects.on(assessment.given_on).filter(section__in=planned_classes(assessment))
        given = Student.objects.filter(pk__in=there.values("student"))
    return Student.objects.filter(Q(pk__in=given.values("pk")) | Q(pk__in=sat))


def response_frame(assessment: Assessment, students: Collection[int] | None = None) -> ResponseFrame:
    """The answers of ``students`` (primary keys; None: all of `students_given`), in few queries."""
    import numpy as np
    import pandas as pd

    if students is None:
        students = list(students_given(assessment).values_list("pk", flat=True))
    index = pd.Index(sorted(students), dtype="int64", name="student")
    items = tuple(assessment.items.filter(is_dropped=False).select_related("standard").order_by("number"))
    sittings = Sitting.objects.filter(assessment=assessment, student__in=students)
    rows = list(sittings.values_list("student_id", "section_id", "is_absent"))
    absent = frozenset(student for student, _section, is_absent in rows if is_absent)
    entered = frozenset(student for student, _section, is_absent in rows if not is_absent)
    row_of = {student: row for row, student in enumerate(index)}
    column_of = {item.pk: column for column, item in enumerate(items)}
    points = np.full((len(index), len(items)), np.nan)
    choices = np.full(points.shape, None, dtype=object)
    answers = ItemResponse.objects.filter(item__assessment=assessment, item__is_dropped=False)
    for student, item, got, choice in answers.values_list("student_id", "item_id", "points", "choice"):
        if student in entered:
            at = row_of[student], column_of[item]
            points[at], choices[at] = got, choice
    columns = pd.Index([item.number for item in items], dtype="int64", name="number")
    sections = _classes_of_students(assessment)
    sections.update({student: section for student, section, _is_absent in rows if section})
    return ResponseFrame(
        items=items,
        points=pd.DataFrame(points, index=index, columns=columns),
        choices=pd.DataFrame(choices, index=index, columns=columns, dtype="object"),
        absent=absent,
        entered=entered,
        section_of=pd.Series([sections.get(student) for student in index], index=index, dtype="Int64"),
    )


def _of_the_grades(assessment: Assessment) -> QuerySet[Student]:
    """Students of the team's grades who were at the school on the assessment's day; none of an earlier school year."""
    if assessment.given_on < assessment.team.school.year_start():
        return Student.objects.none()
    there = Q(entered_on=None) | Q(entered_on__lte=assessment.given_on)
    return students_of_team(assessment.team).filter(there)


def _classes_of_students(assessment: Assessment) -> dict[int, int]:
    """Map students to the class in which they are given the assessment; a core class first, if they are in several."""
    there = Enrollment.objects.on(assessment.given_on).filter(section__in=planned_classes(assessment))
    ordered = there.order_by("section__is_core", "-section__name", "-section")
    return dict(ordered.values_list("student_id", "section_id"))
