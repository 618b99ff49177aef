"""Who is given an assessment, what they answered as frames for the kernel, and the pages of assessments."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from datareview.assessments.permissions import (
    assessments_to_copy,
    assessments_visible_to,
    classes_of_team,
    deleted_assessments,
    may_make_assessments,
    planned_classes,
)
from datareview.records.models import (
    Assessment,
    AssessmentItem,
    Enrollment,
    HeldAnswer,
    ItemResponse,
    KeyChange,
    Sitting,
    Standard,
    Student,
)
from datareview.records.permissions import students_of_team
from teams.access.permissions import own_teams
from teams.directory.models import Team
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    from django.db.models import QuerySet

    from datareview.records.models import Section
    from teams.directory.models import School, User

A_PAGE = 25
MOST_EARLIER = 50  # assessments to check again, in a list to choose from
MOST_TO_COPY = 200
MOST_STANDARDS = 1_500  # suggested while typing a code


@dataclass(frozen=True, slots=True, eq=False)
class ResponseFrame:
    """The answers of an assessment: one row per student (primary key), one column per item (number) that counts.

    ``points`` (float) is missing where nothing has been entered; a blank has 0 points. ``choices`` (text) is None where
    nothing has been entered and "" for a blank. ``absent`` are students who were marked absent, ``entered`` those who
    sat it; all others have not been entered. ``released`` are as in `Sitting`. ``section_of`` maps each
    student to the primary key of the class in which they sat it, or of the class they are in (missing without one).
    Dropped items are left out. ``as_shown`` is the frame with the answers that are held (`HeldAnswer`), None without any.
    """

    items: tuple[AssessmentItem, ...]
    points: pd.DataFrame
    choices: pd.DataFrame
    absent: frozenset[int]
    entered: frozenset[int]
    released: frozenset[int]
    section_of: pd.Series
    as_shown: ResponseFrame | None = None
    corrected: frozenset[int] = frozenset()

    @property
    def for_team(self) -> ResponseFrame:
        """What the team's numbers are computed from."""
        return self.as_shown or self

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
        given = set(students_given(assessment).values_list("pk", flat=True))
        held = HeldAnswer.objects.filter(item__assessment=assessment) if assessment.holds_answers else None
        students = given if held is None else given.union(held.values_list("student_id", flat=True))
    index = pd.Index(sorted(students), dtype="int64", name="student")
    items = tuple(assessment.items.filter(is_dropped=False).select_related("standard").order_by("number"))
    sittings = Sitting.objects.filter(assessment=assessment, student__in=students)
    rows = list(sittings.values_list("student_id", "section_id", "is_absent", "is_released"))
    absent = frozenset(student for student, _section, is_absent, _released in rows if is_absent)
    entered = frozenset(student for student, _section, is_absent, _released in rows if not is_absent)
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
    sections = classes_of_students(assessment)
    sections.update({student: section for student, section, *_rest in rows if section})
    frame = ResponseFrame(
        items=items,
        points=pd.DataFrame(points, index=index, columns=columns),
        choices=pd.DataFrame(choices, index=index, columns=columns, dtype="object"),
        absent=absent,
        entered=entered,
        released=frozenset(student for student, *_rest, is_released in rows if is_released),
        section_of=pd.Series([sections.get(student) for student in index], index=index, dtype="Int64"),
    )
    return _with_held(assessment, frame) if assessment.holds_answers else frame


def _with_held(assessment: Assessment, frame: ResponseFrame) -> ResponseFrame:
    """``frame`` with what its team's numbers are computed from while corrections wait."""
    import pandas as pd

    number_of = {item.pk: item.number for item in frame.items}
    points, choices, section_of = frame.points.copy(), frame.choices.copy(), frame.section_of.copy()
    held = HeldAnswer.objects.filter(item__in=number_of, student__in=frame.points.index.tolist())
    places: dict[int, int | None] = {}
    for one in held:
        at = one.student_id, number_of[one.item_id]
        points.loc[at], choices.loc[at] = one.points, one.choice
        places[one.student_id] = one.section_id
    students = frozenset(places)
    section_of.update(pd.Series(places, dtype="Int64"))
    shown = replace(frame, points=points, choices=choices, section_of=section_of)
    shown = replace(shown, absent=frame.absent - students, entered=frame.entered | students)
    shown = replace(shown, released=frame.released | students)
    return replace(frame, as_shown=shown, corrected=students)


def _of_the_grades(assessment: Assessment) -> QuerySet[Student]:
    """Students of the team's grades who were at the school on the assessment's day; none of an earlier school year."""
    if assessment.given_on < assessment.team.school.year_start():
        return Student.objects.none()
    there = Q(entered_on=None) | Q(entered_on__lte=assessment.given_on)
    return students_of_team(assessment.team).filter(there)


def classes_of_students(assessment: Assessment) -> dict[int, int]:
    """Map students to the class in which they are given the assessment; a core class first, if they are in several."""
    there = Enrollment.objects.on(assessment.given_on).filter(section__in=planned_classes(assessment))
    ordered = there.order_by("section__is_core", "-section__name", "-section")
    return dict(ordered.values_list("student_id", "section_id"))


@dataclass(frozen=True, slots=True)
class AssessmentList:
    """A page of assessments, with ``item_count``, ``sat_count`` and ``absent_count`` on each row.

    ``team`` is None for those of all teams. ``total`` counts them without filters, and ``deleted`` those that the
    reader may restore. ``own_teams`` are those for which the reader makes assessments as a member.
    """

    team: Team | None
    teams: list[Team]
    page: Page
    total: int
    deleted: int
    may_make: bool
    own_teams: list[Team]


@dataclass(frozen=True, slots=True)
class EditorChoices:
    """What can be chosen for an assessment: classes, earlier ones to check again, standards (code, statement)."""

    classes: list[Section]
    earlier: list[Assessment]
    standards: list[tuple[str, str]]
    day: dt.date


def assessments_of(user: User, school: School, team: Team | None, wanted: dict[str, str]) -> AssessmentList:
    """Assessments of ``team``, or of all teams of ``school`` that the user may see, filtered by ``wanted``."""
    visible = assessments_visible_to(user).filter(team__school=school)
    teams = list(Team.objects.filter(pk__in=visible.values("team")).order_by("name"))
    if team:
        visible = visible.filter(team=team)
    may_make = team is not None and may_make_assessments(user, team)
    gone = deleted_assessments(user, team) if team else Assessment.objects.none()
    rows = gone if may_make and wanted.get("show") == "deleted" else visible
    if not wanted.get("show"):
        rows = rows.filter(given_on__gte=school.year_start())
    if chosen := next((one for one in teams if str(one.uuid) == wanted.get("team")), None):
        rows = rows.filter(team=chosen)
    for word in wanted.get("q", "").split()[:4]:
        in_standard = AssessmentItem.objects.filter(assessment=OuterRef("pk"), standard__code__icontains=word)
        rows = rows.filter(Q(title__icontains=word) | Exists(in_standard))
    order = ("title", "-given_on") if wanted.get("sort") == "title" else ("-given_on", "-pk")
    rows = rows.select_related("team").prefetch_related("sections").order_by(*order)
    return AssessmentList(
        team=team,
        teams=teams,
        page=Paginator(_counted(rows), A_PAGE).get_page(wanted.get("page")),
        total=visible.count(),
        deleted=gone.count(),
        may_make=may_make,
        own_teams=list(own_teams(user).filter(school=school, is_active=True).order_by("name")),
    )


def editor_choices(team: Team, assessment: Assessment | None = None) -> EditorChoices:
    """What a member of ``team`` can choose for a new assessment, or for ``assessment``."""
    day = assessment.given_on if assessment else _proposed_day(team)
    classes = {section.pk: section for section in classes_of_team(team, day)}
    if assessment:
        classes.update({section.pk: section for section in assessment.sections.all()})
    earlier = Assessment.objects.filter(team=team, deleted_at=None, given_on__lte=day)
    if assessment:
        earlier = earlier.exclude(pk=assessment.pk)
    standards = Standard.objects.filter(school=team.school_id, is_retired=False).order_by("code")
    return EditorChoices(
        classes=sorted(classes.values(), key=lambda section: (section.name, section.pk)),
        earlier=list(earlier[:MOST_EARLIER]),
        standards=list(standards.values_list("code", "statement")[:MOST_STANDARDS]),
        day=day,
    )


def copyable_assessments(user: User, team: Team) -> list[Assessment]:
    """Assessments whose items the user may copy: the team's own first, then of others of its school; latest first."""
    rows = assessments_to_copy(user, team.school).select_related("team")
    others = Case(When(team=team, then=0), default=1)
    return list(rows.order_by(others, "-given_on", "-pk")[:MOST_TO_COPY])


def former_keys(assessment: Assessment) -> dict[int, list[KeyChange]]:
    """Former keys and points by item (primary key), latest first."""
    found: dict[int, list[KeyChange]] = defaultdict(list)
    rows = KeyChange.objects.filter(item__assessment=assessment)
    for change in rows.select_related("item__assessment__team__school"):
        found[change.item_id].append(change)
    return found


def answered_items(assessment: Assessment) -> set[int]:
    """Primary keys of the items that have answers."""
    rows = ItemResponse.objects.filter(item__assessment=assessment)
    return set(rows.values_list("item_id", flat=True).distinct())


def _proposed_day(team: Team) -> dt.date:
    """The day of the team's next meeting, or today."""
    # Meetings are of a higher area: only the relation's name refers to them.
    rows = Team.objects.filter(pk=team.pk, meetings__state="planned", meetings__starts_at__gte=clock.now())
    starts_at = rows.order_by("meetings__starts_at").values_list("meetings__starts_at", flat=True).first()
    return starts_at.astimezone(team.school.tz).date() if starts_at else team.school.today()


def _counted(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    def count(of: QuerySet[Any]) -> Any:
        counted = of.order_by().values("assessment").annotate(n=Count("*")).values("n")
        return Coalesce(Subquery(counted), 0)

    items = AssessmentItem.objects.filter(assessment=OuterRef("pk"), is_dropped=False)
    sittings = Sitting.objects.filter(assessment=OuterRef("pk"))
    return rows.annotate(
        item_count=count(items),
        sat_count=count(sittings.filter(is_absent=False)),
        absent_count=count(sittings.filter(is_absent=True)),
    )
