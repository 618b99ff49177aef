"""A team's data: levels now and before, who moved, attendance beside it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, FloatField, Max, Sum, Value, When
from django.db.models.functions import TruncWeek
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from datareview.charts.classes import slope_chart, stacked_levels, weekly_chart
from datareview.lib.windows import FALL, SPRING, WINTER, window_of
from datareview.models import AttendanceDay, Benchmark, Incident, Measure, Score, Section, Student, Window
from datareview.permissions import students_of_team, students_visible_to
from teams.lib.errors import DomainError
from teams.models import SchoolYear, Team
from teams.permissions import teams_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from datareview.charts.spec import Chart
    from teams.models import User

ORDER = [FALL, WINTER, SPRING]


@dataclass(frozen=True, slots=True)
class Pair:
    """One student's scores in two windows, and where they stand against the benchmark of each."""

    student: Student
    before: float
    now: float
    level_before: int | None
    level_now: int | None

    @property
    def name(self) -> str:
        """As colleagues say it."""
        return str(self.student)

    @property
    def is_below_now(self) -> bool:
        """Under the benchmark in the later window."""
        return self.level_now in (1, 2)

    @property
    def is_below_before(self) -> bool:
        """Under the benchmark in the earlier window."""
        return self.level_before in (1, 2)

    @property
    def is_far_below(self) -> bool:
        """At the lowest level in the later window."""
        return self.level_now == 1


@dataclass(frozen=True, slots=True)
class LevelCount:
    """Students at each of the four levels in one window, lowest first."""

    window: str
    label: str
    counts: tuple[int, int, int, int]

    @property
    def total(self) -> int:
        """Students with a score and a benchmark."""
        return sum(self.counts)

    @property
    def below(self) -> int:
        """Students under the benchmark."""
        return self.counts[0] + self.counts[1]


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure of a team; ``view`` and ``parameters`` put it on an agenda."""

    measure: Measure
    team: Team
    chart: Chart
    view: str
    parameters: dict[str, str]
    up: list[Pair]
    down: list[Pair]
    missing: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The page: a panel a measure, attendance and incidents beside it."""

    team: Team
    students: int
    panels: list[Panel]
    attendance: Panel | None
    incidents: list[tuple[str, int]]
    sections: list[Section]
    section: Section | None


def dashboard_of(user: User, team: Team, *, section_uuid: str = "") -> Dashboard:
    """The dashboard of ``team``, of those of its students whom the user may see; of one section where given."""
    cohort = students_of_team(team) & students_visible_to(user)
    sections = list(
        Section.objects.filter(enrollments__student__in=cohort, is_core=True).distinct().order_by("name")
    )
    section = next((one for one in sections if str(one.uuid) == section_uuid), None)
    if section:
        cohort = cohort.filter(enrollments__section=section, enrollments__ends_on__isnull=True).distinct()
    students = {student.pk: student for student in cohort.select_related("school")}
    measures = Measure.objects.filter(school=team.school, derived_from="").exclude(benchmarks=None)
    if team.subject:
        measures = measures.filter(subject__in=[team.subject, ""])
    panels = [_panel(team, measure, students) for measure in measures.order_by("-kind", "name")]
    return Dashboard(
        team=team,
        students=len(students),
        panels=[panel for panel in panels if panel],
        attendance=_attendance_panel(team, students) if students else None,
        incidents=_incidents(students, team),
        sections=sections,
        section=section,
    )


def windows_chart(team: Team, measure: Measure) -> Chart:
    """The slope chart of a team between its last two windows; DomainError where there are not two."""
    students = {student.pk: student for student in students_of_team(team)}
    found = _by_window(team, measure, students)
    chart = _slope(measure, found, students)
    if chart is None:
        raise DomainError(_("There are no two benchmark windows with scores yet."))
    return chart


def levels_chart(team: Team, measure: Measure) -> Chart:
    """Levels by window."""
    students = {student.pk: student for student in students_of_team(team)}
    return _levels(measure, _by_window(team, measure, students), students)


def attendance_chart(team: Team) -> Chart:
    """Share of days present of a team's students by week."""
    students = {student.pk: student for student in students_of_team(team)}
    return _weeks(students, team)


def level_of(value: float, cuts: Benchmark | None, *, higher_is_better: bool) -> int | None:
    """Level 1 to 4 of a value; None without cuts. A value on a cut has reached it."""
    if cuts is None:
        return None
    sign = 1 if higher_is_better else -1
    return 1 + sum(sign * value >= sign * cut for cut in (cuts.below, cuts.at, cuts.above))


@dataclass(frozen=True, slots=True)
class _Scored:
    value: float
    day: dt.date
    level: int | None


_ByWindow = dict[str, dict[int, _Scored]]


def _by_window(team: Team, measure: Measure, students: dict[int, Student]) -> _ByWindow:
    """Window → student id → the last score in it, this school year; two queries."""
    cuts = {(row.grade, row.window): row for row in Benchmark.objects.filter(measure=measure)}
    rows = Score.objects.filter(measure=measure, student__in=students, taken_on__gte=_year_start(team))
    found: _ByWindow = defaultdict(dict)
    for student_id, day, value in rows.order_by("taken_on", "pk").values_list(
        "student_id", "taken_on", "value"
    ):
        window, grade = window_of(day), students[student_id].grade
        level = level_of(value, cuts.get((grade, window)), higher_is_better=measure.higher_is_better)
        found[window][student_id] = _Scored(value, day, level)
    return {window: found[window] for window in ORDER if window in found}


def _panel(team: Team, measure: Measure, students: dict[int, Student]) -> Panel | None:
    found = _by_window(team, measure, students)
    if not found:
        return None
    pairs = _pairs(found, students)
    moved = [pair for pair in pairs if pair.level_now and pair.level_before]
    up = [pair for pair in moved if (pair.level_now or 0) > (pair.level_before or 0)]
    down = [pair for pair in moved if (pair.level_now or 0) < (pair.level_before or 0)]
    view = "class_windows" if pairs and len(pairs) <= 40 else "levels"
    last = list(found.values())[-1]
    return Panel(
        measure=measure,
        team=team,
        chart=_levels(measure, found, students),
        view=view,
        parameters={"team": str(team.uuid), "measure": str(measure.uuid)},
        up=sorted(up, key=lambda pair: pair.name),
        down=sorted(down, key=lambda pair: pair.name),
        missing=len(students) - len(last),
    )


def _pairs(found: _ByWindow, students: dict[int, Student]) -> list[Pair]:
    """Students with a score in both of the last two windows."""
    if len(found) < 2:
        return []
    (_w, before), (_x, now) = list(found.items())[-2:]
    both = sorted(now.keys() & before.keys(), key=lambda pk: (now[pk].value, pk))
    return [
        Pair(students[pk], before[pk].value, now[pk].value, before[pk].level, now[pk].level) for pk in both
    ]


def _slope(measure: Measure, found: _ByWindow, students: dict[int, Student]) -> Chart | None:
    pairs = _pairs(found, students)
    if not pairs:
        return None
    windows = list(found)[-2:]
    labels = tuple(str(Window(window).label).lower() for window in windows)
    grades = {student.grade for student in students.values()}
    cut = None
    if len(grades) == 1:
        row = Benchmark.objects.filter(measure=measure, grade=grades.pop(), window=windows[1]).first()
        cut = row.at if row else None
    return slope_chart(
        measure,
        pairs,
        windows=(labels[0], labels[1]),
        cut=cut,
        source=_source(found, len(students), len(pairs)),
    )


def _levels(measure: Measure, found: _ByWindow, students: dict[int, Student]) -> Chart:
    counts = [
        LevelCount(window, str(Window(window).label), _count(scored.values()))
        for window, scored in found.items()
    ]
    if not counts:
        return stacked_levels(
            measure, [], title=_("%(measure)s: no scores yet") % {"measure": measure}, source=""
        )
    now = counts[-1]
    title = _("%(measure)s: %(below)d of %(all)d below benchmark") % {
        "measure": measure,
        "below": now.below,
        "all": now.total,
    }
    if len(counts) > 1:
        before = counts[-2]
        title += _(", %(below)d of %(all)d in %(window)s") % {
            "below": before.below,
            "all": before.total,
            "window": before.label.lower(),
        }
    return stacked_levels(measure, counts, title=title, source=_source(found, len(students), now.total))


def _count(scored: Iterable[_Scored]) -> tuple[int, int, int, int]:
    counts = [0, 0, 0, 0]
    for score in scored:
        if score.level:
            counts[score.level - 1] += 1
    return counts[0], counts[1], counts[2], counts[3]


def _source(found: _ByWindow, students: int, shown: int) -> str:
    last = max(score.day for scored in found.values() for score in scored.values())
    return _("%(shown)d of %(all)d students. Data to %(day)s.") % {
        "shown": shown,
        "all": students,
        "day": date_format(last, "j M"),
    }


def _attendance_panel(team: Team, students: dict[int, Student]) -> Panel | None:
    measure = Measure.objects.filter(school=team.school, derived_from="attendance").first()
    if measure is None:
        return None
    parameters = {"team": str(team.uuid)}
    return Panel(measure, team, _weeks(students, team), "attendance_weeks", parameters, [], [], 0)


def _weeks(students: dict[int, Student], team: Team) -> Chart:
    absent = Case(
        When(mark__in=["excused", "unexcused"], then=Value(1.0)),
        When(mark="partial", then=Value(0.5)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    days = AttendanceDay.objects.filter(student__in=students, day__gte=_year_start(team))
    rows = days.values(week=TruncWeek("day")).annotate(
        absent=Sum(absent), marked=Count("pk"), last=Max("day")
    )
    points = [
        (row["week"] + dt.timedelta(days=4), 100 * (1 - row["absent"] / row["marked"]), row["marked"])
        for row in rows.order_by("week")
    ]
    if not points:
        return weekly_chart([], title=_("Attendance: no days marked yet"), sentence="", source="")
    chronic = _chronic(students, team)
    title = _("%(n)d of %(all)d have missed one day in ten or more") % {"n": chronic, "all": len(students)}
    sentence = _("Last week %(share).1f %% of days were attended.") % {"share": points[-1][1]}
    return weekly_chart(points, title=title, sentence=sentence, source=_("All marks of this school year."))


def _chronic(students: dict[int, Student], team: Team) -> int:
    """Students absent on at least a tenth of at least twenty marked days, exactly, in half days."""
    halves = Case(
        When(mark__in=["excused", "unexcused"], then=Value(2)),
        When(mark="partial", then=Value(1)),
        default=Value(0),
    )
    days = AttendanceDay.objects.filter(student__in=students, day__gte=_year_start(team)).values("student")
    rows = days.annotate(halves=Sum(halves), marked=Count("pk")).filter(marked__gte=20)
    return rows.annotate(five=F("halves") * 5).filter(five__gte=F("marked")).count()


def _incidents(students: dict[int, Student], team: Team) -> list[tuple[str, int]]:
    """Incidents of this year by kind, most frequent first."""
    rows = Incident.objects.filter(student__in=students, day__gte=_year_start(team)).values("kind")
    return [
        (row["kind"], row["many"]) for row in rows.annotate(many=Count("pk")).order_by("-many", "kind")[:6]
    ]


def _year_start(team: Team) -> dt.date:
    today = team.school.today()
    year = (
        SchoolYear.objects.filter(school=team.school_id, starts_on__lte=today).order_by("-starts_on").first()
    )
    return year.starts_on if year else today - dt.timedelta(days=365)


def teams_with_data(user: User, school_id: int) -> QuerySet[Team]:
    """Teams whose dashboard the user may open, own ones first."""
    own = Team.objects.of_user(user.pk).values("pk")
    rows = teams_visible_to(user).filter(school_id=school_id, is_active=True)
    return rows.annotate(is_own=Case(When(pk__in=own, then=Value(0)), default=Value(1))).order_by(
        "is_own", "name"
    )
