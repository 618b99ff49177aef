"""``./dev bench explore``: each kind of chart of Explore for a whole school, on each database.

In one process without a server; milliseconds of its processor from the request to the finished page, which is opened again
and again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from benchmarks.databases import DATABASES, environment_of

if TYPE_CHECKING:
    from teams.directory.models import School, User

STUDENTS, ROUNDS, QUICK_ROUNDS = 1200, 40, 3
MARKED_DAYS = 60
LIMIT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class ExploreResult:
    """Milliseconds of the processor for a page with one kind of chart: median and 95th percentile; and its kilobytes."""

    database: str
    kind: str
    p50: float
    p95: float
    kilobytes: int


def main(argv: list[str] | None = None) -> int:
    """Measure on SQLite and on PostgreSQL with Valkey, and print a table."""
    parser = argparse.ArgumentParser(prog="./dev bench explore", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--students", type=int, default=STUDENTS, help="students of the school")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    rounds = QUICK_ROUNDS if arguments.quick else ROUNDS
    if arguments.one:
        found = measure(arguments.one, arguments.students, rounds)
        print(json.dumps([asdict(one) for one in found]))
        return 0
    for database in DATABASES:
        with environment_of(database) as here:
            command = [sys.executable, "-m", "benchmarks.explore", "--one", database]
            command += ["--students", str(arguments.students), *(["--quick"] if arguments.quick else [])]
            done = subprocess.run(  # noqa: S603 (this program again)
                command,
                env={**here, "LOG_LEVEL": "WARNING"},
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                timeout=LIMIT_SECONDS,
            )
            print(
                "\n".join(
                    table_of([ExploreResult(**row) for row in json.loads(done.stdout.splitlines()[-1])])
                )
            )
    return 0


def measure(database: str, students: int, rounds: int) -> list[ExploreResult]:
    """Make the school in the environment's database, and open a page of each kind ``rounds`` times."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from teams.directory.models import School

    school = School.objects.create(name="Lincoln", lowest_grade=0, highest_grade=5)
    return open_pages(database, make_scores(school, students), rounds)


def make_scores(school: School, students: int) -> User:
    """Students of six grades with scores in two windows and attendance, and the principal who looks at them."""
    from datareview.records.models import AttendanceDay, Benchmark, BenchmarkWindow, Measure, Score, Student
    from teams.directory.models import Role, SchoolYear, Staff, User

    dice, today = random.Random(1), school.today()  # noqa: S311 (no secret)
    start = today - dt.timedelta(days=90)
    year = SchoolYear.objects.create(
        school=school, name="Year", starts_on=start, ends_on=today + dt.timedelta(days=200)
    )
    measure = Measure.objects.create(school=school, key="reading", name="Reading", scale_max=400, decimals=0)
    middle = today - dt.timedelta(days=40)
    spans = {"fall": (start, middle), "winter": (middle, today)}
    for key, (first, last) in spans.items():
        BenchmarkWindow.objects.create(
            year=year, key=key, starts_on=first, ends_on=last - dt.timedelta(days=key == "fall")
        )
        Benchmark.objects.bulk_create(
            Benchmark(measure=measure, grade=grade, window=key, below=180, at=200, above=220)
            for grade in range(6)
        )
    people = Student.objects.bulk_create(
        Student(school=school, local_id=str(n), first_name="S", last_name=str(n), grade=n % 6)
        for n in range(students)
    )
    Score.objects.bulk_create(
        Score(student=one, measure=measure, taken_on=day, value=round(dice.gauss(205, 20)))
        for one in people
        for day in (start, today)
    )
    days = [
        day for back in range(MARKED_DAYS, 0, -1) if (day := today - dt.timedelta(days=back)).weekday() < 5
    ]
    AttendanceDay.objects.bulk_create(
        (
            AttendanceDay(student=one, day=day, mark="excused" if dice.random() < 0.06 else "present")
            for one in people
            for day in days
        ),
        batch_size=5000,
    )
    user = User.objects.create_user("pia@bench.test", first_name="Pia", last_name="Moss")
    Staff.objects.create(user=user, school=school, role=Role.PRINCIPAL, starts_on=start)
    return user


def open_pages(database: str, user: User, rounds: int) -> list[ExploreResult]:
    """Open each kind of chart of the whole school ``rounds`` times, after once that is not counted."""
    from django.test import Client

    from datareview.comparisons.choices import ChartKind

    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="teams.account.backends.ScopeBackend")
    found = []
    for kind in ChartKind.values:
        took, size = [], 0
        for _round in range(rounds + 1):
            begun = time.process_time()
            answer = client.get("/data/explore/", {"of": "school", "kind": kind})
            took.append(1000 * (time.process_time() - begun))
            size = len(answer.content)
        if answer.status_code != 200:
            raise RuntimeError(f"{kind}: {answer.status_code}")
        waited = sorted(took[1:])
        p95 = waited[min(len(waited) - 1, round(0.95 * len(waited)))]
        found.append(
            ExploreResult(database, kind, round(waited[len(waited) // 2], 1), round(p95, 1), size // 1024)
        )
    return found


def table_of(found: list[ExploreResult]) -> list[str]:
    """The results as Markdown."""
    rows = ["| database | kind | p50 | p95 | page |", "|---|---|--:|--:|--:|"]
    return rows + [
        f"| {one.database} | {one.kind} | {one.p50} ms | {one.p95} ms | {one.kilobytes} kB |" for one in found
    ]


if __name__ == "__main__":
    sys.exit(main())
