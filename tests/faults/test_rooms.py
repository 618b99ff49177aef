"""Full rooms on real servers: ten people at once, a killed server, two servers, and removed people."""

from __future__ import annotations

import asyncio
import random
from urllib.parse import urlsplit

import pytest
from django.db import connection

from collab.discussion.models import Contribution
from collab.meetings.services import roles
from collab.room.services import lifecycle
from teams.directory.models import Role, TeamMember
from tests.conftest import START, make_staff
from tests.factories.meetings import current
from tests.faults.pages import pages_of
from tests.members import Member
from tests.servers import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


EACH = 6


@pytest.fixture
def item(cast):
    """The current item of a live meeting of ten."""
    for n in range(8):
        person = make_staff(f"Member{n}", "Ten", cast.school, Role.TEACHER)
        TeamMember.objects.create(team=cast.team, staff=person, starts_on=START)
    return current(lifecycle.start_meeting(cast.meeting, actor=cast.ana))


@pytest.fixture
def join(item):
    """``join(address, …)``: the ten members with open pages, spread over the addresses."""

    def everybody(*addresses):
        people = [row.staff.user for row in item.meeting.team.members.select_related("staff__user")]
        return [Member(addresses[n % len(addresses)], item, user) for n, user in enumerate(people)]

    return everybody


async def write(member: Member, name: int) -> list[int]:
    dice, statuses = random.Random(name), []
    for n in range(EACH):
        await asyncio.sleep(dice.uniform(0, 0.4))
        statuses.append(await member.say(f"Member {name}, thought {n}"))
    return statuses


async def write_at_once(members: list[Member], meanwhile=None) -> list[list[str]]:
    """Everyone writes at once. Returns what each page shows from updates alone, before a full fetch."""
    async with pages_of(members):
        writing = asyncio.gather(*(write(member, n) for n, member in enumerate(members)))
        if meanwhile:
            await asyncio.to_thread(meanwhile)
        assert {status for mine in await writing for status in mine} <= {200, 204}
        async with asyncio.timeout(PATIENCE):
            while any(len(member.rows) < EACH * len(members) for member in members):
                await asyncio.sleep(0.05)
        grown = [member.texts for member in members]
        for member in members:
            await member.fetch(whole=True)
    return grown


def meet(item, members: list[Member], meanwhile=None) -> None:
    """Everything that ten people write at once appears once, in order, on every page."""
    grown = asyncio.run(write_at_once(members, meanwhile))
    kept = list(Contribution.objects.filter(item=item).order_by("pk").values_list("text", flat=True))
    texts = {f"Member {name}, thought {n}" for name in range(len(members)) for n in range(EACH)}
    assert (len(kept), set(kept)) == (len(texts), texts)
    for name in range(len(members)):
        mine = [text for text in kept if text.startswith(f"Member {name},")]
        assert mine == [f"Member {name}, thought {n}" for n in range(EACH)]
    assert [member.texts for member in members] == [kept] * len(members)
    assert [sorted(texts) for texts in grown] == [sorted(kept)] * len(members)


def test_what_ten_members_write_at_once_appears_once_in_order_on_every_page(item, join, programs):
    members = join(programs.web())
    meet(item, members)


def test_a_killed_server_loses_and_duplicates_nothing(item, join, programs):
    address = programs.web()
    members = join(address)

    def power_cut():
        wait_until(lambda: Contribution.objects.filter(item=item).count() >= 15, "Nobody writes.")
        connection.close()
        programs.started[-1].kill()
        programs.web(port=urlsplit(address).port)

    meet(item, members, meanwhile=power_cut)


def test_two_servers_notify_each_others_members(item, join, programs):
    members = join(programs.web(), programs.web())
    meet(item, members)


@pytest.mark.parametrize("who", ["member", "guest"])
def test_removed_members_receive_read_and_write_nothing_more(cast, item, programs, who):
    address = programs.web()
    if who == "guest":
        roles.invite_guest(item.meeting, actor=cast.ana, staff=cast.staff.gil)
    user = cast.gil if who == "guest" else cast.tom
    member, ana = Member(address, item, user), Member(address, item, cast.ana)

    async def meeting():
        async with pages_of([member, ana]):
            await member.say("While I was here")
            await asyncio.to_thread(send_out)
            async with asyncio.timeout(PATIENCE):
                while not member.is_out:
                    await asyncio.sleep(0.02)
            await ana.say("Among ourselves")
            return [await member.say("After"), await member.fetch()]

    def send_out():
        if who == "member":
            TeamMember.objects.get(team=cast.team, staff=cast.staff.tom).delete()
        else:
            roles.remove_guest(item.meeting, actor=cast.ana, staff=cast.staff.gil)
        connection.close()

    assert asyncio.run(meeting()) == [404, 404]
    assert member.heard[-1] == "signed-out"
    assert member.texts == ["While I was here"]
    assert not Contribution.objects.filter(text="After").exists()
