"""The students behind a bar of the data page: those at one level of a measure in one window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from datareview.dashboards.queries.dashboards import students_of_board
from datareview.figures.queries.levels import by_window
from datareview.flags.models import Flag
from datareview.plans.models import Plan
from datareview.records.models import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from datareview.figures.queries.levels import Scored
    from datareview.records.models import Section, Student
    from datareview.records.windows import WindowSpan
    from teams.directory.models import Team, User

ORDERS = ("score", "name", "before")


@dataclass(frozen=True, slots=True)
class AtLevel:
    """One student at the level: the score, that of the window before, open flags and the running plans."""

    student: Student
    scored: Scored
    before: Scored | None
    flags: int
    plans: list[Plan]


@dataclass(frozen=True, slots=True)
class LevelPage:
    """The students of a team (or of one section) at ``level`` in ``window``, and the window before."""

    team: Team
    section: Section | None
    measure: Measure
    window: WindowSpan
    before: WindowSpan | None
    level: int
    rows: list[AtLevel]
    scored: int

    @property
    def level_name(self) -> str:
        """The school's name of the level."""
        return self.measure.level_name(self.level)

    @property
    def with_plan(self) -> int:
        """How many of them have a running plan."""
        return sum(bool(row.plans) for row in self.rows)


def measures_at(team: Team) -> QuerySet[Measure]:
    """The measures of the team's school."""
    return Measure.objects.filter(school=team.school_id)


def level_page(
    user: User, team: Team, measure: Measure, *, window: str, level: int, section: str = "", order: str = ""
) -> LevelPage | None:
    """The students at ``level`` in the window with the key ``window``; None if it has no scores yet."""
    students, chosen = students_of_board(user, team, section)
    found = by_window(team, measure, students)
    windows = list(found)
    at = next((index for index, one in enumerate(windows) if one.key == window), None)
    if at is None:
        return None
    scores = found[windows[at]]
    earlier = found[windows[at - 1]] if at else {}
    ids = [pk for pk, scored in scores.items() if scored.level == level]
    flags, plans = _flags(ids), _plans(ids)
    rows = [
        AtLevel(students[pk], scores[pk], earlier.get(pk), flags.get(pk, 0), plans.get(pk, [])) for pk in ids
    ]
    names = {pk: place for place, pk in enumerate(students)}
    rows.sort(key=lambda row: names[row.student.pk])
    if order != "name":
        sign = 1 if measure.higher_is_better else -1
        rows.sort(key=lambda row: _place(row, sign, is_before=order == "before"))
    before = windows[at - 1] if at else None
    total = sum(scored.level is not None for scored in scores.values())
    return LevelPage(team, chosen, measure, windows[at], before, level, rows, total)


def _place(row: AtLevel, sign: int, *, is_before: bool) -> tuple[bool, float]:
    scored = row.before if is_before else row.scored
    return (scored is None, sign * scored.value if scored else 0.0)


def _flags(students: Iterable[int]) -> dict[int, int]:
    rows = Flag.objects.filter(student__in=students, state=Flag.State.OPEN)
    return dict(rows.values_list("student").annotate(many=Count("pk")))


def _plans(students: Iterable[int]) -> dict[int, list[Plan]]:
    found: dict[int, list[Plan]] = {}
    for plan in Plan.objects.running().filter(student__in=students).select_related("strategy"):
        found.setdefault(plan.student_id, []).append(plan)
    return found
