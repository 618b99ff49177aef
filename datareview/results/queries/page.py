"""The page of results: the finding, the map, the standards and the items, of one class or of the team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.answers.queries.grid import class_choices
from datareview.assessments.permissions import may_edit_assessment
from datareview.assessments.queries import response_frame
from datareview.looks.queries import Look, looks_at
from datareview.records.permissions import students_visible_to
from datareview.results.frames.finding import finding, under_the_finding
from datareview.results.frames.heat import HeatMap, band_map, student_map
from datareview.results.frames.items import (
    ItemResult,
    WholeTest,
    item_results,
    to_talk_about,
    whole_test,
)
from datareview.results.frames.names import LETTERS, POINTS, RIGHT
from datareview.results.frames.standards import (
    ALL_ITEMS,
    StandardResult,
    bandable_standards,
    standard_results,
)
from datareview.results.permissions import own_teaching
from datareview.results.queries.classes import ClassState, TeamNumbers, class_states, team_numbers
from datareview.results.queries.shown import Shown, part_of, shown_answers, team_part
from teams.access.permissions import is_member
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from datareview.assessments.queries import ResponseFrame
    from datareview.records.models import Assessment, Standard, Student
    from teams.directory.models import User

TEAM = "team"  # the choice of all classes together
SHOWS = (LETTERS, RIGHT, POINTS)
SORTS = ("item", "right", "fit")


@dataclass(frozen=True, slots=True)
class StandardLine:
    """A standard of what is shown, beside the team's (None if that is not shown) and beside classes that are open."""

    result: StandardResult
    team: StandardResult | None
    opened: tuple[tuple[ClassState, StandardResult], ...]


@dataclass(frozen=True, slots=True, eq=False)
class ResultsPage:
    """What one reader sees of an assessment. ``chosen`` is the class, None for the team.

    ``given``, ``entered`` and ``absent`` count the students of what is shown; ``unseen`` those of the class whom the
    reader may not see by name. ``map`` is None if nothing may be shown. ``may_enter`` says
    whether there is a class whose answers the reader may enter, ``teaches`` whether the reader may open the chosen class.
    ``looks`` are shown to the team.
    """

    assessment: Assessment
    states: list[ClassState]
    chosen: ClassState | None
    numbers: TeamNumbers
    standards_to_band: dict[int, Standard]
    banded: int
    show: str
    sort: str
    may_edit: bool
    may_enter: bool
    is_given: bool
    title: str
    lead: str
    given: int
    entered: int
    absent: int
    unseen: int
    shown: Shown | None
    map: HeatMap | None
    standards: list[StandardLine]
    items: list[ItemResult]
    talk: list[ItemResult]
    test: WholeTest | None
    teaches: bool
    looks: list[Look]

    @property
    def counted(self) -> frozenset[int]:
        """The classes in the team's numbers on this page."""
        return self.numbers.counted or frozenset()

    @property
    def open_states(self) -> list[ClassState]:
        """The classes that the reader may see by student."""
        return [one for one in self.states if one.is_open]

    @property
    def in_states(self) -> list[ClassState]:
        """Classes of which answers are in."""
        return [one for one in self.states if one.entered]

    @property
    def out_states(self) -> list[ClassState]:
        """Classes that are given the assessment and of which nothing is in."""
        return [one for one in self.states if not one.entered]

    @property
    def map_by_student(self) -> bool:
        """Whether rows of the map are students; otherwise they are bands."""
        return self.map is not None and any(row.student for band in self.map.bands for row in band.rows)

    @property
    def value_name(self) -> str:
        """The name of a student's result (`datareview.records.values`)."""
        return f"result-{self.assessment.pk}"

    @property
    def mastery_percent(self) -> str:
        """The share of the points from which a student counts as secure, as text."""
        return formats.percent(100 * self.assessment.mastery, 0)

    @property
    def in_names(self) -> str:
        """The names of the classes of which answers are in."""
        return ", ".join(str(one.section) for one in self.in_states)

    @property
    def out_names(self) -> str:
        """The names of the classes of which nothing is in."""
        return ", ".join(str(one.section) for one in self.out_states)

    @property
    def band_name(self) -> Standard | None:
        """The standard by which students are banded; None for all items."""
        return self.standards_to_band.get(self.banded)


def results_page(user: User, assessment: Assessment, wanted: Mapping[str, str]) -> ResultsPage:
    """The results of ``assessment`` for ``user``; ``wanted`` has ``section``, ``by``, ``show`` and ``sort``.

    Unknown choices and closed classes are as if nothing had been chosen: the user's own class, else the team.
    """
    frame = response_frame(assessment)
    states = class_states(user, assessment, frame)
    numbers = team_numbers(user, assessment, states, frame)
    chosen = _chosen(states, wanted.get("section", ""))
    shown = shown_answers(frame, chosen, numbers, states)
    items = frame.items
    found = _standards(frame, shown, states, numbers, assessment)
    bandable = bandable_standards(items)
    banded = next((pk for pk, one in bandable.items() if str(one.uuid) == wanted.get("by")), None)
    if banded is None:
        banded = ALL_ITEMS if wanted.get("by") == "all" else _weakest(found)
    show = wanted["show"] if wanted.get("show") in SHOWS else LETTERS
    sort = wanted["sort"] if wanted.get("sort") in SORTS else SORTS[0]
    results = item_results(items, shown.points, shown.choices) if shown else []
    visible = _visible(user, shown) if shown and shown.by_student else []
    n = len(shown.points) if shown else 0
    map_ = None
    if shown and items and n and shown.by_student:
        map_ = student_map(
            items,
            shown.points,
            shown.choices,
            results,
            mastery=assessment.mastery,
            students=visible,
            banded=banded,
            show=show,
        )
    elif shown and items and n:
        seen = frame.section_of.isin({one.section.pk for one in states if one.is_open})
        closed = frozenset(frame.section_of.index[~seen.fillna(value=False).to_numpy(bool)])
        map_ = band_map(
            items,
            shown.points,
            results,
            mastery=assessment.mastery,
            banded=banded,
            closed=closed,
            before=numbers.before,
        )
    may_edit = may_edit_assessment(user, assessment)
    # A member of the team enters the answers of every class that is open, others need a class of their own.
    may_enter = (may_edit and any(one.is_open for one in states)) or bool(class_choices(user, assessment))
    return ResultsPage(
        assessment=assessment,
        states=states,
        chosen=chosen,
        numbers=numbers,
        standards_to_band=bandable,
        banded=banded,
        show=show,
        sort=sort,
        may_edit=may_edit,
        may_enter=may_enter,
        is_given=assessment.given_on <= assessment.team.school.today(),
        title=finding([line.result for line in found]),
        lead=under_the_finding(results),
        given=shown.given if shown else 0,
        entered=n,
        absent=shown.absent if shown else 0,
        unseen=n - len(visible) if shown and shown.by_student else 0,
        shown=shown,
        map=map_,
        standards=found,
        items=_sorted(results, sort),
        talk=to_talk_about(results),
        test=whole_test(shown.points) if shown and n else None,
        teaches=chosen is not None and own_teaching(user, assessment).filter(section=chosen.section).exists(),
        looks=looks_at(assessment) if is_member(user, assessment.team) else [],
    )


def _chosen(states: list[ClassState], wanted: str) -> ClassState | None:
    """The class that is wanted and open; else the reader's own, those with answers first; None for the team."""
    if wanted == TEAM:
        return None
    open_ = [one for one in states if one.is_open]
    own = sorted((one for one in open_ if one.is_own), key=lambda one: not one.entered)
    return next((one for one in open_ if str(one.section.uuid) == wanted), own[0] if own else None)


def _weakest(lines: list[StandardLine]) -> int:
    """The standard that fewest have mastered, by which bands are made unless another is chosen."""
    known = [line.result for line in lines if line.result.share is not None]
    if not known:
        return ALL_ITEMS
    return min(known, key=lambda one: (one.share, one.right)).standard.pk


def _visible(user: User, shown: Shown) -> list[Student]:
    """The students of what is shown whom the user may see."""
    return prepared_rows(_seen, reader_of(user), [int(pk) for pk in shown.points.index])


def _seen(user: User, ids: list[int]) -> QuerySet[Student]:
    return students_visible_to(user).filter(pk__in=ids)


def _standards(
    frame: ResponseFrame,
    shown: Shown | None,
    states: list[ClassState],
    numbers: TeamNumbers,
    assessment: Assessment,
) -> list[StandardLine]:
    """The standards of what is shown, each beside the team's and beside other classes that are open."""
    if shown is None:
        return []

    def of(part: Shown) -> dict[int, StandardResult]:
        return {
            one.standard.pk: one for one in standard_results(frame.items, part.points, assessment.mastery)
        }

    own, team = of(shown), {}
    if numbers.counted is not None and len(shown.points):
        whole = team_part(frame, numbers, by_student=False)
        team = own if whole.points.index.equals(shown.points.index) else of(whole)
    opened = [
        (one, of(part_of(frame, {one.section.pk}, by_student=True, with_rest=False)))
        for one in states
        if one.share and one.is_open and one.entered
    ]
    return [
        StandardLine(result, team.get(pk), tuple((state, rows[pk]) for state, rows in opened))
        for pk, result in own.items()
    ]


def _sorted(results: list[ItemResult], sort: str) -> list[ItemResult]:
    """Items in the order of the test, by how many have them right, or by how little they fit the rest."""
    if sort == "right":
        return sorted(results, key=lambda one: (one.share is None, one.share or 0.0, one.number))
    if sort == "fit":
        return sorted(results, key=lambda one: (one.fit is None, one.fit or 0.0, one.number))
    return results
