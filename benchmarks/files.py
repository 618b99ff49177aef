"""``./dev bench files``: files of scores checked and applied, in one run with what a team would write, on both databases."""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from benchmarks.databases import DATABASES, environment_of
from benchmarks.timing import Report, seconds

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
    parser.add_argument("--people", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--colleague", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--job", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    parts: dict[str, Callable[[Report, int], None]] = {
        "rows": measure,
        "roster": measure_roster,
        "people": measure_people,
    }
    chosen = next((name for name in parts if getattr(arguments, name)), "")
    if chosen or arguments.colleague or arguments.job:
        import django

        django.setup()
        if arguments.colleague:
            save_until(arguments.colleague)
        elif arguments.job:
            print(json.dumps(asdict(done_here(arguments.job[0], int(arguments.job[1])))))
        else:
            print("\n".join(measured(getattr(arguments, chosen), parts[chosen]).table()))
        return 0
    _measure_each(quick=arguments.quick)
    return 0


def _measure_each(*, quick: bool) -> None:
    """Print each part on each database, in a process of its own."""
    scores = (10_000,) if quick else SIZES
    parts = [
        *(("--rows", rows) for rows in scores),
        ("--roster", 5_000 if quick else ROSTER),
        ("--people", scores[-1]),
    ]
    for database in DATABASES:
        for what, rows in parts:
            with environment_of(database) as here:
                command = [sys.executable, "-m", "benchmarks.files", what, str(rows)]
                done = subprocess.run(  # noqa: S603 (this program again)
                    command, env=here, check=True, stdout=subprocess.PIPE, text=True, timeout=LIMIT_SECONDS
                )
            of = {"--roster": " of a roster", "--people": " beside two live meetings"}.get(what, "")
            print(f"\n{database}, {rows} rows{of}:\n\n{done.stdout}", flush=True)


def measured(rows: int, work: Callable[[Report, int], None]) -> Report:
    """The report on a file of that many rows, in the database of the environment."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    report = Report()
    work(report, rows)
    return report


def measure_roster(report: Report, students: int) -> None:
    """Load a list of students, then let that of the next night come, in which one in fifty has another name."""
    from django.core.files.base import ContentFile

    from datareview.imports.services import files
    from datareview.inbox.services.receiving import receive_file
    from teams.lib import clock

    school, user = _school(0)

    def content(names: dict[int, str]) -> ContentFile[bytes]:
        lines = [f"{10_000 + n},Student {n},{names.get(n, 'Last')},{n % 6}" for n in range(students)]
        return ContentFile(("student_id,first_name,last_name,grade\n" + "\n".join(lines)).encode())

    row = files.upload_file(school, actor=user, file=content({}), name="students.csv")
    first = [_work("read", row)]
    row = files.start_check(row, actor=user, kind="students", mapping=row.mapping)
    first.append(_work("check", row))
    row = files.start_apply(row, actor=user, confirm=True)
    first.append(_work("apply", row))
    others = content(dict.fromkeys(range(0, students, 50), "Other"))
    delivery = receive_file(school, actor=user, file=others, name="students.csv", changed_at=clock.now())
    assert delivery.of_import is not None  # noqa: S101
    night = _work("take", delivery.of_import)
    assert delivery.of_import.counts["changed"] == students // 50  # noqa: S101
    what, peer = "nightly roster, 2 % changed", "its first load"
    report.add(what, peer, night.seconds, sum(one.seconds for one in first), "s")
    report.add(what, peer, night.processor, sum(one.processor for one in first), "s of processor")
    report.figures["the first load: reading, checking, applying"] = ", ".join(
        f"{one.seconds:.3g} s" for one in first
    )
    report.figures["the night"] = night.told


def measure_people(report: Report, rows: int) -> None:
    """Apply a file of ``rows`` scores while twenty people write in two live meetings of the school."""
    from benchmarks.file_people import people_during
    from datareview.imports.services import files

    school, user = _school(rows // SCORES_EACH)
    row = _checked(school, user, _lines(school, rows), report)
    row = files.start_apply(row, actor=user)
    told, fared = people_during(school, _job("apply", row))
    report.figures["applying"] = Done(**json.loads(told.splitlines()[-1])).told
    report.figures["twenty people in two live meetings meanwhile"] = fared


def measure(report: Report, rows: int) -> None:
    """Apply and undo a file of ``rows`` scores while a colleague saves; then write the same rows in other ways."""
    from datareview.imports.services import files

    school, user = _school(rows // SCORES_EACH)
    lines = _lines(school, rows)
    row = _checked(school, user, lines, report)
    with _colleague() as saves:
        row = files.start_apply(row, actor=user)
        report.figures["applying"] = _work("apply", row).told
        assert row.counts["new"] == rows  # noqa: S101
    report.figures["a colleague's saves meanwhile"] = _said(saves)
    ours = 1e6 * _sum(report) / rows
    with _colleague() as saves:
        row = files.start_undo(row, actor=user)
        report.figures["undoing"] = _work("undo", row).told
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
    report.figures["reading the header"] = _work("read", row).told
    mapping = {"columns": row.mapping["columns"], "options": {"measure_name": "Imported"}}
    row = files.start_check(row, actor=user, kind="scores", mapping=mapping)
    report.figures["checking"] = _work("check", row).told
    return row


@dataclass(frozen=True, slots=True)
class Done:
    """A job of a worker: seconds by the clock and of processor, with that of the child that reads the file; megabytes.

    ``before`` is the memory of a worker that has imported everything and opened no file, ``peak`` the most that it had.
    """

    seconds: float
    processor: float
    before: float
    peak: float

    @property
    def told(self) -> str:
        """The figures as a line, which begins with the seconds."""
        return (
            f"{self.seconds:.3g} s, {self.processor:.3g} s of processor; at most {self.peak:.0f} MB "
            f"({self.before:.0f} MB before)"
        )


def _job(what: str, row: Import) -> list[str]:
    """A worker of its own that does one job of a file and prints what it took."""
    return [sys.executable, "-m", "benchmarks.files", "--job", what, str(row.pk)]


def _work(what: str, row: Import) -> Done:
    """Do a job of a file in another process, as a worker would."""
    done = subprocess.run(_job(what, row), check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    row.refresh_from_db()
    return Done(**json.loads(done.stdout.splitlines()[-1]))


def done_here(what: str, pk: int) -> Done:
    """Do a job of a file in this process."""
    from datareview.checking.services import checking
    from datareview.imports.models import Import
    from datareview.imports.services import reading
    from datareview.inbox.services import taking
    from datareview.loading.services import applying, undoing
    from teams.jobs.services.jobs import Progress

    work = {
        "read": reading.read_job,
        "check": checking.check_job,
        "apply": applying.apply_job,
        "undo": undoing.undo_job,
        "take": taking.take_delivery_job,
    }[what]
    job = Import.objects.get(pk=pk).job
    assert job is not None  # noqa: S101
    before, processor = _peak(), _processor()
    took = seconds(lambda: work(job, Progress(job)))
    return Done(took, _processor() - processor, before, _peak())


def _peak() -> float:
    """Megabytes of this program at most; `resource` would count those of the program that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _processor() -> float:
    """Seconds of processor of this process and its children so far."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


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
