"""Planned meetings take over a protocol when asked: new steps, and nothing of people is lost."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from collab.adoption.queries import adoptable_meetings
from collab.adoption.services import adopt_protocol
from collab.agendas.models import AgendaItem
from collab.agendas.services import items
from collab.discussion import services as contributions
from collab.planning.services import meetings
from collab.protocols.models import Protocol
from collab.protocols.services import copy_protocol
from collab.room.services import lifecycle
from teams.lib import clock

SHORT = [
    ("Hello", 2, "inform", ""),
    ("Who needs help", 20, "discuss", "students"),
    ("Goodbye", 3, "reflect", ""),
]


@pytest.fixture
def ours(cast):
    """The team's copy of the weekly protocol, with other steps."""
    copy = copy_protocol(Protocol.objects.get(key="weekly"), actor=cast.ana, team=cast.team)
    copy.steps.all().delete()
    for place, (title, minutes, kind, reserved) in enumerate(SHORT, start=1):
        copy.steps.create(position=place, title=title, minutes=minutes, kind=kind, reserved_for=reserved)
    return copy


@pytest.fixture
def planned(cast):
    """A meeting with the weekly protocol."""
    return meetings.plan_meeting(
        cast.team, actor=cast.ana, title="Weekly", starts_at=clock.now() + dt.timedelta(days=30), minutes=45,
        protocol=Protocol.objects.get(key="weekly"),
    )  # fmt: skip


def lines(meeting):
    return list(meeting.items.order_by("position").values_list("title", "minutes"))


def test_steps_are_replaced_and_what_people_placed_stays_and_takes_its_minutes(cast, ours, planned):
    AgendaItem.objects.filter(meeting=planned).exclude(topic__kind="step").delete()
    item = items.add_item(planned, actor=cast.ana, title="Field trip", minutes=5)
    about = items.add_item(planned, actor=cast.ana, title="A child", minutes=6)
    AgendaItem.objects.filter(pk=about.pk).update(reserved_for="students")
    assert adopt_protocol(ours, actor=cast.ana, meetings=[planned]) == 1
    assert lines(planned) == [
        ("Hello", 2), ("Who needs help", 14), ("A child", 6), ("Field trip", 5), ("Goodbye", 3),
    ]  # fmt: skip
    planned.refresh_from_db()
    assert (planned.protocol, AgendaItem.objects.filter(pk=item.pk).exists()) == (ours, True)


def test_a_step_on_which_people_wrote_stays_with_its_words(cast, ours, planned):
    step = planned.items.filter(topic__kind="step").order_by("position").first()
    step.ask = "How are you?"
    step.save()
    contributions.answer_before(step, actor=cast.ana, text="Well", client_key=uuid.uuid4())
    adopt_protocol(ours, actor=cast.ana, meetings=[planned])
    kept = AgendaItem.objects.get(pk=step.pk)
    assert (kept.meeting, kept.contributions.get().text) == (planned, "Well")
    ours.steps.filter(position=1).update(title=step.title, minutes=7)
    adopt_protocol(ours, actor=cast.ana, meetings=[planned])
    assert AgendaItem.objects.get(pk=step.pk).minutes == 7


def test_adopting_twice_changes_nothing(cast, ours, planned):
    adopt_protocol(ours, actor=cast.ana, meetings=[planned])
    before = lines(planned)
    adopt_protocol(ours, actor=cast.ana, meetings=[planned])
    assert lines(planned) == before


def test_a_meeting_that_has_begun_keeps_its_steps(cast, ours, planned):
    before = lines(planned)
    lifecycle.start_meeting(planned, actor=cast.ana)
    assert (adopt_protocol(ours, actor=cast.ana, meetings=[planned]), lines(planned)) == (0, before)


def test_only_who_plans_for_the_team_decides_and_only_about_its_own_meetings(cast, ours, planned):
    with pytest.raises(PermissionDenied):
        adopt_protocol(ours, actor=cast.tom, meetings=[planned])
    ours.team = cast.other_team
    with pytest.raises(PermissionDenied):
        adopt_protocol(ours, actor=cast.ana, meetings=[planned])


def test_meetings_with_the_protocol_or_its_original_are_the_likely_choice(cast, ours, planned):
    found = adoptable_meetings(cast.ana, cast.school, ours)
    assert [(row.meeting, row.follows) for row in found] == [(cast.meeting, False), (planned, True)]
    assert adoptable_meetings(cast.tom, cast.school, ours) == []
