"""A file is written and undone in parts: whatever stops it between two of them, it is whole or not there in the end."""

from __future__ import annotations

import datetime as dt
import itertools
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from datareview.imports.models import Import, ImportChange
from datareview.imports.services import files
from datareview.loading import rows as short_writes
from datareview.loading.services import undoing, writing
from datareview.loading.services.applying import apply_job
from datareview.loading.services.undoing import undo_job, undo_stranded
from datareview.records.models import AttendanceDay, Measure, Score, Student
from datareview.runs.models import TrendRun
from teams.jobs.models import Job
from teams.jobs.services.jobs import PostponedError, run_job
from teams.lib import clock
from tests.day import BEGIN
from tests.factories.imports import Quiet, check, load, scores, today, upload

NUMBERS = ["1001", "1002", "1003"]
DAYS = [BEGIN.date() - dt.timedelta(days=days) for days in (301, 300, 0)]
VALUES = [60, 61, 75]


class Killed(BaseException):
    """The end of a process, which nothing in it handles."""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    for module in (short_writes, writing, undoing):
        monkeypatch.setattr(module, "A_PART", 2)


def stop_in_part(monkeypatch, number, error):
    """Raise ``error`` after the rows of a part are written and before they are committed."""
    count = itertools.count()

    def write_in_turns(parts, write):
        def write_and_stop(part):
            write(part)
            if next(count) == number:
                raise error

        short_writes.write_in_turns(parts, write_and_stop)

    for module in (writing, undoing):
        monkeypatch.setattr(module, "write_in_turns", write_in_turns)


def do(work, row):
    work(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def stored():
    rows = Score.objects.filter(measure__key="orf", taken_on__in=DAYS, student__local_id__in=NUMBERS)
    return sorted(rows.values_list("student__local_id", "taken_on", "value"))


@pytest.fixture
def loaded(cast):
    """An applied file with a score of each student, and a checked one that changes them and adds others."""
    load(cast, scores(cast, *[f"{number},{{day}},70,orf" for number in NUMBERS]))
    lines = [
        f"{number},{day},{value},orf" for number in NUMBERS for day, value in zip(DAYS, VALUES, strict=True)
    ]
    row = check(cast, upload(cast, scores(cast, *lines)))
    files.start_apply(row, actor=cast.ada, confirm=True)
    return row


@pytest.fixture
def whole(loaded, cast):
    """What is stored before and after the second file."""
    before = [(number, cast.school.today(), 70) for number in NUMBERS]
    assert stored() == before
    return before, [
        (number, day, value) for number in NUMBERS for day, value in zip(DAYS, VALUES, strict=True)
    ]


@pytest.mark.parametrize("part", range(5))
def test_a_file_whose_worker_was_killed_is_written_whole_by_the_next(cast, loaded, whole, monkeypatch, part):
    with monkeypatch.context() as patch:
        stop_in_part(patch, part, Killed())
        with pytest.raises(Killed):
            do(apply_job, loaded)
    loaded.refresh_from_db()
    if connection.vendor == "sqlite":
        assert (stored() == whole[0], loaded.writing_since is None) == (part == 0, False)
    else:
        assert (stored(), loaded.writing_since) == (whole[0], None)
    row = do(apply_job, loaded)
    assert (row.state, row.writing_since, row.counts["new"], row.counts["changed"]) == ("applied", None, 6, 3)
    assert stored() == whole[1]
    files.start_undo(row, actor=cast.ada)
    row = do(undo_job, row)
    assert (row.state, row.counts["kept"], stored()) == ("undone", 0, whole[0])


@pytest.mark.parametrize("part", range(5))
def test_a_file_that_fails_in_the_middle_is_taken_back(loaded, whole, monkeypatch, part):
    with monkeypatch.context() as patch:
        stop_in_part(patch, part, OSError("disk full"))
        with pytest.raises(OSError, match="disk full"):
            do(apply_job, loaded)
    loaded.refresh_from_db()
    assert (loaded.state, loaded.writing_since, stored()) == ("applying", None, whole[0])
    assert not ImportChange.objects.filter(of_import=loaded).exists()


@pytest.mark.parametrize("part", range(4))
def test_an_undoing_whose_worker_was_killed_is_finished_by_the_next(cast, loaded, whole, monkeypatch, part):
    row = do(apply_job, loaded)
    files.start_undo(row, actor=cast.ada)
    with monkeypatch.context() as patch:
        stop_in_part(patch, part, Killed())
        with pytest.raises(Killed):
            do(undo_job, row)
    row = do(undo_job, row)
    assert (row.state, row.writing_since, row.counts["kept"], stored()) == ("undone", None, 0, whole[0])
    assert TrendRun.objects.count() == 3


def test_marks_and_students_are_written_and_undone_in_parts(cast, monkeypatch):
    monkeypatch.setattr(undoing, "A_PART", 6)  # deleting students takes many statements
    lines = "\n".join(f"60{n},New,4" for n in range(5))
    students = load(cast, f"student_id,first_name,grade\n{lines}\n", kind="students")
    numbers = [*NUMBERS, *(f"60{n}" for n in range(5))]
    marks = load(
        cast, "student_id,date,mark\n" + "\n".join(f"{n},{today(cast)},P" for n in numbers), "marks.csv"
    )
    assert AttendanceDay.objects.filter(imported_by=marks).count() == 8
    assert not marks.changes.exists()
    for row in (marks, students):
        files.start_undo(row, actor=cast.ada)
        do(undo_job, row)
    assert not AttendanceDay.objects.filter(day=cast.school.today()).exists()
    assert Student.objects.filter(school=cast.school).count() == 3


def test_a_second_file_waits_until_the_first_is_whole(cast, loaded):
    other = check(cast, upload(cast, scores(cast, "1001,{day},50,orf")))
    files.start_apply(other, actor=cast.ada, confirm=True)
    Import.objects.filter(pk=loaded.pk).update(writing_since=clock.now())
    run_job(other.job_id, apply_job)
    other.refresh_from_db()
    job = Job.objects.get(pk=other.job_id)
    assert (other.state, job.state, job.attempt) == ("applying", "queued", 0)
    with pytest.raises(PostponedError, match="This one is next"):
        do(apply_job, other)
    do(apply_job, loaded)
    run_job(other.job_id, apply_job)
    other.refresh_from_db()
    assert other.state == "applied"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL writes nothing of it")
def test_a_file_of_which_every_worker_was_killed_is_undone(cast, loaded, whole, monkeypatch):
    with monkeypatch.context() as patch:
        stop_in_part(patch, 2, Killed())
        with pytest.raises(Killed):
            do(apply_job, loaded)
    loaded.refresh_from_db()
    assert undo_stranded() == 0
    Job.objects.filter(pk=loaded.job_id).update(state="failed")
    assert undo_stranded() == 1
    row = do(undo_job, loaded)
    assert (row.state, stored()) == ("undone", whole[0])


def test_a_value_that_a_later_file_changed_is_that_files(cast, loaded, as_user):
    first = Import.objects.exclude(pk=loaded.pk).get()
    second = do(apply_job, loaded)
    assert not Score.objects.filter(imported_by=first).exists()
    files.start_undo(first, actor=cast.ada)
    assert do(undo_job, first).counts["kept"] == 3
    assert "3 rows stayed" in as_user(cast.ada).get(first.get_absolute_url()).text
    files.start_undo(second, actor=cast.ada)
    do(undo_job, second)
    back = Score.objects.filter(source="import", taken_on=cast.school.today())
    assert list(back.values_list("value", "imported_by")) == [(70, None)] * 3


def test_changes_of_earlier_versions_become_those_of_this_one(cast):
    """Until now each new value had a change, and a changed one kept the file that inserted it."""
    measure = Measure.objects.get(school=cast.school, key="orf")
    rows = [Import.objects.create(school=cast.school, uploaded_by=cast.ada, state="applied") for _n in "abc"]
    score = Score.objects.create(
        student=cast.maya, measure=measure, taken_on=cast.school.today(), value=72, imported_by=rows[0]
    )
    for row, before in zip(rows, (None, {"value": 70}, {"value": 71}), strict=True):
        ImportChange.objects.create(of_import=row, table="score", row_id=score.pk, before=before, after={})
    import_module("datareview.migrations.0028_values_of_files").forwards(apps, None)
    assert Score.objects.get(pk=score.pk).imported_by == rows[2]
    assert [change.before for change in ImportChange.objects.order_by("pk")] == [
        {"value": 70, "imported_by_id": rows[0].pk},
        {"value": 71, "imported_by_id": rows[1].pk},
    ]
