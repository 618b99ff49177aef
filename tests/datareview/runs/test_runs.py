"""Trend runs: their parts, what they skip and announce, and who may request one."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.flags.models import Candidate, Change, Flag, Rule
from datareview.records.models import Benchmark, BenchmarkWindow, Measure, Score, Student
from datareview.runs.models import TrendPart, TrendRun
from datareview.runs.queries import runs_page
from datareview.runs.services import compute, runs
from datareview.trends.models import ForecastCheck, Trend, TrendScope
from teams.directory.models import School, SchoolYear
from teams.jobs.models import Job
from teams.lib import clock


@pytest.fixture
def run(cast):
    def run(as_of=None):
        return runs.run_trends_now(cast.school, as_of=as_of or cast.school.today())

    return run


def outcomes(made: TrendRun) -> list[tuple[int | None, str]]:
    return [(part.scope.grade, part.outcome) for part in made.parts.order_by("scope__grade")]


def test_a_run_has_a_part_and_a_job_for_each_grade(cast):
    cast.jonas.grade = 3
    cast.jonas.save()
    made = runs.start_trend_run(cast.school, actor=None, trigger="import")
    assert [(part.scope.grade, part.job.payload) for part in made.parts.all()] == [
        (3, {"part": made.parts.get(scope__grade=3).pk}),
        (4, {"part": made.parts.get(scope__grade=4).pk}),
    ]
    for part in made.parts.all():
        runs.run_part_job(part.job, None)
    made.refresh_from_db()
    assert made.finished_at
    assert made.counts["trends"] == 3
    assert {trend.peers for trend in Trend.objects.all()} == {1, 2}


def test_a_run_for_some_students_covers_their_grades_and_no_other(cast):
    cast.jonas.grade = 3
    cast.jonas.save()
    made = runs.start_trend_run(cast.school, actor=None, trigger="score", student_ids=[cast.maya.pk])
    assert [part.scope.grade for part in made.parts.all()] == [4]


def test_of_several_files_in_a_night_the_last_run_computes(cast):
    first, last = (runs.start_trend_run(cast.school, actor=None, trigger="import") for _file in range(2))
    for made in (first, last):
        runs.run_part_job(made.parts.get().job, None)
        made.refresh_from_db()
    assert [outcomes(made) for made in (first, last)] == [[(4, "superseded")], [(4, "computed")]]
    assert first.finished_at
    assert last.counts["students"] == 3


def test_a_run_computes_if_the_later_one_failed_or_is_of_an_earlier_day(cast):
    first, failed = (runs.start_trend_run(cast.school, actor=None, trigger="import") for _file in range(2))
    Job.objects.filter(pk=failed.parts.get().job_id).update(state=Job.State.FAILED)
    run_of_yesterday = runs.start_trend_run(cast.school, actor=None, trigger="request")
    TrendRun.objects.filter(pk=run_of_yesterday.pk).update(as_of=cast.school.today() - dt.timedelta(days=1))
    runs.run_part_job(first.parts.get().job, None)
    assert outcomes(first) == [(4, "computed")]


def test_nothing_is_computed_twice_from_the_same_data(cast, run):
    assert outcomes(run()) == [(4, "computed")]
    assert outcomes(run()) == [(4, "unchanged")]


@pytest.mark.parametrize("change", ["score", "rule", "benchmark", "student", "day"])
def test_a_change_of_any_input_causes_a_new_computation(cast, run, change):
    day = cast.school.today()
    run()
    if change == "score":
        score = Score.objects.filter(student=cast.maya).first()
        Score.objects.filter(pk=score.pk).update(value=score.value + 0.5)
    elif change == "rule":
        Rule.objects.filter(school=cast.school).update(parameters={"watch": 6})
    elif change == "benchmark":
        Benchmark.objects.filter(measure=cast.fluency).update(at=97)
    elif change == "student":
        Student.objects.filter(pk=cast.ines.pk).update(status=Student.Status.LEFT)
    else:
        day -= dt.timedelta(days=1)
    assert outcomes(run(day)) == [(4, "computed")]


def test_a_run_with_older_data_does_not_overwrite_a_newer_one(cast, run, monkeypatch):
    slow = runs.start_trend_run(cast.school, actor=None, trigger="import").parts.get()
    judged = []

    def then_another_run(*args):
        if not judged:
            judged.append(True)
            Score.objects.filter(student=cast.maya).order_by("-taken_on").first().delete()
            run()
        return original(*args)

    from datareview.judgements import judges

    original = judges.judge_scope
    monkeypatch.setattr(judges, "judge_scope", then_another_run)
    compute.compute_part(slow)
    assert slow.outcome == TrendPart.Outcome.SUPERSEDED
    assert Trend.objects.get(student=cast.maya).n == Score.objects.filter(student=cast.maya).count()


def test_a_finished_part_is_left_alone(cast):
    part = runs.start_trend_run(cast.school, actor=None, trigger="import").parts.get()
    first = runs.run_part_job(part.job, None)
    Score.objects.all().delete()
    assert runs.run_part_job(part.job, None) == first
    assert Trend.objects.count() == 3


def test_a_school_without_students_has_a_run_that_is_done(cast):
    empty = School.objects.create(name="Empty")
    made = runs.start_trend_run(empty, actor=None, trigger="nightly")
    assert (made.finished_at is not None, made.counts, Job.objects.filter(school=empty).count()) == (
        True,
        {},
        0,
    )


def test_a_changed_level_is_announced_once(cast, run):
    Benchmark.objects.filter(measure=cast.fluency).update(below=1, at=2, above=3)
    run()
    assert Change.objects.count() == 0  # a first level is not a move
    Benchmark.objects.filter(measure=cast.fluency).update(above=500)
    run()
    run()
    told = Change.objects.filter(kind="level").values_list("student__first_name", "before", "after")
    assert sorted(told) == [("Ines", 4, 3), ("Jonas", 4, 3), ("Maya", 4, 3)]


def test_flags_that_open_and_resolve_are_announced(cast, run):
    Candidate.objects.all().delete()
    Flag.objects.all().delete()
    rule = Rule.objects.get(school=cast.school)
    today = cast.school.today()
    from tests.factories.records import absent

    absent(cast.jonas, 40, marks={0, 10, 20, 30})
    run()
    assert list(Change.objects.values_list("student", "kind", "flag__rule", "before", "after")) == [
        (cast.jonas.pk, "opened", rule.pk, 0, 2)
    ]
    cast.jonas.attendance.update(mark="present")
    run(today)
    assert Change.objects.get(kind="resolved").before == 2


def test_the_flags_of_a_student_who_left_resolve_and_their_candidate_clears(cast, run):
    flag = Flag.objects.get()
    assert (flag.student, flag.state) == (cast.maya, "open")
    Student.objects.filter(pk=cast.maya.pk).update(status=Student.Status.LEFT)
    run()
    flag.refresh_from_db()
    assert (flag.state, flag.history[-1]["what"]) == ("resolved", "left")
    assert Candidate.objects.get().state == "cleared"
    assert not Trend.objects.filter(student=cast.maya).exists()


def test_a_school_has_one_nightly_run_a_night(cast, monkeypatch):
    night = cast.school.at(cast.school.today(), dt.time(3))
    monkeypatch.setattr(clock, "now", lambda: night)
    assert {made.school for made in runs.start_nightly_runs()} >= {cast.school}
    assert runs.start_nightly_runs() == []


def test_only_who_may_asks_for_a_run_and_a_second_click_finds_the_first(cast):
    with pytest.raises(PermissionDenied):
        runs.request_run(cast.school, actor=cast.ana)
    with pytest.raises(PermissionDenied):
        runs.request_run(cast.school, actor=cast.zed)
    first = runs.request_run(cast.school, actor=cast.cora)
    assert runs.request_run(cast.school, actor=cast.pia) == first
    runs.run_part_job(first.parts.get().job, None)
    Job.objects.update(state="done")
    assert runs.request_run(cast.school, actor=cast.cora) != first
    assert TrendScope.objects.count() == 1


@pytest.mark.parametrize("change", ["rule", "measure", "benchmark", "window", "year", "nothing"])
def test_a_run_in_progress_is_not_enough_after_a_change_of_a_setting(cast, change):
    year = SchoolYear.objects.get(school=cast.school)
    window = BenchmarkWindow.objects.create(
        year=year, key="fall", starts_on=year.starts_on, ends_on=year.starts_on
    )
    first = runs.request_run(cast.school, actor=cast.cora)
    if change == "rule":
        Rule.objects.filter(school=cast.school).update(is_on=False)
    elif change == "measure":
        Measure.objects.filter(pk=cast.fluency.pk).update(sem=3)
    elif change == "benchmark":
        Benchmark.objects.filter(measure=cast.fluency, window="fall").update(at=97)
    elif change == "window":
        BenchmarkWindow.objects.filter(pk=window.pk).update(ends_on=year.starts_on + dt.timedelta(days=1))
    elif change == "year":
        SchoolYear.objects.filter(pk=year.pk).update(ends_on=year.ends_on + dt.timedelta(days=1))
    second = runs.request_run(cast.school, actor=cast.pia)
    assert (second == first) is (change == "nothing")
    assert runs.request_run(cast.school, actor=cast.cora) == second


def test_the_page_lists_the_latest_run_first(cast):
    made = [
        TrendRun.objects.create(
            school=cast.school, trigger="import", as_of=cast.school.today(), finished_at=at
        )
        for at in (clock.now(), clock.now() + dt.timedelta(minutes=5), clock.now() + dt.timedelta(minutes=9))
    ]
    page = runs_page(cast.cora, cast.school)
    assert [row.run for row in page.rows] == made[::-1]
    assert page.last == made[-1]


@pytest.mark.parametrize(
    ("last", "pooled", "shown"),
    [
        (9.1215, 8.6811, ("9.1", "8.7")),
        (0.438, 0.352, ("0.44", "0.35")),
        (0.0271, 0.0152, ("0.027", "0.015")),
    ],
)
def test_errors_of_forecasts_have_enough_digits_to_be_told_apart(cast, as_user, last, pooled, shown):
    errors = {"last": {"mae": last}, "pooled": {"mae": pooled, "coverage": 0.8}}
    for grade, n in ((4, 50), (5, 0)):
        ForecastCheck.objects.create(
            measure=cast.fluency,
            scope=TrendScope.objects.create(school=cast.school, grade=grade),
            made_on=cast.school.today(),
            n=n,
            results=errors if n else {},
            method_version="1",
        )
    (row,) = runs_page(cast.cora, cast.school).checks
    page = as_user(cast.cora).get("/runs/").content.decode()
    assert row.check.scope.grade == 4
    assert all(f'<td class="num">{text}</td>' in page for text in shown)
