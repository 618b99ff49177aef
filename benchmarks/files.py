"""``./dev bench files``: files of scores checked and applied, in one run with what a team would write, on both databases."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from benchmarks.databases import DATABASES, environment_of
from benchmarks.timing import Report, peak_megabytes, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datareview.imports.models import Import
    from datareview.records.models import Measure
    from teams.directory.models import School, User

SCORES_EACH = 100  # scores of one student
SAMPLE = 400  # rows that are written one by one
SIZES = (100_000, 1_000_000)
ROSTER = 50_000  # students
LIMIT_SECONDS = 3600
EVERY_SECONDS = 0.05  # how often the colleague saves


def main(argv: list[str] | None = None) -> int:
    """Measure and print a table for each database and size."""
    parser = argparse.ArgumentParser(prog="./dev bench files", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 rows")
    parser.add_argument("--rows", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--roster", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--colleague", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.colleague or arguments.rows or arguments.roster:
        import django

        django.setup()
        if arguments.colleague:
            save_until(arguments.colleague)
            return 0
        work = measure_roster if arguments.roster else measure
        print("\n".join(measured(arguments.roster or arguments.rows, work).table()))
        return 0
    scores = (10_000,) if arguments.quick else SIZES
    parts = [("--rows", rows) for rows in scores] + [("--roster", 5_000 if arguments.quick else ROSTER)]
    for database in DATABASES:
        for what, rows in parts:
            with environment_of(database) as here:
                command = [sys.executable, "-m", "benchmarks.files", what, str(rows)]
                done = subprocess.run(  # noqa: S603 (this program again)
                    command, env=here, check=True, stdout=subprocess.PIPE, text=True, timeout=LIMIT_SECONDS
                )
            print(
                f"\n{database}, {rows} rows{' of a roster' if what == '--roster' else ''}:\n\n{done.stdout}"
            )
    return 0


def measured(rows: int, work: Callable[[Report, int], None]) -> Report:
    """The report on a file of that many rows, in the database of the environment."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    report = Report()
    work(report, rows)
    return report


def measure_roster(report: Report, students: int) -> None:
    """Load a list of students, then that of the next night, in which one in fifty has another name."""
    from django.core.files.base import ContentFile

    from datareview.imports.services import files

    school, user = _school(0)

    def load(names: dict[int, str]) -> float:
        lines = [f"{10_000 + n},Student {n},{names.get(n, 'Last')},{n % 6}" for n in range(students)]
        text = "student_id,first_name,last_name,grade\n" + "\n".join(lines)
        row = files.upload_file(school, actor=user, file=ContentFile(text.encode()), name="students.csv")
        taken = seconds(lambda: _work("read", row))
        row.refresh_from_db()
        for what, start in (("check", files.start_check), ("apply", files.start_apply)):
            more = {"kind": "students", "mapping": row.mapping} if what == "check" else {"confirm": True}
            started = start(row, actor=user, **more)  # type: ignore[operator]
            taken += seconds(lambda what=what, started=started: _work(what, started))  # type: ignore[misc]
            row.refresh_from_db()
        return taken

    first = load({})
    night = load(dict.fromkeys(range(0, students, 50), "Other"))
    report.add("nightly roster, 2 % changed", "its first load", night, first, "s")


def measure(report: Report, rows: int) -> None:
    """Apply and undo a file of ``rows`` scores while a colleague saves; then write the same rows in other ways."""
    from datareview.imports.services import files

    school, user = _school(rows // SCORES_EACH)
    lines = _lines(school, rows)
    before = peak_megabytes()
    row = _checked(school, user, lines, report)
    with _colleague() as saves:
        row = files.start_apply(row, actor=user)
        report.figures["applying"] = f"{seconds(lambda: _work('apply', row)):.3g} s"
        row.refresh_from_db()
        assert row.counts["new"] == rows  # noqa: S101
    report.figures["peak memory of the worker"] = (
        f"{peak_megabytes():.0f} MB, {before:.0f} MB before the file"
    )
    report.figures["a colleague's saves meanwhile"] = _said(saves)
    ours = 1e6 * _sum(report) / rows
    with _colleague() as saves:
        row = files.start_undo(row, actor=user)
        report.figures["undoing"] = f"{seconds(lambda: _work('undo', row)):.3g} s"
    report.figures["a colleague's saves while it is undone"] = _said(saves)
    _peers(report, school, lines, ours)


def _school(students: int) -> tuple[School, User]:
    from datareview.records.models import Student
    from teams.directory.models import Role, School
    from tests.conftest import make_staff, make_team

    school = School.objects.create(name="Benchmark")
    staff = make_staff("Ada", "Cole", school, Role.ADMINISTRATOR)
    make_team(school, "Grade 4", 4, [staff])
    Student.objects.bulk_create(
        (Student(school=school, local_id=str(10_000 + n), grade=n % 6) for n in range(students)),
        batch_size=5000,
    )
    return school, staff.user


def _lines(school: School, rows: int) -> list[str]:
    import datetime as dt

    today = school.today()
    days = [(today - dt.timedelta(days=day)).isoformat() for day in range(SCORES_EACH)]
    return [f"{10_000 + n // SCORES_EACH},{days[n % SCORES_EACH]},{n % 91}" for n in range(rows)]


def _checked(school: School, user: User, lines: list[str], report: Report) -> Import:
    from django.core.files.base import ContentFile

    from datareview.imports.services import files

    content = ContentFile(("student_id,date,score\n" + "\n".join(lines)).encode())
    row = files.upload_file(school, actor=user, file=content, name="scores.csv")
    report.figures["reading the header"] = f"{seconds(lambda: _work('read', row)):.3g} s"
    row.refresh_from_db()
    mapping = {"columns": row.mapping["columns"], "options": {"measure_name": "Imported"}}
    row = files.start_check(row, actor=user, kind="scores", mapping=mapping)
    report.figures["checking"] = f"{seconds(lambda: _work('check', row)):.3g} s"
    row.refresh_from_db()
    return row


def _work(what: str, row: Import) -> None:
    from datareview.checking.services import checking
    from datareview.imports.services import reading
    from datareview.loading.services import applying, undoing
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

    job = Job.objects.get(pk=row.job_id)
    work = {
        "read": reading.read_job,
        "check": checking.check_job,
        "apply": applying.apply_job,
        "undo": undoing.undo_job,
    }[what]
    work(job, Progress(job))


def _sum(report: Report) -> float:
    return sum(float(report.figures[name].split()[0]) for name in ("checking", "applying"))


def _peers(report: Report, school: School, lines: list[str], ours: float) -> None:
    """One row at a time with the ORM, on a sample, and all rows with ``bulk_create``, unchecked."""
    from datareview.records.models import Measure, Score, Student

    other = Measure.objects.create(school=school, key="peer", name="Peer")
    ids = dict(Student.objects.filter(school=school).values_list("local_id", "pk"))
    rows = [line.split(",") for line in lines]
    sample = rows[:: max(len(rows) // SAMPLE, 1)]

    def one_by_one() -> None:
        for number, day, value in sample:
            student = Student.objects.get(school=school, local_id=number)
            Score.objects.update_or_create(
                student=student, measure=other, taken_on=day, source="peer", defaults={"value": float(value)}
            )

    single = 1e6 * seconds(one_by_one) / len(sample)
    bulk = 1e6 * seconds(lambda: _in_bulk(other, ids, rows)) / len(rows)
    what = "checked and applied, a row"
    report.add(what, "one row at a time, ORM", ours, single, "µs")
    report.add(what, "bulk_create, nothing checked", ours, bulk, "µs")


def _in_bulk(measure: Measure, ids: dict[str, int], rows: list[list[str]]) -> None:
    from datareview.records.models import Score

    Score.objects.bulk_create(
        (
            Score(student_id=ids[number], measure=measure, taken_on=day, value=float(value), source="bulk")
            for number, day, value in rows
        ),
        batch_size=5000,
    )


@contextmanager
def _colleague() -> Iterator[dict[str, Any]]:
    """A process in which somebody saves; what it tells is there afterwards."""
    saves: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        stop = Path(folder) / "stop"
        command = [sys.executable, "-m", "benchmarks.files", "--colleague", str(stop)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 (this program again)
        assert process.stdout is not None  # noqa: S101
        process.stdout.readline()
        try:
            yield saves
        finally:
            stop.touch()
            told, _none = process.communicate(timeout=120)
        saves.update(json.loads(told))


def _said(saves: dict[str, Any]) -> str:
    return (
        f"{saves['many']}, of which {saves['errors']} failed; median {saves['median']:.0f} ms, "
        f"p95 {saves['p95']:.0f} ms, longest {saves['longest']:.0f} ms"
    )


def save_until(stop: Path) -> None:
    """Save the norms of a team again and again until the file ``stop`` is there, then print what it took."""
    from django.db import DatabaseError

    from teams.directory.models import Team
    from teams.groups.services import set_norms

    team = Team.objects.get()
    actor = team.members.get().staff.user
    times, errors = [], 0
    print("ready", flush=True)
    while not stop.exists() or len(times) < 2:
        began = time.perf_counter()
        try:
            set_norms(team, actor=actor, lines=[f"Norm {len(times)}"])
        except DatabaseError:
            errors += 1
        times.append(1000 * (time.perf_counter() - began))
        time.sleep(EVERY_SECONDS)
    found = quantiles(times, n=20)
    told = {
        "many": len(times),
        "errors": errors,
        "median": found[9],
        "p95": found[18],
        "longest": max(times),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
    raise SystemExit(main())
