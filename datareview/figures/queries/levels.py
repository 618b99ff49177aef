"""Students' levels against benchmarks, by window."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from django.utils.translation import gettext as _

from datareview.figures.charts.cohort import TwoWindowScores, WindowSpread, slope_chart, spread_chart
from datareview.figures.charts.level_counts import LevelCount, below_benchmark, count_levels, stacked_levels
from datareview.records.models import Measure, Score
from datareview.records.models.measures import ALL_LEVELS, AT, CUTS
from datareview.records.queries.benchmarks import benchmarks_of
from datareview.records.queries.windows import school_windows
from datareview.records.windows import WindowSpan
from datareview.trends.columns import read_columns
from teams.access.prepared import many_ids
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from datareview.charts.spec import Chart
    from datareview.records.models import Benchmark, Student
    from datareview.records.windows import SchoolWindows
    from teams.directory.models import School, Team

PARTICIPATION = (
    0.95  # share tested from which a result is one of the whole group (ESSA, section 1111(c)(4)(E))
)


def level_of(value: float, cuts: Benchmark | None, *, higher_is_better: bool) -> int | None:
    """The level of a value, or None without cuts. A value equal to a cut has reached it."""
    if cuts is None:
        return None
    sign = 1 if higher_is_better else -1
    points = {level: getattr(cuts, name) for name, level in CUTS.items()}
    reached = (level < AT if cut is None else sign * value >= sign * cut for level, cut in points.items())
    return ALL_LEVELS.start + sum(reached)


class Scored(NamedTuple):
    """The last score in a window and its level, which is None without a benchmark."""

    value: float
    day: dt.date
    level: int | None


ByWindow = dict[WindowSpan, dict[int, Scored]]


def by_window(team: Team, measure: Measure, students: dict[int, Student]) -> ByWindow:
    """Map windows of this school year, in order, to student ids to the last score in the window."""
    grades = {pk: student.grade for pk, student in students.items()}
    return by_measure_and_window(team.school, [measure], grades)[measure.pk]


def by_measure_and_window(
    school: School, measures: Sequence[Measure], grades: Mapping[int, int | None]
) -> dict[int, ByWindow]:
    """Map ids of ``measures`` to `by_window` of each, of the students whose ``grades`` are given by their ids.

    Two queries for all, and those for the windows.
    """
    ids = [measure.pk for measure in measures]
    calendar = school_windows(school.pk)
    cuts: dict[tuple[int, str], dict[int | None, Benchmark]] = defaultdict(dict)
    for row in benchmarks_of(ids):
        cuts[row.measure_id, row.window][row.grade] = row
    scores = Score.objects.filter(
        measure__in=ids, student__in=many_ids(grades), taken_on__gte=school.year_start()
    )
    last = _last_of_windows(scores, calendar)
    return {
        measure.pk: {
            window: _levels(measure, last[measure.pk, window.key], grades, cuts[measure.pk, window.key])
            for window in calendar.in_year_of(school.today())
            if (measure.pk, window.key) in last
        }
        for measure in measures
    }


def _last_of_windows(
    scores: QuerySet[Score], calendar: SchoolWindows
) -> dict[tuple[int, str], list[tuple[int, float, dt.date]]]:
    """Map ids of measures and keys of windows to (student id, value, day) of each student's last score there."""
    names = ("measure_id", "student_id", "taken_on", "id", "value")
    measure, student, day, pk, value = read_columns(scores, *names).values()
    days, nth = np.unique(day, return_inverse=True)
    dates = [dt.date.fromordinal(int(one)) for one in days]
    keys = sorted({calendar.key_on(one) for one in dates})
    window = np.array([keys.index(calendar.key_on(one)) for one in dates], int)[nth]
    order = np.lexsort((pk, day, student, window, measure))
    group = np.stack([measure, window, student])[:, order]
    is_last = np.append((group[:, 1:] != group[:, :-1]).any(axis=0), np.ones(min(len(order), 1), bool))
    at = order[is_last]
    found: dict[tuple[int, str], list[tuple[int, float, dt.date]]] = defaultdict(list)
    rows = (measure[at].astype(int), window[at], student[at].astype(int), value[at], nth[at])
    for one, place, who, what, when in zip(*(column.tolist() for column in rows), strict=True):
        found[one, keys[place]].append((who, what, dates[when]))
    return found


def _levels(
    measure: Measure,
    scored: list[tuple[int, float, dt.date]],
    grades: Mapping[int, int | None],
    cuts: dict[int | None, Benchmark],
) -> dict[int, Scored]:
    """Map student ids to their scores with the levels by ``cuts``, the benchmarks of grades."""
    is_up = measure.higher_is_better
    return {
        pk: Scored(value, day, level_of(value, cuts.get(grades[pk]), higher_is_better=is_up))
        for pk, value, day in scored
    }


def settled_windows(counts: Mapping[int, int]) -> list[int]:
    """Places of windows with at least half as many students as the fullest of them, in order.

    ``counts`` maps places to numbers of students. A window that has just begun is not compared with a whole one: the few
    who have a score by then are those who are looked at most closely.
    """
    most = max(counts.values(), default=0)
    return sorted(place for place, many in counts.items() if 2 * many >= most)


def paired_scores(found: ByWindow, students: dict[int, Student]) -> list[TwoWindowScores]:
    """Students with a score in both of the last two windows."""
    if len(found) < 2:
        return []
    (_w, before), (_x, now) = list(found.items())[-2:]
    both = sorted(now.keys() & before.keys(), key=lambda pk: (now[pk].value, pk))
    return [
        TwoWindowScores(students[pk], before[pk].value, now[pk].value, before[pk].level, now[pk].level)
        for pk in both
    ]


def slope_of(measure: Measure, found: ByWindow, students: dict[int, Student]) -> Chart | None:
    """The slope chart between the last two windows, or None if there are not two."""
    pairs = paired_scores(found, students)
    if not pairs:
        return None
    windows = list(found)[-2:]
    labels = tuple(window.name_in_text for window in windows)
    grades = {student.grade for student in students.values()}
    cut = None
    grade = grades.pop()
    if not grades and grade is not None:
        cut = next(
            (one.at for one in benchmarks_of([measure.pk], grade) if one.window == windows[1].key), None
        )
    return slope_chart(
        measure,
        pairs,
        windows=(labels[0], labels[1]),
        cut=cut,
        source=_source(found, len(students), len(pairs)),
    )


def chart_of_levels(
    measure: Measure,
    found: ByWindow,
    students: dict[int, Student],
    *,
    page: Callable[[WindowSpan, int], str] | None = None,
) -> Chart:
    """The chart of numbers of students at each level, by window; ``page`` gives the page of a window's level.

    Its title compares students with a level in both of the last two windows, since those tested between two
    screenings are often chosen for their low scores.
    """
    counts = [
        LevelCount(
            window.name,
            _count(scored.values()),
            {level: page(window, level) for level in ALL_LEVELS} if page else {},
        )
        for window, scored in found.items()
    ]
    if not counts:
        return stacked_levels(
            measure, [], title=_("%(measure)s: no scores yet") % {"measure": measure}, source=""
        )
    now = counts[-1]
    if not any(count.total for count in counts):
        spread = [
            WindowSpread(window.name, [score.value for score in scored.values()])
            for window, scored in found.items()
        ]
        last = list(found.values())[-1]
        return spread_chart(measure, spread, source=_source(found, len(students), len(last)))
    if not now.total:
        title = _("%(measure)s: no benchmark for this grade and season") % {"measure": measure}
        return stacked_levels(measure, counts, title=title, source=_source(found, len(students), 0))
    title = _("%(measure)s: %(below)d of %(all)d below benchmark") % {
        "measure": measure,
        "below": now.below,
        "all": now.total,
    }
    if len(counts) > 1:
        title += _comparison(found, now)
    tested = len(list(found.values())[-1])
    if tested < PARTICIPATION * len(students):
        title += " " + _("(only %(tested)d of %(all)d students tested)") % {
            "tested": tested,
            "all": len(students),
        }
    return stacked_levels(measure, counts, title=title, source=_source(found, len(students), now.total))


def _comparison(found: ByWindow, now: LevelCount) -> str:
    """The end of the title: how many of the same students were below the benchmark in the window before."""
    (window, earlier), (_now, later) = list(found.items())[-2:]
    both = [
        pk for pk in later if later[pk].level is not None and pk in earlier and earlier[pk].level is not None
    ]
    if not both:
        return ""
    figures = {
        "below": below_benchmark(_count(earlier[pk] for pk in both)),
        "now": below_benchmark(_count(later[pk] for pk in both)),
        "all": len(both),
        "window": window.name_in_text,
    }
    if len(both) == now.total:
        return _(", %(below)d of the same %(all)d in %(window)s") % figures
    return _("; of %(all)d tested both times, %(now)d now and %(below)d in %(window)s") % figures


def _count(scored: Iterable[Scored]) -> dict[int, int]:
    return count_levels([score.level for score in scored])


def _source(found: ByWindow, students: int, shown: int) -> str:
    last = max(score.day for scored in found.values() for score in scored.values())
    return _("%(shown)d of %(all)d students. Data to %(day)s.") % {
        "shown": shown,
        "all": students,
        "day": formats.short_day(last),
    }
