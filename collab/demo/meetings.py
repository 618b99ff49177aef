"""Past and coming meetings of every team, held with the services that a real team uses, each at its time."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from collab.agendas.services.exhibits import add_exhibit
from collab.demo import texts
from collab.demo.diary import Diary
from collab.demo.discussions import discuss, rate
from collab.demo.work import bring_work, score_apart
from collab.meetings.models import Meeting, Series
from collab.minutes.services import approve_minutes
from collab.planning.services.lapsing import expire_unstarted_meeting
from collab.planning.services.meetings import cancel_meeting, rename_meeting
from collab.planning.services.series import make_series
from collab.preparation.services.queue import fill_agenda_automatically
from collab.protocols.models import Protocol
from collab.room.services.clock import go_to_item
from collab.room.services.lifecycle import close_meeting, mark_attendance, start_meeting
from datareview.records.models import Measure
from teams.lib import clock
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    import numpy as np

    from collab.demo.people import SchoolData
    from teams.directory.models import Staff, User

SLOTS = [(0, 14, 15), (1, 10, 10), (2, 9, 10), (3, 13, 20), (4, 8, 15)]
IN_DRAFT = dt.timedelta(days=8)  # minutes of these days are not approved yet


def plan_meetings(place: SchoolData, rng: np.random.Generator, weeks: int) -> list[Diary]:
    """Plan the meetings of each team for the school year, ``weeks`` weeks ago."""
    weekly, support = Protocol.objects.get(key="weekly"), Protocol.objects.get(key="support")
    monday = place.today - dt.timedelta(weeks=weeks, days=place.today.weekday())
    diaries = []
    for index, team in enumerate(place.teams):
        protocol = support if team.kind == "intervention" else weekly
        weekday, hour, minute = SLOTS[(index + 2) % 5]
        members = team.members.select_related("staff__user").order_by("-is_lead", "pk")
        diary = Diary(team, [member.staff for member in members], place, rng)
        with clock.stopped_at(place.school.at(max(monday, place.years[-1].starts_on), dt.time(7))):
            make_series(
                team,
                actor=diary.people[0].user,
                title=protocol.name,
                pattern=Series.Pattern.WEEKS,
                weekday=weekday,
                every=team.meets_every_days // 7,
                starts_at=dt.time(hour, minute),
                minutes=sum(step.minutes for step in protocol.steps.all()),
                starts_on=place.years[-1].starts_on,
                ends_on=place.years[-1].ends_on,
                place=f"Room {11 + index}",
                protocol=protocol,
            )
        diaries.append(diary)
    return diaries


def hold_meetings(diaries: list[Diary], until: dt.date) -> None:
    """Hold the meetings of each team before ``until``, and do what its members do between them."""
    for diary in diaries:
        end = diary.place.school.at(until, dt.time(0))
        for meeting in diary.team.meetings.filter(state=Meeting.State.PLANNED, ends_at__lt=end).order_by(
            "starts_at"
        ):
            diary.catch_up(meeting.starts_at)
            _meet(diary, meeting, is_last=meeting.starts_at > end - dt.timedelta(days=14))
        diary.catch_up(min(end, clock.now()))


def prepare_next_meetings(diaries: list[Diary]) -> None:
    """Give the next two meetings of each team their questions, and fill the agenda of the first."""
    for diary in diaries:
        coming = diary.team.meetings.filter(state=Meeting.State.PLANNED, starts_at__gt=clock.now()).order_by(
            "starts_at"
        )
        for meeting in coming[:2]:
            _ask(diary, meeting)
        if following := coming.first():
            fill_agenda_automatically(following)
            with request_cache():
                bring_work(diary, following)


def _ask(diary: Diary, meeting: Meeting, question: str = "") -> None:
    question = question or diary.fill(str(diary.rng.choice(texts.TITLES)))
    rename_meeting(meeting, actor=diary.people[0].user, title=question)


def _meet(diary: Diary, meeting: Meeting, *, is_last: bool) -> None:
    """Hold a meeting; one in seventeen is canceled, one in twenty-five forgotten."""
    luck = diary.rng.random()
    with clock.stopped_at(meeting.starts_at - dt.timedelta(hours=1)), request_cache():
        if luck < 0.06:
            cancel_meeting(meeting, actor=diary.people[0].user, reason="Assembly")
            return
        _ask(diary, meeting)
        if is_last:
            show_classes(diary.place, meeting, actor=diary.people[0].user)
            bring_work(diary, meeting)
    if luck < 0.1:
        night = diary.place.school.at(meeting.ends_at.date() + dt.timedelta(days=1), dt.time(2))
        diary.later(night, partial(expire_unstarted_meeting, meeting))
        return
    with request_cache():
        _hold(diary, meeting)


def show_classes(place: SchoolData, meeting: Meeting, *, actor: User) -> None:
    """Add the classes' results in the reading benchmark to the agenda; closing the meeting freezes the chart."""
    item = meeting.items.filter(kind="explore").first()
    measure = Measure.objects.get(school=place.school, key="reading-benchmark")
    parameters = {"team": str(meeting.team.uuid), "measure": str(measure.uuid)}
    if item:
        add_exhibit(item, actor=actor, view="class_windows", parameters=parameters)


def _hold(diary: Diary, meeting: Meeting) -> None:
    facilitator = meeting.facilitator or diary.people[0]
    at = meeting.starts_at
    with clock.stopped_at(at):
        start_meeting(meeting, actor=facilitator.user)
        here = _arrive(diary, meeting, facilitator)
    items = list(meeting.items.order_by("position", "pk"))
    for item in items:
        if item is not items[0]:
            if item is items[-1] and diary.rng.random() < 0.15:
                break  # time is up
            with clock.stopped_at(at):
                go_to_item(meeting, actor=facilitator.user, item_uuid=str(item.uuid), anyway=True)
        with clock.stopped_at(at + dt.timedelta(minutes=1)):
            discuss(diary, meeting, item, facilitator, here)
            score_apart(diary, item, here)
        at += dt.timedelta(seconds=int(item.minutes * 60 * diary.rng.uniform(0.7, 1.35)))
    with clock.stopped_at(at):
        close_meeting(meeting, actor=facilitator.user)
    with clock.stopped_at(at + dt.timedelta(minutes=5)):
        rate(diary, meeting, here)
    if clock.now() - meeting.starts_at > IN_DRAFT:
        diary.later(at + dt.timedelta(days=1), partial(approve_minutes, meeting, actor=facilitator.user))


def _arrive(diary: Diary, meeting: Meeting, facilitator: Staff) -> list[Staff]:
    """Mark everyone's attendance. Returns those who are there."""
    here = [facilitator]
    for staff in diary.people:
        mark = str(diary.rng.choice(["present", "late", "remote", "absent"], p=[0.8, 0.08, 0.04, 0.08]))
        mark = "present" if staff == facilitator else mark
        mark_attendance(meeting, actor=facilitator.user, staff_uuid=str(staff.uuid), mark=mark)
        if mark != "absent" and staff != facilitator:
            here.append(staff)
    return here
