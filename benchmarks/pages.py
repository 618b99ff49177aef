"""``./dev bench pages``: processor time of the demo's pages, and people who click, beside plain pages of the same rows.

Both answer in one process without a server, by turns; the figure is the median of processor time, which other
programs on the machine change little. The plain page (`benchmarks.plain`) has a session and a signed-in user, reads
the main rows of the page without any rule about who may see them, and writes every column into tables.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.databases import DATABASES, environment_of
from benchmarks.people import PeopleResult, measure_people, table_of_people

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet
    from django.test import Client

    from teams.directory.models import User

RESULTS = Path(__file__).parent / "results" / "pages.json"
ROUNDS, QUICK_ROUNDS = 25, 5
CLICK_SECONDS = 30
STUDENTS = 600  # of each school of the demo
LIMIT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the demo, who opens it, and its main rows."""

    name: str
    user: User
    address: str
    tables: Sequence[QuerySet[Any, Any]]


@dataclass(frozen=True, slots=True)
class PageResult:
    """Milliseconds of processor time of a page and of the plain page, and the page's queries."""

    page: str
    database: str
    ours: float
    plain: float
    queries: int

    @property
    def ratio(self) -> float:
        """How many times longer our page takes."""
        return self.ours / self.plain


def main(argv: list[str] | None = None) -> int:
    """Measure on SQLite and on PostgreSQL with Valkey, write JSON, print a table."""
    parser = argparse.ArgumentParser(prog="./dev bench pages", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds")
    parser.add_argument("--students", type=int, default=STUDENTS, help="students of each school")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, default=RESULTS)
    arguments = parser.parse_args(argv)
    rounds = QUICK_ROUNDS if arguments.quick else ROUNDS
    if arguments.one:
        print(json.dumps(measure(arguments.one, rounds, arguments.students, quick=arguments.quick)))
        return 0
    found = [
        _in_its_own_process(database, arguments.students, quick=arguments.quick) for database in DATABASES
    ]
    rows = [PageResult(**row) for one in found for row in one["pages"]]
    people = [PeopleResult(**row) for one in found for row in one["people"]]
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    on = dt.datetime.now(tz=dt.UTC).date().isoformat()
    data = {
        "on": on,
        "machine": machine,
        "students": arguments.students,
        "rounds": rounds,
        "rows": [asdict(row) for row in rows],
        "people": [asdict(row) for row in people],
    }
    arguments.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print("\n".join([*table_of(rows), "", *table_of_people(people)]))
    return 0


def _in_its_own_process(database: str, students: int, *, quick: bool) -> dict[str, Any]:
    """Measure in a process of its own, since settings are read once."""
    from collab.demo.opening import open_demo

    with environment_of(database) as here:
        offset = open_demo(Path(here["DATA_DIR"]), dt.datetime.now(tz=dt.UTC))
        command = [
            sys.executable,
            "-m",
            "benchmarks.pages",
            "--one",
            database,
            "--students",
            str(students),
            *(["--quick"] if quick else []),
        ]
        done = subprocess.run(  # noqa: S603 (this program again)
            command,
            env={**here, "DEMO": "true", "CLOCK_OFFSET": str(offset), "LOG_LEVEL": "WARNING"},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=LIMIT_SECONDS,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(database: str, rounds: int, students: int, *, quick: bool) -> dict[str, Any]:
    """Fill the database in the environment with the demo's district, measure its pages, and let people click on them."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.db import connection

    from collab.demo.district import fill_demo
    from teams.directory.models import School

    fill_demo(scale=students / STUDENTS, say=lambda _line: None)
    pages = pages_of_the_demo()
    found = [asdict(compare(page, database, rounds)) for page in pages]
    connection.close()  # the servers open their own
    school = School.objects.order_by("pk")[0]
    people = measure_people(school, database, seconds=10 if quick else CLICK_SECONDS)
    return {"pages": found, "people": [asdict(row) for row in people]}


def pages_of_the_demo() -> list[Page]:
    """The pages that are measured, of the demo's elementary school."""
    from django.urls import reverse

    from collab.actions.models import Action
    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting
    from datareview.plans.models import Plan
    from datareview.records.models import Enrollment, Score
    from datareview.records.permissions import students_of_team
    from datareview.trends.models import Trend
    from teams.access.permissions import own_teams
    from teams.directory.models import TeamMember, User

    def person(role: str) -> User:
        return User.objects.get(email=f"{role}@demo.test")

    teacher, coordinator, principal = person("teacher"), person("coordinator"), person("principal")
    team = own_teams(teacher).order_by("pk")[0]
    meeting = team.meetings.filter(state=Meeting.State.PLANNED).order_by("starts_at")[0]
    plan = Plan.objects.running().filter(student__school=team.school).order_by("pk")[0]
    in_team, year = students_of_team(team), team.school.year_start()
    actions = Action.objects.filter(team=team, state=Action.State.OPEN)
    items = AgendaItem.objects.filter(meeting=meeting)
    scores = Score.objects.filter(taken_on__gte=year)
    members = TeamMember.objects.filter(team=team)
    trends = Trend.objects.filter(student__school=team.school)
    return [
        Page("Home, teacher", teacher, reverse("collab:home-show"), [items, actions]),
        Page("agenda", teacher, meeting.get_absolute_url(), [items, members, actions]),
        Page("team", teacher, team.get_absolute_url(), [members, actions, team.meetings.all()]),
        Page(
            "student",
            coordinator,
            plan.student.get_absolute_url(),
            [scores.filter(student=plan.student), Enrollment.objects.filter(student=plan.student)],
        ),
        Page(
            "students, 50 of 600",
            coordinator,
            reverse("datareview:student-list"),
            [team.school.students.order_by("last_name")[:50]],
        ),
        Page(
            "Data",
            teacher,
            reverse("datareview:dashboard-show"),
            [in_team, scores.filter(student__in=in_team)],
        ),
        Page("report", principal, reverse("datareview:report-show"), [trends]),
    ]


def compare(page: Page, database: str, rounds: int) -> PageResult:
    """Open ``page`` and the plain page by turns, each with a session of the same user."""
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    from benchmarks import plain

    plain.show(page.tables)
    # A host that is allowed outside tests too.
    ours, theirs = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    for client in (ours, theirs):
        client.force_login(page.user, backend="teams.account.backends.ScopeBackend")
    milliseconds: tuple[list[float], list[float]] = ([], [])
    for _round in range(rounds + 1):
        milliseconds[0].append(_milliseconds(lambda: _open(ours, page.address)))
        with override_settings(MIDDLEWARE=plain.MIDDLEWARE, ROOT_URLCONF="benchmarks.plain"):
            milliseconds[1].append(_milliseconds(lambda: _open(theirs, "/")))
    with CaptureQueriesContext(connection) as asked:
        _open(ours, page.address)
    first, second = (median(times[1:]) for times in milliseconds)  # the first of each fills caches
    return PageResult(page.name, database, round(first, 2), round(second, 2), len(asked))


def _open(client: Client, address: str) -> None:
    status = client.get(address).status_code
    if status != 200:
        raise RuntimeError(f"{address} answered {status}.")


def _milliseconds(work: Callable[[], None]) -> float:
    """Milliseconds of this process's processor time that ``work`` takes."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def table_of(rows: Sequence[PageResult]) -> list[str]:
    """The results as Markdown."""
    lines = [
        "| page | database | processor | plain Django page | ratio | queries |",
        "|---|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.page} | {row.database} | {row.ours:.1f} ms | {row.plain:.1f} ms | {row.ratio:.1f} × "
        f"| {row.queries} |"
        for row in rows
    ]
    return lines


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
    raise SystemExit(main())
