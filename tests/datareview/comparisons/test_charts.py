"""What the charts of Explore say, from scores small enough to count."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from datareview.comparisons.choices import Question
from datareview.explore.queries.page import explore_page
from datareview.records.models import AttendanceDay, Benchmark, Enrollment, Incident, Score, Student
from tests.conftest import make_section, make_student
from tests.factories.windows import let_winter_begin_today


def asked(cast, user=None, **question):
    page = explore_page(user or cast.ana, cast.school, Question(**question))
    assert page is not None
    return page


def let_score(cast, scores):
    """Scores in fall and winter of students, None for none; the benchmark is 94 in fall and 120 in winter."""
    let_winter_begin_today(cast)
    Score.objects.all().delete()
    today = cast.school.today()
    for student, values in scores.items():
        for value, back in zip(values, (20, 0), strict=True):
            if value is not None:
                taken_on = today - dt.timedelta(days=back)
                Score.objects.create(student=student, measure=cast.fluency, taken_on=taken_on, value=value)


@pytest.fixture
def scored(cast):
    let_score(cast, {cast.maya: (96, 100), cast.jonas: (90, 121), cast.ines: (96, None)})
    return cast


def test_levels_compare_the_same_students(scored):
    page = asked(scored)
    assert page.chart.title == "1 of 2 are below benchmark in winter, 1 of the same 2 in fall"
    assert [series.y for series in page.chart.series] == [(0, 0), (1, 1), (2, 1), (0, 0)]
    assert "2 of 3 students" in page.chart.source


def test_moves_up_and_down_are_counted_and_open_their_students(scored, as_user):
    page = asked(scored, kind="movement")
    assert page.chart.title == "From fall to winter, 1 moved up a level and 1 down, of 2"
    moves = {
        (was, series.name): (count, link)
        for series in page.chart.series
        for was, count, link in zip(series.x, series.y, series.links, strict=True)
    }
    assert {pair: count for pair, (count, _link) in moves.items() if count} == {
        ("Below", "At benchmark"): 1,
        ("At benchmark", "Below"): 1,
    }
    assert all(bool(link) == bool(count) for count, link in moves.values())
    opened = (
        as_user(scored.ana).get(moves["At benchmark", "Below"][1].partition("#")[0]).context["page"].table
    )
    assert [line.student for line in opened.page] == [scored.maya]
    assert opened.shown == "from At benchmark to Below"


def test_without_benchmarks_nobody_has_moved(scored):
    scored.fluency.benchmarks.all().delete()
    assert asked(scored, kind="movement").chart.is_empty
    assert (
        asked(scored).chart.title
        == "Oral reading fluency: median 110.5 in Winter; no benchmark to compare with"
    )


def test_growth_is_compared_with_the_median_of_the_grade(scored):
    scored.school.min_group_size = 2
    scored.school.save()
    page = asked(scored, kind="growth")
    assert page.chart.title == "1 of 1 below benchmark grew less than the school’s median of +17.5"
    assert "of 1 below benchmark in fall, 0 grew less." in page.chart.sentence  # the other way round
    points = {
        label: (x, y)
        for one in page.chart.series
        for label, x, y in zip(one.labels, one.x, one.y, strict=True)
    }
    assert points == {"Maya Okafor: 100 (+4)": (100, 4), "Jonas Weber: 121 (+31)": (121, 31)}


def test_medians_of_a_school_with_too_few_students_are_those_of_the_cohort(scored):
    page = asked(scored, kind="growth")
    assert page.chart.title == "1 of 1 below benchmark grew less than the median of +17.5"
    assert "of the same grades at the school" not in page.chart.sentence


def test_the_newest_score_before_the_next_window_counts(cast):
    let_score(cast, {cast.maya: (90, 130)})
    earlier = cast.school.today() - dt.timedelta(days=10)
    Score.objects.create(student=cast.maya, measure=cast.fluency, taken_on=earlier, value=95)
    (line,) = [one for one in asked(cast).table.page if one.student == cast.maya]
    assert (line.before, line.before_level, line.after, line.after_level) == (95, 3, 130, 3)


def test_students_without_a_score_can_be_listed(scored):
    page = asked(scored, show="missing")
    assert [line.student for line in page.table.page] == [scored.ines]
    assert (page.table.missing, page.table.total) == (1, 3)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Maya", "Jonas", "Ines"]),
        ("-after", ["Jonas", "Maya", "Ines"]),
        ("name", ["Ines", "Maya", "Jonas"]),
        ("-name", ["Jonas", "Maya", "Ines"]),
        ("change", ["Maya", "Jonas", "Ines"]),
        ("nonsense", ["Maya", "Jonas", "Ines"]),
    ],
)
def test_the_table_is_sorted_and_students_without_a_value_come_last(scored, sort, names):
    assert [line.student.first_name for line in asked(scored, sort=sort).table.page] == names


def test_lower_levels_come_before_lower_scores_of_other_grades(scored):
    Benchmark.objects.create(measure=scored.fluency, grade=1, window="winter", below=40, at=60, above=99)
    Student.objects.filter(pk=scored.maya.pk).update(grade=1)
    page = asked(scored, of="school", user=scored.cora)
    assert [(line.after, line.after_level) for line in page.table.page] == [(121, 3), (100, 4), (None, None)]
    assert [one.sort for one in page.table.columns] == ["name", "-after", "before", "change"]


def test_only_those_with_a_running_plan_are_compared(scored):
    (line,) = asked(scored, plan="any").table.page
    assert line.student == scored.maya
    assert [one.student for one in asked(scored, plan=str(scored.strategy.uuid)).table.page] == [scored.maya]
    assert asked(scored, plan="nonsense").table is None


def with_class(cast, section, many, first):
    """``many`` more fourth graders in ``section``, with scores in winter."""
    for number in range(many):
        student = make_student(cast.school, f"{first}{number}", "Kim", f"{first}{number}", 4)
        Enrollment.objects.create(student=student, section=section, starts_on=cast.school.today())
        Score.objects.create(
            student=student, measure=cast.fluency, taken_on=cast.school.today(), value=100 + number
        )


def test_another_class_is_never_shown_by_itself(scored):
    """Ana teaches 4A and Tom 4B, which she may see only together with a third class."""
    with_class(scored, scored.other_section, 6, "b")
    page = asked(scored, kind="spread", by="class")
    assert [series.x for series in page.chart.series] == [("4A", "4A")]
    assert "since they would be one class" in page.chart.sentence
    third = make_section(scored.staff.gil, "4C", [])
    with_class(scored, third, 4, "c")
    assert "since they would be one class" in asked(scored, kind="spread", by="class").chart.sentence
    with_class(scored, third, 1, "d")
    page = asked(scored, kind="spread", by="class")
    assert {x for series in page.chart.series for x in series.x} == {"4A", "everyone else"}
    assert page.pin is None


def test_who_sees_all_students_sees_no_class_beside_another(scored):
    with_class(scored, scored.other_section, 6, "b")
    key = f"team:{scored.team.uuid}"
    page = asked(scored, scored.pia, of=key, kind="spread", by="class")
    assert not page.has_classes
    assert {x for series in page.chart.series for x in series.x} <= {"everyone else"}


def test_a_student_is_among_the_grade_not_among_the_cohort(scored):
    scored.school.min_group_size = 1
    scored.school.save()
    page = asked(scored, kind="peers", student=str(scored.jonas.uuid))
    assert page.chart.title == "Jonas Weber: 121 in winter, more than 1 of 1 in the same grade"


def test_too_few_peers_are_not_drawn(scored):
    page = asked(scored, kind="peers", student=str(scored.jonas.uuid))
    assert page.chart.title == "Jonas Weber: 121 in winter; too few others to compare with"
    assert page.chart.table.rows[-1][1:] == ("121", "–", "–", "–", "–")


def test_years_are_of_the_same_students_and_of_the_same_grade(scored):
    """A year ago these fourth graders were in grade 3, and today's fifth graders in grade 4."""
    school = scored.school
    school.min_group_size = 1
    school.save()
    year = school.years.get()
    begins = year.starts_on - dt.timedelta(days=365)
    last = school.years.create(name="Last year", starts_on=begins, ends_on=begins + dt.timedelta(days=280))
    last.benchmark_windows.create(key="fall", starts_on=begins, ends_on=last.ends_on)
    fifth = make_student(school, "5001", "Lee", "Fifth", 5)
    for student, value in ((scored.maya, 130), (fifth, 130)):
        Score.objects.create(
            student=student, measure=scored.fluency, taken_on=begins + dt.timedelta(days=3), value=value
        )
    scored.fluency.benchmarks.create(grade=3, window="fall", at=200)
    page = asked(scored, kind="years")
    span = f"{begins.year}–{str(begins.year + 1)[-2:]}"
    table = page.chart.table
    assert table.columns[2:] == (f"these students, {span}", f"the grade in {span}")
    fall = next(row for row in table.rows if row[0] == "Fall")
    assert [re.sub(r" \(.*\)", "", str(cell)) for cell in fall[1:]] == ["67% of 3", "0% of 1", "100% of 1"]


def test_the_calendar_names_a_weekday_only_if_it_differs(cast):
    """Two students for eight weeks: Maya misses some Mondays, then every one, and then Jonas some as well."""
    monday = cast.school.today() - dt.timedelta(days=cast.school.today().weekday() + 56)
    AttendanceDay.objects.bulk_create(
        AttendanceDay(
            student=student,
            day=monday + dt.timedelta(weeks=week, days=weekday),
            mark="unexcused" if weekday == 0 and week == 1 and student == cast.maya else "present",
        )
        for week in range(8)
        for weekday in range(5)
        for student in (cast.maya, cast.jonas)
    )
    assert (
        asked(cast, kind="calendar").chart.title
        == "1.3% of days are missed; no weekday differs from the others"
    )
    mondays = [monday + dt.timedelta(weeks=week) for week in range(8)]
    AttendanceDay.objects.filter(student=cast.maya, day__in=mondays).update(mark="unexcused")
    AttendanceDay.objects.filter(student=cast.jonas, day__in=mondays[::2]).update(mark="partial")
    page = asked(cast, kind="calendar")
    assert page.chart.title == "On Monday 62.5% are missed, on other days 0%"
    assert page.chart.table.rows[0] == ("Monday", "62.5", "8", "16")
    assert page.table is None


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("kind", [("Defiance", "3", "2"), ("Phone", "1", "1")]),
        ("place", [("Bus", "2", "2"), ("place not noted", "2", "1")]),
        ("hour", [("10:00\xa0AM", "2", "2"), ("time not noted", "2", "1")]),
        ("nonsense", [("Defiance", "3", "2"), ("Phone", "1", "1")]),
    ],
)
def test_incidents_are_counted_by_day_so_that_one_bad_day_is_one(cast, by, rows):
    tuesday = cast.school.today() - dt.timedelta(days=7 + (cast.school.today().weekday() - 1) % 7)
    tuesday = tuesday if tuesday.weekday() == 1 else tuesday - dt.timedelta(days=(tuesday.weekday() - 1) % 7)
    monday, sunday = tuesday - dt.timedelta(days=1), tuesday - dt.timedelta(days=2)
    ten = dt.time(10, 25)
    for student, day, kind, place, time in (
        (cast.maya, tuesday, "Defiance", "", None),
        (cast.jonas, tuesday, "Defiance", "", None),
        (cast.maya, monday, "Defiance", "Bus", ten),
        (cast.maya, tuesday, "Phone", "Bus", ten),
        (cast.maya, sunday, "Phone", "Bus", ten),
        (cast.leak, monday, "Fight", "Bus", ten),
    ):
        Incident.objects.create(student=student, day=day, kind=kind, place=place, time=time)
    chart = asked(cast, kind="incidents", by=by).chart
    assert [tuple(map(str, row[:3])) for row in chart.table.rows] == rows
    assert chart.title.startswith("Incidents on 2 of ")


@pytest.mark.parametrize(
    "kind", ["levels", "movement", "growth", "spread", "years", "peers", "calendar", "incidents"]
)
def test_every_kind_is_drawn_without_any_data(cast, as_user, kind):
    Score.objects.all().delete()
    answer = as_user(cast.ana).get(reverse("datareview:explore-show", query={"kind": kind}))
    assert answer.status_code == 200
    assert answer.context["page"].chart.is_empty


def test_a_cohort_of_another_school_or_another_class_is_not_found(cast, as_user):
    client = as_user(cast.ana)
    for of in (
        f"team:{cast.other_team.uuid}",
        f"section:{cast.other_section.uuid}",
        "school",
        "nonsense",
    ):
        assert client.get(reverse("datareview:explore-show", query={"of": of})).status_code == 404
    assert (
        client.get(
            reverse("datareview:explore-show", query={"of": f"section:{cast.section.uuid}"})
        ).status_code
        == 200
    )


def test_unknown_values_ask_nothing(scored, as_user):
    query = {
        name: "x" * 70 if name == "student" else "nonsense"
        for name in ("grade", "kind", "measure", "before", "after", "by", "student", "show", "sort", "page")
    }
    answer = as_user(scored.ana).get(reverse("datareview:explore-show", query=query))
    assert answer.context["page"].chart.title == asked(scored).chart.title


def test_a_typed_name_is_kept_in_no_field_of_the_page(scored, as_user):
    names = ("grade", "plan", "kind", "measure", "before", "after", "by", "student", "show", "sort")
    query = dict.fromkeys(names, "Okafor, M")
    page = as_user(scored.ana).get(reverse("datareview:explore-show", query=query))
    assert [one for one in page.context["page"].question.written().values() if "Okafor" in one] == []
    assert re.findall(r'<input type="hidden" name="([a-z]+)" value="Okafor', page.content.decode()) == []
    known = {"grade": "4", "plan": str(scored.maya.uuid), "show": "moved-2-3", "sort": "-change"}
    assert Question.read(known).written() == known
