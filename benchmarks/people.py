"""Twenty people who click every two seconds, and as fast as pages come: a part of ``./dev bench pages``.

Two server processes, which the people share, answer our pages; two others answer plain Django pages of the same rows
(`benchmarks.plain`), to the same people in the same rhythm. All of it runs on this machine.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.rooms import megabytes_of, percentiles_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teams.directory.models import School, User
    from tests.processes import Programs

PEOPLE, SERVERS, PAUSE_SECONDS, WARM_SECONDS = 20, 2, 2.0, 10.0


@dataclass(frozen=True, slots=True)
class PeopleResult:
    """What people waited for: milliseconds from a click to the whole page, pages a second, megabytes of the servers."""

    site: str
    database: str
    pause: float
    clicks: int
    pages_a_second: float
    p50: float
    p95: float
    megabytes_before: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a session, the server they use, and the pages they open."""

    server: str
    cookies: dict[str, str]
    addresses: Sequence[str]


def measure_people(school: School, database: str, *, seconds: float) -> list[PeopleResult]:
    """Click on our pages and on plain ones, with a pause and without."""
    from benchmarks.pages import pages_of_the_demo
    from tests.processes import Programs

    users = _users(school)
    sites = {
        "Collab": ({}, [_addresses_of(user) for user in users]),
        "plain Django": (
            {"DJANGO_SETTINGS_MODULE": "benchmarks.plain_settings"},
            [[f"/{number}/" for number in range(len(pages_of_the_demo()))]] * len(users),
        ),
    }
    found = []
    for site, (settings, addresses) in sites.items():
        programs = Programs({**os.environ, **settings}, Path(os.environ["DATA_DIR"]))
        try:
            servers = [programs.web() for _ in range(SERVERS)]
            people = [
                Person(servers[number % SERVERS], session_of(user), theirs)
                for number, (user, theirs) in enumerate(zip(users, addresses, strict=True))
            ]
            asyncio.run(_click(people, 0, min(seconds, WARM_SECONDS)))
            found += [
                _measured(programs, people, site, database, pause, seconds) for pause in (PAUSE_SECONDS, 0.0)
            ]
        finally:
            programs.kill()
    return found


def _measured(
    programs: Programs, people: Sequence[Person], site: str, database: str, pause: float, seconds: float
) -> PeopleResult:
    before = megabytes_of(programs.started)
    took = asyncio.run(_click(people, pause, seconds))
    waited = percentiles_of(took)
    return PeopleResult(
        site=site,
        database=database,
        pause=pause,
        clicks=len(took),
        pages_a_second=round(len(took) / seconds, 1),
        p50=waited["p50"],
        p95=waited["p95"],
        megabytes_before=before,
        megabytes=megabytes_of(programs.started),
    )


def _users(school: School) -> list[User]:
    """Twenty people of the school, those of teams first."""
    from teams.directory.models import Staff

    staff = Staff.objects.active().filter(school=school).select_related("user")
    order = sorted(staff, key=lambda one: (not one.memberships.exists(), one.pk))
    return [one.user for one in order[:PEOPLE]]


def _addresses_of(user: User) -> list[str]:
    """The pages that someone opens: Home, lists, Data, a team, its next meeting, and three students."""
    from django.urls import reverse

    from collab.meetings.models import Meeting
    from datareview.records.permissions import students_visible_to
    from teams.access.permissions import own_teams

    teams = list(own_teams(user).order_by("pk")[:1])
    coming = Meeting.objects.filter(team__in=teams, state=Meeting.State.PLANNED).order_by("starts_at")
    rows = [*teams, *coming[:1], *students_visible_to(user).order_by("pk")[:3]]
    names = [
        "collab:home-show",
        "collab:meeting-list",
        "datareview:student-list",
        "datareview:dashboard-show",
    ]
    return [*map(reverse, names), *(row.get_absolute_url() for row in rows)]


def session_of(user: User) -> dict[str, str]:
    """The cookie of a new session of ``user``."""
    from django.conf import settings
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="teams.account.backends.ScopeBackend")
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


async def _click(people: Sequence[Person], pause: float, seconds: float) -> list[float]:
    """Let everyone click for some seconds, ``pause`` apart on average. Returns the seconds of each click."""
    until = time.monotonic() + seconds
    found = await asyncio.gather(
        *(_one(person, pause, until, random.Random(number)) for number, person in enumerate(people))  # noqa: S311 (no secret)
    )
    return [took for one in found for took in one]


async def _one(person: Person, pause: float, until: float, dice: random.Random) -> list[float]:
    import httpx

    took = []
    async with httpx.AsyncClient(base_url=person.server, cookies=person.cookies, timeout=60) as browser:
        await asyncio.sleep(dice.uniform(0, pause))
        while (began := time.monotonic()) < until:
            answer = await browser.get(dice.choice(person.addresses))
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.url} answered {answer.status_code}.")
            took.append(time.monotonic() - began)
            await asyncio.sleep(max(0.0, dice.uniform(0.5, 1.5) * pause - took[-1]))
    return took


def table_of_people(rows: Sequence[PeopleResult]) -> list[str]:
    """The results as Markdown."""
    lines = [
        "| twenty people, two server processes | database | every | clicks | waited p50 / p95 | pages a second | memory |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    return lines + [
        f"| {row.site} | {row.database} | {f'{row.pause:.0f} s' if row.pause else 'no pause'} | {row.clicks} "
        f"| {row.p50:.0f} / {row.p95:.0f} ms | {row.pages_a_second:.1f} | {row.megabytes_before:.0f} → "
        f"{row.megabytes:.0f} MB |"
        for row in rows
    ]
