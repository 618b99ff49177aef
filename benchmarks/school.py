"""A full run of one school, an import, and a spreadsheet, in a temporary database."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.kernel import by_scipy, made_up
from benchmarks.timing import peak_megabytes, seconds, take_turns

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks.timing import Report
    from datareview.records.models import Measure
    from teams.directory.models import School


def measure(report: Report, students: int) -> None:
    """Runs and imports on a temporary database."""
    school, reading, scores = _school(students)
    _runs(report, school, reading, scores)
    _imports(report, school, students)
    _spreadsheet(report)


def _school(students: int) -> tuple[School, Measure, pd.DataFrame]:
    from datareview.records.models import Measure, Score, Student
    from teams.directory.models import School, SchoolYear

    school = School.objects.create(name="Benchmark")
    today = school.today()
    start = today - dt.timedelta(days=100)
    SchoolYear.objects.create(
        school=school, name="now", starts_on=start, ends_on=today + dt.timedelta(days=200)
    )
    people = Student.objects.bulk_create(
        Student(school=school, local_id=str(n), first_name="S", last_name=str(n), grade=n % 6)
        for n in range(students)
    )
    reading = Measure.objects.create(school=school, key="reading", name="Reading", scale_max=400)
    scores = made_up(students)
    ids = np.array([person.pk for person in people])[scores["series"]]
    days = [start + dt.timedelta(days=int(day)) for day in scores["day"] - 739_000]
    Score.objects.bulk_create(
        (
            Score(student_id=pk, measure=reading, taken_on=day, value=value)
            for pk, day, value in zip(ids.tolist(), days, scores["value"].tolist(), strict=True)
        ),
        batch_size=5000,
    )
    return school, reading, scores


def _runs(report: Report, school: School, reading: Measure, scores: pd.DataFrame) -> None:
    from datareview.records.models import Score
    from datareview.runs.services.runs import run_trends_now
    from datareview.trends.models import Trend

    def ours() -> None:
        Trend.objects.all().delete()
        school.trend_scopes.update(inputs_hash="")
        run_trends_now(school, as_of=school.today())

    report.figures["first run of a month, with forecasts checked on scores held back"] = (
        f"{seconds(ours):.3g} s"
    )
    mine, theirs = take_turns(ours, lambda: _by_orm(reading))
    many = scores["series"].nunique()
    report.add(f"run of a school, {many} students", "ORM rows + scipy + bulk_create", mine, theirs, "s")
    _again(report, school, mine)
    assert Score.objects.count() == len(scores)  # noqa: S101


def _again(report: Report, school: School, full: float) -> None:
    """The same run with nothing changed, and with scores of one student in a hundred changed."""
    from django.db.models import F

    from datareview.records.models import Score, Student
    from datareview.runs.services.runs import run_trends_now

    run_trends_now(school, as_of=school.today())
    same = seconds(lambda: run_trends_now(school, as_of=school.today()))
    some = Student.objects.filter(grade=0).values_list("pk", flat=True)[
        : max(school.students.count() // 100, 1)
    ]
    Score.objects.filter(student__in=list(some)).update(value=F("value") + 1)
    changed = seconds(lambda: run_trends_now(school, as_of=school.today()))
    report.add("run again, nothing changed", "the full run", same, full, "s")
    report.add("run again, 1 % of students of one grade changed", "the full run", changed, full, "s")


def _by_orm(reading: Measure) -> None:
    """What a team would write: scores as objects, scipy one student at a time, bulk_create."""
    import pandas as pd

    from datareview.records.models import Score
    from datareview.trends.models import Trend
    from teams.lib import clock

    rows = [
        {"series": score.student_id, "day": score.taken_on.toordinal(), "value": score.value}
        for score in Score.objects.filter(measure=reading).order_by("student", "taken_on")
    ]
    found = by_scipy(pd.DataFrame(rows))
    Trend.objects.filter(measure=reading).delete()
    Trend.objects.bulk_create(
        Trend(
            student_id=pk,
            measure=reading,
            status="ok",
            n=1,
            slope=row["slope"],
            slope_low=row["slope_low"],
            slope_high=row["slope_high"],
            as_of=clock.server_day(),
            method_version="peer",
            computed_at=clock.now(),
        )
        for pk, row in found.iterrows()
    )
    Trend.objects.filter(measure=reading).delete()


def _imports(report: Report, school: School, students: int) -> None:
    """A file of scores, checked and applied, compared with saving rows singly and in bulk without checks."""
    from django.core.files.base import ContentFile

    from datareview.checking.services import checking
    from datareview.imports.models import Import
    from datareview.imports.services import files, reading
    from datareview.loading.services import applying
    from datareview.records.models import Measure, Score, Student
    from teams.directory.models import Role, Staff, User
    from teams.jobs.services.jobs import Progress

    user = User.objects.create_user("bench@example.org")
    Staff.objects.create(user=user, school=school, role=Role.ADMINISTRATOR, starts_on=school.today())
    today = school.today()
    lines = [
        f"{n},{50 + (n * 7 + week) % 90},{today - dt.timedelta(days=week)}"
        for week in range(20)
        for n in range(students)
    ]
    content = ("student_id,score,date\n" + "\n".join(lines)).encode()

    def ours() -> None:
        row = files.upload_file(school, actor=user, file=ContentFile(content), name="scores.csv")
        reading.read_job(row.job, Progress(row.job))
        row.refresh_from_db()
        mapping = {"columns": row.mapping["columns"], "options": {"measure_name": "Imported"}}
        row = files.start_check(row, actor=user, kind=Import.Kind.SCORES, mapping=mapping)
        checking.check_job(row.job, Progress(row.job))
        row.refresh_from_db()
        row = files.start_apply(row, actor=user)
        applying.apply_job(row.job, Progress(row.job))

    other = Measure.objects.create(school=school, key="peer", name="Peer", scale_max=400)
    ids = dict(Student.objects.filter(school=school).values_list("local_id", "pk"))
    rows = [line.split(",") for line in lines]
    sample = rows[:: max(len(rows) // 400, 1)]

    def one_by_one() -> None:
        for number, value, day in sample:
            student = Student.objects.get(school=school, local_id=number)
            Score.objects.update_or_create(
                student=student, measure=other, taken_on=day, source="peer", defaults={"value": float(value)}
            )

    def in_bulk() -> None:
        Score.objects.filter(measure=other).delete()
        Score.objects.bulk_create(
            (
                Score(student_id=ids[number], measure=other, taken_on=day, value=float(value), source="bulk")
                for number, value, day in rows
            ),
            batch_size=5000,
        )

    mine = len(lines) / seconds(ours)
    single, bulk = len(sample) / seconds(one_by_one), len(rows) / seconds(in_bulk)
    what = f"import of {len(lines)} scores, checked, a row"
    report.add(what, "one row at a time, ORM", 1e6 / mine, 1e6 / single, "µs")
    report.add(what, "bulk_create, nothing checked", 1e6 / mine, 1e6 / bulk, "µs")
    report.figures["peak memory, everything"] = f"{peak_megabytes():.0f} MB"


def _spreadsheet(report: Report, rows: int = 20_000) -> None:
    """Read a workbook: calamine compared with openpyxl."""
    import openpyxl
    from python_calamine import CalamineWorkbook

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for n in range(rows):
        sheet.append([str(n), n % 100, "2026-11-02"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.xlsx"
        book.save(path)
        content = path.read_bytes()

    def ours() -> int:
        return len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())

    def theirs() -> int:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        return sum(1 for _row in workbook.worksheets[0].iter_rows(values_only=True))

    assert ours() == theirs() == rows  # noqa: S101
    mine, other = take_turns(ours, theirs)
    report.add(f"workbook of {rows} rows", "openpyxl, read-only", mine, other, "s")
