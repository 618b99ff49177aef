"""Trend runs with real workers: killed, duplicated, during an import; the result has the same rows."""

import datetime as dt

import pytest

from datareview.flags.models import Candidate, Change, Flag
from datareview.records.models import Score, Student
from datareview.runs.models import TrendPart, TrendRun
from datareview.runs.services import runs
from datareview.trends.models import Trend
from teams.jobs.models import Job
from teams.jobs.services import jobs
from tests.faults.tasks import QUICKLY
from tests.servers import wait_until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
TASKS = "tests.faults.tasks"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    for name, value in QUICKLY.items():
        monkeypatch.setattr(jobs, name, value)


@pytest.fixture
def district(cast):
    """Three grades of thirty students with eight scores each."""
    day = cast.school.today()
    students = Student.objects.bulk_create(
        Student(school=cast.school, local_id=f"7{n:03}", first_name=f"S{n}", grade=2 + n % 3)
        for n in range(90)
    )
    Score.objects.bulk_create(
        Score(
            student=student,
            measure=cast.fluency,
            taken_on=day - dt.timedelta(weeks=8 - week),
            value=50 + (student.pk * 7 + week * (student.pk % 5)) % 90,
        )
        for student in students
        for week in range(8)
    )
    return cast


def start(cast) -> TrendRun:
    return runs.start_trend_run(cast.school, actor=None, trigger="import")


def finished(run: TrendRun) -> bool:
    jobs.sweep_jobs()
    return TrendRun.objects.get(pk=run.pk).finished_at is not None


def result() -> list[tuple]:
    """Everything a run writes, except times."""
    return [
        *Trend.objects.order_by("student", "measure").values_list(
            "student", "measure", "n", "last_value", "slope", "pooled_slope", "percentile", "peers"
        ),
        *Flag.objects.order_by("student", "rule").values_list("student", "rule", "state", "severity"),
        *Candidate.objects.order_by("student").values_list("student", "domain", "state"),
        *Change.objects.order_by("student", "kind").values_list("student", "kind", "before", "after"),
    ]


def expected_of(cast) -> list[tuple]:
    """The result of a run in this process, with everything restored afterwards."""
    from django.db import transaction

    with transaction.atomic():
        runs.run_trends_now(cast.school, as_of=cast.school.today())
        found = result()
        transaction.set_rollback(True)
    return found


def test_the_parts_of_a_killed_worker_are_done_by_the_next_with_the_same_rows(district, programs, tmp_path):
    expected = expected_of(district)
    gate = tmp_path / "gate"
    worker = programs.worker(tasks=TASKS, HOLD_RUNS=str(gate))
    run = start(district)
    wait_until(gate.with_suffix(".reached").exists, "No part was begun.")
    worker.kill()
    assert (Trend.objects.count(), TrendPart.objects.exclude(finished_at=None).count()) == (0, 0)
    programs.worker(tasks=TASKS)
    wait_until(lambda: finished(run), "The run did not finish.")
    assert result() == expected


def test_two_workers_share_the_parts_and_two_runs_at_once_leave_the_same_rows(district, programs):
    expected = expected_of(district)
    programs.worker(tasks=TASKS)
    programs.worker(tasks=TASKS)
    first, second = start(district), start(district)
    wait_until(lambda: finished(first) and finished(second), "The runs did not finish.")
    assert result() == expected
    assert {part.outcome for part in TrendPart.objects.all()} <= {"computed", "unchanged", "superseded"}


def test_a_part_computed_twice_at_once_is_written_once(district, programs, tmp_path):
    """A worker believed dead returns after another has done its part."""
    expected = expected_of(district)
    gate = tmp_path / "gate"
    programs.worker(tasks=TASKS, HOLD_RUNS=str(gate))
    run = start(district)
    wait_until(gate.with_suffix(".reached").exists, "No part was begun.")
    Job.objects.filter(state="running").update(state="queued", heartbeat_at=None, attempt=0)
    programs.worker(tasks=TASKS)
    wait_until(lambda: (jobs.sweep_jobs(), Trend.objects.exists())[1], "The second worker did nothing.")
    gate.touch()
    wait_until(lambda: finished(run), "The run did not finish.")
    assert result() == expected
    assert Change.objects.count() == len(
        set(Change.objects.values_list("student", "kind", "flag", "measure"))
    )


def test_scores_imported_during_a_run_are_in_its_rows_at_the_end(district, programs, tmp_path):
    gate = tmp_path / "gate"
    programs.worker(tasks=TASKS, HOLD_RUNS=str(gate))
    slow = start(district)
    wait_until(gate.with_suffix(".reached").exists, "No part was begun.")
    today = district.school.today()
    Score.objects.bulk_create(
        Score(student=student, measure=district.fluency, taken_on=today, value=88)
        for student in Student.objects.filter(school=district.school)
    )
    after = start(district)
    programs.worker(tasks=TASKS)
    gate.touch()
    wait_until(lambda: finished(slow) and finished(after), "The runs did not finish.")
    assert set(Trend.objects.values_list("last_value", flat=True)) == {88.0}
