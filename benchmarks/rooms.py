"""``./dev bench rooms``: full meetings on this machine: what is written, when others see it, and what it costs.

A real server, a real database, and simulated members (`tests.members`): each keeps a stream open, fetches
updates and writes. "Seen" is the time from sending a contribution until it appears on another member's page.
Members run on the same machine as the server, and their cost is measured too. The comparison is a common
alternative: pages that request the whole region once a second.

All loads on both databases take half an hour and print the README's table. ``--only "40 meetings"`` repeats
just those, on both databases (a quarter of an hour), and keeps the other rows.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import platform
import random
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.databases import DATABASES, environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collab.agendas.models import AgendaItem
    from teams.directory.models import School, User
    from tests.members import Member
    from tests.processes import Program, Programs

RESULTS = Path(__file__).parent / "results" / "rooms.json"
SETTLE_SECONDS = 5
START_SECONDS = 180  # at most, for the database, rooms and servers, on a busy machine
ARRIVALS_A_SECOND = 8  # people arrive one after another


@dataclass(frozen=True, slots=True)
class Load:
    """``meetings`` of ``people``, each of whom writes every ``pause`` seconds (half to one and a half times)."""

    name: str
    meetings: int
    people: int
    pause: float
    seconds: float
    servers: int = 1
    polls: bool = False


@dataclass(slots=True)
class Result:
    """Result of a load. Times in milliseconds; memory in megabytes, of all server processes, at the end.

    ``busy`` is how many programs wanted to run before the load began (the load average of a minute), and ``a_page`` the
    memory of each open page in kilobytes.
    """

    load: str
    database: str
    written: int
    lost: int
    doubled: int
    out_of_order: int
    answered: dict[str, float]
    seen: dict[str, float]
    server_cpu: float
    members_cpu: float
    megabytes: float
    megabytes_before: float
    busy: float
    a_page: float


LOADS = (
    Load("one of ten who write every ten seconds, five minutes", 1, 10, 10, 300),
    Load("the same, if pages asked every second instead", 1, 10, 10, 60, polls=True),
    Load("40 meetings of eight who write every five minutes", 40, 8, 300, 180),
    Load("40 meetings of eight, every two minutes, two server processes", 40, 8, 120, 180, servers=2),
    Load("100 meetings of eight who write every five minutes", 100, 8, 300, 60),
    Load("100 meetings of eight, every five minutes, two server processes", 100, 8, 300, 60, servers=2),
)


def main(argv: list[str] | None = None) -> int:
    """Measure loads on SQLite and on PostgreSQL with Valkey; write JSON, print the README's table of all results."""
    parser = argparse.ArgumentParser(prog="./dev bench rooms", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten seconds per load")
    parser.add_argument("--only", default="", help="loads whose name contains this")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, default=RESULTS)
    arguments = parser.parse_args(argv)
    if arguments.one:
        print(
            json.dumps([asdict(row) for row in measure(arguments.one, arguments.only, quick=arguments.quick)])
        )
        return 0
    limit = sum(_seconds(load, quick=arguments.quick) for load in LOADS if arguments.only in load.name)
    print(f"At most {2 * limit / 60:.0f} minutes.", flush=True)
    rows = []
    for database in DATABASES:
        rows += _in_its_own_process(database, arguments.only, quick=arguments.quick, limit=limit)
    if not arguments.quick:
        rows = _kept(arguments.json, rows)
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        data = {"on": dt.datetime.now(tz=dt.UTC).date().isoformat(), "machine": machine, "rows": rows}
        arguments.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print("\n".join(_table(rows)))
    return 0


def _seconds(load: Load, *, quick: bool) -> float:
    """Maximum duration of a load."""
    arrivals = load.meetings * load.people / ARRIVALS_A_SECOND
    return START_SECONDS + arrivals + 3 * SETTLE_SECONDS + (10 if quick else load.seconds)


def _kept(path: Path, rows: list[dict]) -> list[dict]:
    """Earlier rows merged with new ones, in the table's order."""
    before = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []
    found = {(row["load"], row["database"]): row for row in [*before, *rows]}
    order = [(load.name, database) for load in LOADS for database in DATABASES]
    return [found[key] for key in order if key in found]


def _in_its_own_process(database: str, only: str, *, quick: bool, limit: float) -> list[dict]:
    """Run each database in its own process, since settings are read once, with a temporary folder."""
    with environment_of(database) as here:
        command = [sys.executable, "-m", "benchmarks.rooms", "--one", database, "--only", only]
        done = subprocess.run(  # noqa: S603 (this program again)
            [*command, *(["--quick"] if quick else [])],
            env=here,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=limit,
        )
    return json.loads(done.stdout.splitlines()[-1])


def measure(database: str, only: str, *, quick: bool) -> Iterator[Result]:
    """Measure every load on the database in the environment."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.processes import Programs

    for load in LOADS:
        if only in load.name:
            programs = Programs({**os.environ}, Path(os.environ["DATA_DIR"]))
            try:
                yield _run(programs, load, database, 10 if quick else load.seconds)
            finally:
                programs.kill()


def _run(programs: Programs, load: Load, database: str, seconds: float) -> Result:
    from django.db import connection

    from collab.discussion.models import Contribution
    from tests.members import Member

    busy = round(os.getloadavg()[0], 1)
    rooms = [make_room(f"{time.time_ns()}-{n}", load.people) for n in range(load.meetings)]
    addresses = [programs.web() for _ in range(load.servers)]
    members = [
        [Member(addresses[k % len(addresses)], item, user) for k, user in enumerate(users)]
        for item, users in rooms
    ]
    connection.close()
    before = megabytes_of(programs.started)
    cpu, own = asyncio.run(_meet(load, members, seconds, programs.started))
    kept = {
        item.pk: list(Contribution.objects.filter(item=item).order_by("pk").values_list("text", flat=True))
        for item, _users in rooms
    }
    sent = {text for group in members for member in group for text in member.sent}
    texts = [text for rows in kept.values() for text in rows if text in sent]
    seen = [
        member.seen[text] - author.sent[text]
        for group in members
        for author in group
        for text in author.sent
        for member in group
        if member is not author and text in member.seen
    ]
    expected = sum(len(author.sent) * (len(group) - 1) for group in members for author in group)
    wrong = sum(
        member.texts != kept[item.pk]
        for (item, _u), group in zip(rooms, members, strict=True)
        for member in group
    )
    after = megabytes_of(programs.started)
    return Result(
        load=load.name,
        database=database,
        written=len(texts),
        lost=len(sent - set(texts)) + expected - len(seen),
        doubled=len(texts) - len(set(texts)),
        out_of_order=wrong,
        answered=percentiles_of([took for group in members for member in group for took in member.took]),
        seen=percentiles_of(seen),
        server_cpu=round(cpu / seconds * 100, 1),
        members_cpu=round(own / seconds * 100, 1),
        megabytes=after,
        megabytes_before=before,
        busy=busy,
        a_page=round((after - before) * 1024 / (load.meetings * load.people), 1),
    )


def make_room(name: str, people: int, school: School | None = None) -> tuple[AgendaItem, list[User]]:
    """A live meeting with a current item, and its people, in a school of its own or in ``school``."""
    from collab.agendas.services import items
    from collab.planning.services import meetings
    from collab.room.services import lifecycle
    from teams.directory.models import Role
    from teams.lib import clock
    from tests.conftest import make_school, make_staff, make_team

    school = school or make_school(name)
    staff = [make_staff(f"p{n}-{name}", "Member", school, Role.TEACHER) for n in range(people)]
    team = make_team(school, f"Grade 4, {name}", 4, staff)
    lead = staff[0].user
    plan = meetings.plan_meeting(team, actor=lead, title="A full room", starts_at=clock.now(), minutes=45)
    items.add_item(plan, actor=lead, title="What we see", minutes=20)
    meeting = lifecycle.start_meeting(plan, actor=lead)
    return meeting.items.get(state="current"), [person.user for person in staff]


async def _meet(
    load: Load, members: list[list[Member]], seconds: float, programs: list[Program]
) -> tuple[float, float]:
    """Hold the meetings. Returns processor time of the server and of the members while people write."""
    everybody = [member for group in members for member in group]
    pages = []
    for member in everybody:
        pages.append(asyncio.create_task(_ask_every_second(member) if load.polls else member.stay()))
        await asyncio.sleep(1 / ARRIVALS_A_SECOND)
    await asyncio.sleep(SETTLE_SECONDS)
    for group in members:  # warm up the servers
        await group[0].say("Good morning")
        group[0].sent.clear()
        group[0].took.clear()
    await asyncio.sleep(SETTLE_SECONDS)
    server, own, until = cpu_of(programs), time.process_time(), time.monotonic() + seconds
    await asyncio.gather(*(_write(load, member, n, until) for n, member in enumerate(everybody)))
    server, own = cpu_of(programs) - server, time.process_time() - own
    await asyncio.sleep(SETTLE_SECONDS)
    for member in everybody:
        await member.fetch(whole=True)
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    for member in everybody:
        await member.close()
    return server, own


async def _ask_every_second(member: Member) -> None:
    while True:
        await member.fetch(whole=True)
        await asyncio.sleep(1)


async def _write(load: Load, member: Member, number: int, until: float) -> None:
    dice, n = random.Random(number), 0  # noqa: S311 (no secret)
    await asyncio.sleep(min(dice.uniform(0, load.pause), max(0, until - time.monotonic())))
    while time.monotonic() < until:
        await member.say(
            f"Member {number}, thought {n}: half of the group reads below the benchmark in winter"
        )
        n += 1
        await asyncio.sleep(min(dice.uniform(0.5, 1.5) * load.pause, max(0, until - time.monotonic())))


def percentiles_of(seconds: list[float]) -> dict[str, float]:
    """Percentiles of some durations, in milliseconds; none without durations."""
    import numpy as np

    if not seconds:
        return {}
    names = ("p50", "p95", "p99", "max")
    values = np.percentile(np.array(seconds) * 1000, [50, 95, 99, 100])
    return {name: round(float(value), 1) for name, value in zip(names, values, strict=True)}


def cpu_of(programs: list[Program]) -> float:
    """Seconds of processor time used by the programs."""
    ticks = 0
    for program in programs:
        fields = (
            Path(f"/proc/{program.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        )
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes_of(programs: list[Program]) -> float:
    """Memory used by the programs."""
    pages = sum(
        int(Path(f"/proc/{p.process.pid}/statm").read_text(encoding="ascii").split()[1]) for p in programs
    )
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def _table(rows: list[dict]) -> list[str]:
    """The table for the README."""
    names = ("meetings", "database", "written", "lost, doubled, out of order", "seen p50 / p95 / p99")
    lines = [
        f"| {' | '.join((*names, 'answered p50 / p95', 'server', 'memory'))} |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    above = ""
    for row in rows:
        seen, answered = row["seen"], row["answered"]
        lines.append(
            f"| {row['load'] if row['load'] != above else ''} | {row['database']} | {row['written']} "
            f"| {row['lost']}, {row['doubled']}, {row['out_of_order']} "
            f"| {seen['p50']:.0f} / {seen['p95']:.0f} / {seen['p99']:.0f} "
            f"| {answered['p50']:.0f} / {answered['p95']:.0f} "
            f"| {row['server_cpu']:.0f} % of a core | {row['megabytes']:.0f} MB |"
        )
        above = row["load"]
    return lines


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
    raise SystemExit(main())
