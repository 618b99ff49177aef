"""Answer a question with a chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from datareview.charts.spec import Chart
from datareview.comparisons.charts.calendar import absence_calendar
from datareview.comparisons.charts.facts import ScoreFacts
from datareview.comparisons.charts.growth import growth
from datareview.comparisons.charts.incidents import incident_chart
from datareview.comparisons.charts.levels import levels_by_window, movement
from datareview.comparisons.charts.spread import distribution
from datareview.comparisons.charts.years import over_years
from datareview.comparisons.choices import ChartKind, IncidentBy, SpreadBy
from datareview.comparisons.queries.derived import windows_for, words_of_derived
from datareview.comparisons.queries.frames import compared, last_day, score_frame
from datareview.comparisons.queries.incidents import incidents_by_day
from datareview.comparisons.queries.others import peer_chart, school_medians, year_lines
from datareview.comparisons.queries.parts import benchmark_of_all, spread_parts
from datareview.figures.queries.attendance import missed_by_day
from datareview.records.models import Domain, Measure, Score
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Callable

    from datareview.comparisons.choices import Question
    from datareview.comparisons.queries.students import ExploredStudents
    from datareview.comparisons.queries.windows import ScoreWindow
    from teams.directory.models import School, User


_HAS_SCORES = Exists(Score.objects.filter(measure=OuterRef("pk")))


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A chart that answers a question, and the choices that there were: measures, and windows with scores.

    ``facts`` is None for a calendar, and where nothing has been measured.
    """

    kind: ChartKind
    by: SpreadBy | IncidentBy
    chart: Chart
    measures: list[Measure]
    windows: list[ScoreWindow]
    facts: ScoreFacts | None


def measures_with_scores(school: School) -> list[Measure]:
    """The school's measures in use that have scores: by domain, those of everyone before those of a few."""
    rows = Measure.objects.in_use().filter(_HAS_SCORES, school=school, derived_from="")
    return list(rows.order_by("domain", "kind", "name"))


def measures_to_compare(school: School) -> list[Measure]:
    """`measures_with_scores`, and attendance and incidents, with names of their levels; one query."""
    rows = Measure.objects.in_use().filter(~Q(derived_from="") | _HAS_SCORES, school=school)
    places = list(Domain)
    found = sorted(rows.order_by("domain", "kind", "name"), key=lambda one: places.index(Domain(one.domain)))
    for measure in found:
        if measure.derived_from:
            measure.level_names = measure.level_names or words_of_derived(measure)
    return found


def draw(
    asked: ExploredStudents,
    question: Question,
    *,
    user: User | None,
    page: Callable[[str], str] = lambda _show: "",
) -> Drawing:
    """The chart that answers ``question`` about its students.

    What the address leaves open is the first of the measures, the newest window with scores, and the one before it. Only
    a ``user`` sees own classes and one student among peers.
    """
    kind = ChartKind(question.kind) if question.kind in ChartKind.values else ChartKind.LEVELS
    by = SpreadBy(question.by) if question.by in SpreadBy.values else SpreadBy.WINDOW
    measures = measures_to_compare(asked.school)
    if kind == ChartKind.CALENDAR:
        return Drawing(kind, by, _calendar(asked), measures, [], None)
    if kind == ChartKind.INCIDENTS:
        divided = IncidentBy(question.by) if question.by in IncidentBy.values else IncidentBy.KIND
        days, rows = incidents_by_day(asked.grade_of, asked.school, divided)
        return Drawing(kind, divided, incident_chart(rows, divided, days=days), measures, [], None)
    measure = next((one for one in measures if one.uuid == uuid_or_none(question.measure)), None)
    measure = measure or next(iter(measures), None)
    every = windows_for(measure, asked.school) if measure else []
    frame = score_frame(measure, asked.grade_of, every) if measure else None
    if measure is None or frame is None or frame.empty:
        nothing = Chart(
            title=_("No scores yet"), sentence=_("None of these students has a score on this measure.")
        )
        return Drawing(kind, by, nothing, measures, [], None)
    known = [every[place] for place in sorted(frame["window"].astype(int).unique())]
    after = next((one for one in known if one.id == question.after), known[-1])
    earlier = [one for one in known if one.begins < after.begins and bool(one.ends) == bool(after.ends)]
    before = next((one for one in earlier if one.id == question.before), earlier[-1] if earlier else None)
    places = (every.index(before) if before else None, every.index(after))
    scored = set(frame["student"].tolist())
    facts = ScoreFacts(
        who=asked.name,
        students={pk: one for pk, one in asked.students.items() if pk in scored or measure.takes(one.grade)},
        measure=measure,
        windows=tuple(every),
        before=before,
        after=after,
        scores=frame,
        pairs=compared(frame, *places),
        last=last_day(frame),
        page=page,
    )
    return Drawing(kind, by, _scores_chart(asked, question, facts, kind, by, user), measures, known, facts)


def _scores_chart(
    asked: ExploredStudents,
    question: Question,
    facts: ScoreFacts,
    kind: ChartKind,
    by: SpreadBy,
    user: User | None,
) -> Chart:
    if kind == ChartKind.MOVEMENT:
        return movement(facts)
    if kind == ChartKind.GROWTH:
        return growth(facts, school_medians(asked, facts))
    if kind == ChartKind.SPREAD:
        parts, note = spread_parts(asked, facts, by, user)
        cut = benchmark_of_all(asked, facts, by)
        return distribution(facts, parts, cut=cut, are_windows=by == SpreadBy.WINDOW, note=note)
    if kind == ChartKind.YEARS:
        return over_years(facts, year_lines(asked, facts))
    if kind == ChartKind.PEERS:
        return peer_chart(asked, facts, question.student if user else "")
    return levels_by_window(facts)


def _calendar(asked: ExploredStudents) -> Chart:
    """The calendar of this school year."""
    days = missed_by_day(asked.grade_of, asked.school) if asked.grade_of else []
    return absence_calendar(days, students=len(asked.grade_of))
