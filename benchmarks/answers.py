"""``./dev bench answers``: twenty teachers type the answers of their classes at once, in one assessment.

A real server process and a real database. Each teacher sends what was typed in the last second, a cell or two, and asks
every five seconds what others did, as the page does. Measured is the time from sending cells until they are saved.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.databases import DATABASES, environment_of
from benchmarks.people import session_of
from benchmarks.rooms import cpu_of, percentiles_of

if TYPE_CHECKING:
    from teams.directory.models import School

TEACHERS, STUDENTS, ITEMS = 20, 25, 20
SECONDS, QUICK_SECONDS, WARM_SECONDS = 60.0, 10.0, 5.0
ASK_SECONDS = 5.0
LIMIT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class AnswersResult:
    """Saves, cells that were not saved, milliseconds of a save, and those of the server's processor per save."""

    database: str
    saves: int
    lost: int
    p50: float
    p95: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Typist:
    """A teacher with a session, the addresses of the class's grid, and its students."""

    cookies: dict[str, str]
    save: str
    state: str
    students: list[str]


def main(argv: list[str] | None = None) -> int:
    """Measure on SQLite and on PostgreSQL with Valkey, and print a table."""
    parser = argparse.ArgumentParser(prog="./dev bench answers", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten seconds on each database")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    seconds = QUICK_SECONDS if arguments.quick else SECONDS
    if arguments.one:
        print(json.dumps(asdict(measure(arguments.one, seconds))))
        return 0
    found = []
    for database in DATABASES:
        with environment_of(database) as here:
            command = [sys.executable, "-m", "benchmarks.answers", "--one", database]
            done = subprocess.run(  # noqa: S603 (this program again)
                [*command, *(["--quick"] if arguments.quick else [])],
                env={**here, "LOG_LEVEL": "WARNING"},
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                timeout=LIMIT_SECONDS,
            )
            found.append(AnswersResult(**json.loads(done.stdout.splitlines()[-1])))
    print("\n".join(table_of_answers(found)))
    return 0


def measure(database: str, seconds: float) -> AnswersResult:
    """Make the classes in the environment's database, and let their teachers type."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.db import connection

    from datareview.records.models import ItemResponse
    from teams.directory.models import School
    from tests.processes import Programs

    typists = make_classes(School.objects.create(name="Lincoln", lowest_grade=0, highest_grade=5))
    connection.close()  # the server opens its own
    programs = Programs(dict(os.environ), Path(os.environ["DATA_DIR"]))
    try:
        server = programs.web()
        asyncio.run(_type(server, typists, WARM_SECONDS, 1))
        before = cpu_of(programs.started)
        took, texts = asyncio.run(_type(server, typists, seconds, 2))
        cpu = cpu_of(programs.started) - before
    finally:
        programs.kill()
    stored = {
        (str(student), number): choice
        for student, number, choice in ItemResponse.objects.values_list(
            "student__uuid", "item__number", "choice"
        )
    }
    lost = sum(stored.get(cell) != text for cell, text in texts.items())
    waited = percentiles_of(took)
    return AnswersResult(
        database, len(took), lost, waited["p50"], waited["p95"], round(1000 * cpu / len(took), 1)
    )


def make_classes(school: School) -> list[Typist]:
    """A team of twenty teachers, each with a class, and an assessment that all classes take."""
    from datareview.records.models import Assessment, AssessmentItem, Enrollment, Section, Student
    from teams.directory.models import Role, SchoolYear, Staff, Team, TeamGrade, TeamMember, User

    today = school.today()
    year = SchoolYear.objects.create(
        school=school,
        name="Year",
        starts_on=today.replace(day=1),
        ends_on=today.replace(year=today.year + 1, day=1),
    )
    team = Team.objects.create(school=school, name="Grade 4")
    TeamGrade.objects.create(team=team, grade=4)
    assessment = Assessment.objects.create(team=team, title="Unit 3", given_on=today)
    AssessmentItem.objects.bulk_create(
        AssessmentItem(assessment=assessment, number=number, key="A") for number in range(1, ITEMS + 1)
    )
    typists = []
    for n in range(TEACHERS):
        user = User.objects.create_user(f"t{n}@bench.test", first_name="T", last_name=str(n))
        staff = Staff.objects.create(user=user, school=school, role=Role.TEACHER, starts_on=year.starts_on)
        TeamMember.objects.create(team=team, staff=staff, starts_on=year.starts_on)
        section = Section.objects.create(school=school, year=year, local_id=str(n), name=f"4-{n}", grade=4)
        section.teachers.add(staff)
        students = Student.objects.bulk_create(
            Student(school=school, local_id=f"{n}-{one}", first_name="S", last_name=str(one), grade=4)
            for one in range(STUDENTS)
        )
        Enrollment.objects.bulk_create(
            Enrollment(student=one, section=section, starts_on=year.starts_on) for one in students
        )
        address = f"/assessments/{assessment.uuid}/enter/%s/?section={section.uuid}"
        typists.append(
            Typist(session_of(user), address % "save", address % "state", [str(one.uuid) for one in students])
        )
    return typists


async def _type(
    server: str, typists: list[Typist], seconds: float, seed: int
) -> tuple[list[float], dict[tuple[str, int], str]]:
    """Let everyone type for some seconds. Returns the seconds of each save, and the last text of each cell."""
    until = time.monotonic() + seconds
    texts: dict[tuple[str, int], str] = {}
    found = await asyncio.gather(
        *(_one(server, one, until, random.Random(seed * 1000 + n), texts) for n, one in enumerate(typists))  # noqa: S311 (no secret)
    )
    return [took for one in found for took in one], texts


async def _one(
    server: str, typist: Typist, until: float, dice: random.Random, texts: dict[tuple[str, int], str]
) -> list[float]:
    import httpx

    took, seen, asked = [], {}, time.monotonic()
    headers = {"Origin": server, "Accept": "application/json"}
    async with httpx.AsyncClient(
        base_url=server, cookies=typist.cookies, headers=headers, timeout=60
    ) as page:
        state: dict[str, Any] = (await page.get(typist.state)).json()
        headers = {"X-CSRFToken": state["token"]}
        seen = {(student, number): version for student, number, _text, version in state["cells"]}
        await asyncio.sleep(dice.uniform(0, 1))
        while time.monotonic() < until:
            cells = {
                (dice.choice(typist.students), dice.randint(1, ITEMS)): dice.choice("ABCD") for _ in range(2)
            }
            sent = [[*cell, text, seen.get(cell, "")] for cell, text in cells.items()]
            began = time.monotonic()
            answer = await page.post(typist.save, data={"cells": json.dumps(sent)}, headers=headers)
            took.append(time.monotonic() - began)
            for one in answer.raise_for_status().json()["cells"]:
                seen[one["student"], one["number"]] = one["version"]
            texts |= cells
            if time.monotonic() - asked > ASK_SECONDS:
                asked = time.monotonic()
                (await page.get(f"{typist.state}&since={state['revision']}")).raise_for_status()
            await asyncio.sleep(max(0.0, dice.uniform(0.5, 1.5) - took[-1]))
    return took


def table_of_answers(rows: list[AnswersResult]) -> list[str]:
    """The results as Markdown."""
    lines = ["| database | saves | lost | saved p50 / p95 | processor a save |", "|---|--:|--:|--:|--:|"]
    return lines + [
        f"| {row.database} | {row.saves} | {row.lost} | {row.p50:.0f} / {row.p95:.0f} ms | {row.cpu:.1f} ms |"
        for row in rows
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
    sys.exit(main())
