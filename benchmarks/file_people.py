"""Twenty people who write in two live meetings while a worker applies a file: a part of ``./dev bench files``.

A real server, real streams, and simulated members (`tests.members`), who are of the school whose file it is. Each writes
every two seconds; what the server could not save is sent again, as a browser does, and counted as failed.
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.rooms import ARRIVALS_A_SECOND, SETTLE_SECONDS, make_room, percentiles_of

if TYPE_CHECKING:
    from teams.directory.models import School
    from tests.members import Member

MEETINGS, PEOPLE, PAUSE_SECONDS = 2, 10, 2.0


def people_during(school: School, command: list[str]) -> tuple[str, str]:
    """Let people write before ``command`` runs, and while it does. Returns what it printed, and how they fared."""
    from django.db import connection

    from tests.members import Member
    from tests.processes import Programs

    programs = Programs({**os.environ}, Path(os.environ["DATA_DIR"]))
    try:
        rooms = [make_room(f"meeting{number}", PEOPLE, school) for number in range(MEETINGS)]
        address = programs.web()
        members = [Member(address, item, user) for item, users in rooms for user in users]
        connection.close()
        return asyncio.run(_meet(members, command))
    finally:
        programs.kill()


async def _meet(members: list[Member], command: list[str]) -> tuple[str, str]:
    pages = []
    for member in members:
        pages.append(asyncio.create_task(member.stay()))
        await asyncio.sleep(1 / ARRIVALS_A_SECOND)
    await asyncio.sleep(SETTLE_SECONDS)
    quiet = asyncio.create_task(asyncio.sleep(3 * SETTLE_SECONDS))
    await asyncio.gather(*(_write(member, number, quiet) for number, member in enumerate(members)))
    alone = _fared(members)
    for member in members:
        member.took.clear()
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    done = asyncio.create_task(process.communicate())
    await asyncio.gather(*(_write(member, number, done) for number, member in enumerate(members)))
    told, _none = await done
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    for member in members:
        await member.close()
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}.")
    return told.decode(), f"{_fared(members)}; before the file {alone}"


async def _write(member: Member, number: int, until: asyncio.Task[object]) -> None:
    dice = random.Random(number)  # noqa: S311 (no secret)
    pause = dice.uniform(0, PAUSE_SECONDS)
    while not (await asyncio.wait([until], timeout=pause))[0]:
        await member.say(
            f"Member {number}, thought {len(member.sent)}: half of the group reads below in winter"
        )
        pause = dice.uniform(0.5, 1.5) * PAUSE_SECONDS


def _fared(members: list[Member]) -> str:
    took = [seconds for member in members for seconds in member.took]
    failed = sum(len(member.failures) for member in members)
    found = percentiles_of(took)
    return (
        f"{len(took)} contributions, of which {failed} failed; median {found['p50']:.0f} ms, "
        f"p95 {found['p95']:.0f} ms, longest {found['max']:.0f} ms"
    )
