"""The data page: each measure a row, for any students, in two windows."""

import csv
import datetime as dt
import io
import re

import pytest
from django.urls import reverse

from datareview.dashboards.queries.board import data_board
from datareview.gaps.models import GapRelease
from datareview.records.models import AttendanceDay, Benchmark, Measure, Score, Student
from datareview.trends.models import Trend
from tests.conftest import TODAY, make_measure, make_student
from tests.factories.windows import let_winter_begin_today

pytestmark = pytest.mark.django_db
DATA = "datareview:dashboard-show"


def board_of(cast, user=None, **wanted):
    found = data_board(user or cast.ana, cast.school, {"of": f"team:{cast.team.uuid}", **wanted})
    assert found is not None
    return found


def line_of(cast, measure=None, **wanted):
    wanted_one = measure or cast.fluency
    return next(one for one in board_of(cast, **wanted).lines if one.measure == wanted_one)


def let_score(cast, scores, measure=None):
    """Scores in fall and winter of students, None for none; the benchmark is 94 in fall and 120 in winter."""
    measure = measure or cast.fluency
    Score.objects.filter(measure=measure).delete()
    for student, values in scores.items():
        for value, back in zip(values, (20, 0), strict=True):
            if value is not None:
                day = TODAY - dt.timedelta(days=back)
                Score.objects.create(student=student, measure=measure, taken_on=day, value=value)


@pytest.fixture
def scored(cast):
    let_winter_begin_today(cast)
    let_score(cast, {cast.maya: (96, 100), cast.jonas: (90, 121), cast.ines: (96, 119)})
    return cast


def test_levels_now_and_of_the_same_students_before(scored):
    line = line_of(scored)
    assert (line.share.text, line.share.about) == ("33%", "1 of 3 at or above benchmark: winter")
    assert line.was == "2 of the same 3 in fall"
    assert [one.count for one in line.levels] == [0, 2, 1, 0]
    assert [one.text for one in line.moved] == ["1 up", "2 down"]
    assert line.change.about == "too few with both"


def test_the_figures_of_the_table_are_a_file(scored, as_user):
    asked = {"of": f"team:{scored.team.uuid}"}
    sent = as_user(scored.ana).get(reverse("datareview:dashboard-export"), asked).content.decode("utf-8-sig")
    (row,) = [one for one in csv.DictReader(io.StringIO(sent)) if one["Measure"] == "Oral reading fluency"]
    assert (row["Window"], row["With a level"], row["At or above"], row["Median"]) == (
        "Winter",
        "3",
        "1",
        "119",
    )
    assert (row["Before: Window"], row["Before: At or above"]) == ("Fall", "2")
    assert (row["Level both times"], row["Moved up"], row["Moved down"], row["Change"]) == ("3", "1", "2", "")
    assert as_user(scored.zed).get(reverse("datareview:dashboard-export"), asked).status_code == 404


def test_every_number_opens_its_students(scored, as_user):
    client, line = as_user(scored.ana), line_of(scored)

    def names(url):
        return sorted(one.student.first_name for one in client.get(url).context["page"].table.page)

    opened = {one.css: names(one.url.partition("#")[0]) for one in line.levels if one.url}
    assert opened == {"level-2": ["Ines", "Maya"], "level-3": ["Jonas"]}
    assert [names(one.url.partition("#")[0]) for one in line.moved] == [["Jonas"], ["Ines", "Maya"]]
    assert client.get(line.url).context["page"].drawing.facts.before.id.startswith("fall")


def test_a_window_that_few_have_taken_yet_is_a_note_and_not_the_result(scored, as_user):
    others = [make_student(scored.school, f"Kim {n}", "Low", f"K{n}", 4) for n in range(3)]
    let_score(scored, {**dict.fromkeys(others, (96, None)), scored.maya: (90, 100), scored.jonas: (96, None)})
    line = line_of(scored)
    assert line.share.about == "4 of 5 at or above benchmark: fall"
    assert [one.text for one in line.notes] == ["1 without a score", "Winter so far: 1 of 6"]
    page = as_user(scored.ana).get(line.notes[1].url).context["page"]
    assert page.drawing.facts.after.id.startswith("winter")


def test_students_of_grades_that_do_not_take_a_measure_are_not_missing(scored, as_user):
    make_student(scored.school, "Kim", "Low", "K1", 0)
    high = make_student(scored.school, "Lou", "Low", "K2", 0)
    make_student(scored.school, "Max", "Low", "K3", 4)
    Score.objects.create(student=high, measure=scored.fluency, taken_on=TODAY, value=121)
    Measure.objects.update(lowest_grade=1, highest_grade=5)
    line = line_of(scored, user=scored.cora, of="school")
    assert [one.text for one in line.notes] == ["1 without a score"]
    table = as_user(scored.cora).get(line.notes[0].url).context["page"].table
    assert [one.student.local_id for one in table.page] == ["Max"]
    assert table.total == 5


def test_windows_that_were_asked_for_are_compared_and_others_are_not(scored):
    every = {window.key: window.id for window in board_of(scored).windows}
    before = line_of(scored, after=every["fall"])
    assert (before.share.about, before.was) == ("2 of 3 at or above benchmark: fall", "")
    other = make_other_measure(scored)
    let_score(scored, {scored.maya: (3, None)}, other)
    assert line_of(scored, other, after=every["winter"]).share.about == "no score in the window you chose"
    assert line_of(scored, other).share.about == "median in fall"
    assert board_of(scored, after="nonsense").question.after == ""


def make_other_measure(cast, **more):
    return Measure.objects.create(
        school=cast.school, key="check-in", name="Check-in", domain="wellbeing", scale_max=5, **more
    )


def test_ten_students_with_both_have_a_change_with_its_interval(scored):
    everyone = [make_student(scored.school, f"Kim {n}", "Low", f"K{n}", 4) for n in range(10)]
    let_score(scored, {one: (96, 121 if n < 2 else 100) for n, one in enumerate(everyone)})
    line, board = line_of(scored), board_of(scored)
    assert (line.change.text, line.change.about) == ("−80 points", "−100 to −31")
    assert board.finding == "Oral reading fluency: 8 of 10 fewer are on track than before"


def test_a_measure_of_a_few_students_is_not_the_finding(scored):
    everyone = [make_student(scored.school, f"Kim {n}", "Low", f"K{n}", 4) for n in range(9)]
    few = make_other_measure(scored)
    for window in ("fall", "winter"):
        Benchmark.objects.create(measure=few, grade=4, window=window, below=1, at=4, above=5)
    let_score(scored, {everyone[0]: (1, 1)}, few)
    let_score(scored, dict.fromkeys(everyone[1:], (96, 121)) | {everyone[0]: (96, 100)})
    assert board_of(scored).finding == "Oral reading fluency: 1 of 9 are not on track"


def test_growth_is_that_of_enough_trends_less_what_was_expected(scored):
    students = [make_student(scored.school, f"Kim {n}", "Low", f"K{n}", 4) for n in range(10)]
    for n, student in enumerate(students):
        Trend.objects.create(
            student=student,
            measure=scored.fluency,
            status="ok",
            n=6,
            first_on=TODAY - dt.timedelta(weeks=6),
            last_on=TODAY,
            slope=1.0 + 0.1 * (n % 2),
            expected_slope=1.5,
            as_of=TODAY,
            method_version="1",
            computed_at=scored.school.at(TODAY, dt.time(6)),
        )
    assert line_of(scored).growth.text == "−0.45"
    assert line_of(scored).growth.about == "−0.49 to −0.41, 10 students"
    Trend.objects.filter(student=students[0]).update(n=5)
    assert line_of(scored).growth.text == ""


def test_attendance_and_incidents_are_rows_too(scored):
    Student.objects.update(entered_on=None)
    Measure.objects.create(
        school=scored.school,
        key="attendance",
        name="Attendance",
        domain="attendance",
        derived_from="attendance",
    )
    first = scored.school.year_start()
    AttendanceDay.objects.all().delete()
    for n in range(10):
        AttendanceDay.objects.create(
            student=scored.maya, day=first + dt.timedelta(days=n), mark="unexcused" if n < 2 else "present"
        )
    line = next(one for one in board_of(scored).lines if one.measure.derived_from)
    assert line.share.about == "0 of 1 absent less than one day in ten: this year so far"
    assert (line.levels[0].name, line.levels[0].count) == ("missed 20% or more", 1)
    assert [one.text for one in line.notes] == ["2 with too few days to say"]


def test_rows_are_sorted_searched_and_narrowed_with_the_state_in_the_address(scored, as_user):
    other = make_other_measure(scored)
    let_score(scored, {scored.maya: (3, 4)}, other)

    def names(**wanted):
        return [str(one.measure) for one in board_of(scored, **wanted).lines]

    assert names() == ["Oral reading fluency", "Check-in"]
    assert names(sort="measure") == ["Check-in", "Oral reading fluency"]
    assert names(sort="share") == names(sort="-share") == ["Oral reading fluency", "Check-in"]
    assert (names(q="check"), names(q="FLUENCY words"), names(q="nothing")) == (
        ["Check-in"],
        ["Oral reading fluency"],
        [],
    )
    assert names(domain="wellbeing") == ["Check-in"]
    page = as_user(scored.ana).get(reverse(DATA), {"q": "nothing"}).content.decode()
    assert "No measure has these words" in page


def test_only_the_readers_students_are_counted(scored, as_user):
    leak = make_measure(scored.other_school)
    Score.objects.create(student=scored.leak, measure=leak, taken_on=TODAY, value=1)
    assert [one.measure for one in board_of(scored).lines] == [scored.fluency]
    client = as_user(scored.ana)
    assert client.get(reverse(DATA), {"of": f"team:{scored.other_team.uuid}"}).status_code == 404
    assert client.get(reverse(DATA), {"of": "school"}).status_code == 404
    assert board_of(scored, scored.cora, of="school").asked.name == str(scored.school)
    gil = as_user(scored.gil).get(reverse(DATA))
    assert (gil.status_code, "Okafor" in gil.content.decode()) == (200, False)


def test_a_section_and_a_grade_are_cohorts(scored):
    assert len(board_of(scored, of=f"section:{scored.section.uuid}").asked.grade_of) == 2
    make_student(scored.school, "Kim", "Low", "K5", 5)
    whole = board_of(scored, scored.cora, of="school")
    fourth = board_of(scored, scored.cora, of="school", grade="4")
    assert (len(whole.asked.grade_of), len(fourth.asked.grade_of)) == (4, 3)


def test_the_widest_gap_is_that_which_the_school_released(scored):
    rows = [
        {"scope": 4, "category": "", "group": "", "n": 100, "at": 60},
        {"scope": 4, "category": "language", "group": "English learners", "n": 40, "at": 10},
        {"scope": 4, "category": "language", "group": "", "n": 60, "at": 50},
        {"scope": 4, "category": "meals", "group": "Free lunch", "n": None, "at": None},
    ]
    window = next(one for one in board_of(scored).windows if one.key == "winter")
    GapRelease.objects.create(
        school=scored.school, measure=scored.fluency, window="winter", year=window.year, rows=rows, least=10
    )
    pia = board_of(scored, scored.pia)
    (line,) = [one for one in pia.lines if one.measure == scored.fluency]
    assert (line.gap.text, pia.shows_gaps) == ("English learners −58", True)
    assert board_of(scored, scored.pia, plan="any").shows_gaps is False
    teacher = board_of(scored)
    assert (teacher.shows_gaps, {one.gap.text for one in teacher.lines}) == (False, {""})


def test_htmx_replaces_the_table(scored, as_user):
    address = reverse(DATA, query={"of": f"team:{scored.team.uuid}"})
    answer = as_user(scored.ana).get(address, headers={"HX-Request": "true"}).content.decode()
    assert ('id="data"' in answer, "<main" in answer) == (True, False)
    assert re.search(
        r'aria-sort="ascending"', as_user(scored.ana).get(f"{address}&sort=share").content.decode()
    )
