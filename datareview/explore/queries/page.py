"""The page of Explore: the chart that answers a question, its students, and what else could be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from datareview.cohorts.queries import SCHOOL, cohorts_of
from datareview.comparisons.choices import WITHOUT_SCORES, ChartKind, Question, SpreadBy
from datareview.comparisons.queries.drawing import Drawing, draw
from datareview.comparisons.queries.students import ExploredStudents, explored_students, own_sections
from datareview.explore.queries.saved import SavedLink, question_to_keep, saved_links
from datareview.explore.queries.table import ScoreTable, score_table
from teams.access.permissions import may_take_part

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.charts.spec import Chart
    from datareview.records.models import Measure, Student
    from teams.directory.models import School, Team, User

DIVIDED = (ChartKind.SPREAD, ChartKind.INCIDENTS)
PINNED = (
    ChartKind.LEVELS,
    ChartKind.MOVEMENT,
    ChartKind.GROWTH,
    ChartKind.SPREAD,
    ChartKind.YEARS,
    *WITHOUT_SCORES,
)


@dataclass(frozen=True, slots=True)
class Pin:
    """The chart as an exhibit of ``team``: the names of its view and its parameters."""

    team: Team
    view: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class ExplorePage:
    """Everything on the page. ``question`` is what was asked, with what was left open filled in.

    ``cohorts`` are the choices of `cohorts_of`; ``table`` is None where there are no scores. ``keep`` is the question that a
    saved view keeps; with ``may_share`` the reader may save it for the team.
    """

    question: Question
    cohorts: list[tuple[str, str, list[tuple[str, str]]]]
    asked: ExploredStudents
    drawing: Drawing
    table: ScoreTable | None
    pin: Pin | None
    has_classes: bool
    keep: Question
    saved: list[SavedLink]
    may_share: bool

    @property
    def chart(self) -> Chart:
        """The chart."""
        return self.drawing.chart

    def picked(self, uuids: Collection[str], *, everyone: bool) -> list[Student]:
        """Students of the question with these public ids, or all whom the table lists."""
        students = self.asked.students
        if everyone and self.table:
            return [students[pk] for pk in self.table.student_ids]
        return [one for one in students.values() if str(one.uuid) in uuids]

    @property
    def measure(self) -> Measure | None:
        """The measure, None for a calendar."""
        return self.drawing.facts.measure if self.drawing.facts else None


def first_cohort(cohorts: list[tuple[str, str, list[tuple[str, str]]]]) -> str:
    """The key of the cohort that is shown if none is asked for; "" if the user has none."""
    return cohorts[0][2][0][0] if cohorts else ""


def explore_page(user: User, school: School, question: Question, *, page: str = "") -> ExplorePage | None:
    """The page that answers ``question``; None if the user may not open its cohort, or has none."""
    cohorts = cohorts_of(user, school, with_groups=True)
    question = replace(question, of=question.of or first_cohort(cohorts))
    asked = explored_students(user, school, question)
    if asked is None:
        return None
    drawing = draw(asked, question, user=user, page=lambda show: address_of_question(question, show=show))
    facts = drawing.facts
    question = replace(
        question,
        kind=drawing.kind.value,
        by=drawing.by.value if drawing.kind in DIVIDED else "",
        measure=str(facts.measure.uuid) if facts else "",
        before=facts.before.id if facts and facts.before else "",
        after=facts.after.id if facts else "",
    )
    keep = question_to_keep(question, drawing)
    return ExplorePage(
        question=question,
        cohorts=cohorts,
        asked=asked,
        drawing=drawing,
        table=score_table(facts, question, page) if facts else None,
        pin=_pin(asked, question, drawing),
        has_classes=bool(own_sections(user, school)),
        keep=keep,
        saved=saved_links(user, school, keep),
        may_share=asked.team is not None and may_take_part(user, asked.team),
    )


def address_of_question(question: Question, **changes: str) -> str:
    """The address of the page with ``changes``; a part of the chart leads to the table."""
    address = f"{reverse('datareview:explore-show')}?{urlencode(question.written(**changes))}"
    return f"{address}#students" if changes.get("show") else address


def _pin(asked: ExploredStudents, question: Question, drawing: Drawing) -> Pin | None:
    """The exhibit of the chart, for charts of a team that look the same to all its members."""
    is_own = drawing.kind == ChartKind.SPREAD and drawing.by == SpreadBy.CLASS
    if asked.team is None or question.of == SCHOOL or drawing.kind not in PINNED or is_own:
        return None
    if drawing.facts is None and drawing.kind not in WITHOUT_SCORES:
        return None
    parameters = question.written(of="", show="", sort="", student="")
    return Pin(asked.team, "explore", {"team": str(asked.team.uuid), **parameters})
