"""Past and coming meetings of every team, held with the services that a real team uses, each at its time."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from collab.actions.services import finish_action, make_action
from collab.agendas.services.exhibits import add_exhibit
from collab.decisions.services.checks import check_decision, record_check
from collab.decisions.services.decisions import cast_consensus_vote, decide
from collab.demo import texts
from collab.discussion.services import add_contribution, toggle_agreement
from collab.feedback.models import PulseAnswer, PulseQuestion
from collab.feedback.services import rate_meeting
from collab.followup.services.causes import add_cause, commit_to_change, record_trial
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
from teams.lib.errors import DomainError
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from collab.actions.models import Action
    from collab.agendas.models import AgendaItem
    from collab.decisions.models import Decision
    from collab.demo.people import SchoolData
    from teams.directory.models import Staff, Team, User

SLOTS = [(0, 14, 15), (1, 10, 10), (2, 9, 10), (3, 13, 20), (4, 8, 15)]
GAIN = 8  # words a minute that a team hopes for
SMALLEST = 5  # students behind a measured decision
RECENT = dt.timedelta(days=13)  # action items of these days are mostly open
IN_DRAFT = dt.timedelta(days=8)  # minutes of these days are not approved yet
_order = count()


@dataclass
class Diary:
    """What a team does between its meetings, by time."""

    team: Team
    people: list[Staff]
    place: SchoolData
    rng: np.random.Generator
    coming: list[tuple[dt.datetime, int, Callable[[], object]]] = field(default_factory=list)

    def later(self, moment: dt.datetime, work: Callable[[], object]) -> None:
        """Do ``work`` at ``moment``, unless that is in the future."""
        heappush(self.coming, (moment, next(_order), work))

    def catch_up(self, until: dt.datetime) -> None:
        """Do what is due before ``until``."""
        while self.coming and self.coming[0][0] < until:
            moment, _n, work = heappop(self.coming)
            with clock.stopped_at(moment), request_cache():
                work()

    def some(self, lines: list[str], least: int, most: int) -> list[str]:
        """Between ``least`` and ``most`` of ``lines``, with their blanks filled in."""
        size = int(self.rng.integers(least, most + 1))
        return [self.fill(str(text)) for text in self.rng.choice(lines, size=size, replace=False)]

    def fill(self, text: str) -> str:
        """Fill in the blanks of a text."""
        return text.format(
            n=int(self.rng.integers(2, 8)),
            m=int(self.rng.integers(8, 12)),
            k=int(self.rng.integers(4, 15)),
            day=self.rng.choice(["Tuesday", "Wednesday", "Thursday"]),
            standard=self.rng.choice(texts.STANDARDS),
            month=self.rng.choice(["September", "October"]),
        )

    def one_of(self, people: list[Staff]) -> Staff:
        """One of ``people``, by chance."""
        return people[int(self.rng.integers(len(people)))]

    def key(self) -> uuid.UUID:
        """A key of a form."""
        return uuid.UUID(bytes=self.rng.bytes(16))


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
            _discuss(diary, meeting, item, facilitator, here)
        at += dt.timedelta(seconds=int(item.minutes * 60 * diary.rng.uniform(0.7, 1.35)))
    with clock.stopped_at(at):
        close_meeting(meeting, actor=facilitator.user)
    with clock.stopped_at(at + dt.timedelta(minutes=5)):
        _rate(diary, meeting, here)
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


def _discuss(diary: Diary, meeting: Meeting, item: AgendaItem, facilitator: Staff, here: list[Staff]) -> None:
    if before := item.topic.decision:
        if diary.rng.random() < 0.7:
            verdict = str(diary.rng.choice(list(texts.VERDICTS)))
            done_as, judged = texts.VERDICTS[verdict]
            judged = "" if before.is_measured else judged
            record_check(before, actor=facilitator.user, done_as=done_as, judged=judged)
            decide(item, actor=facilitator.user, text=verdict, check_on=None, client_key=diary.key())
    elif item.kind == "explore":
        _say(diary, item, "notice", diary.some(texts.NOTICES, 2, 4), here)
        _say(diary, item, "wonder", diary.some(texts.WONDERS, 1, 2), here)
        if diary.rng.random() < 0.65:
            _find_cause(diary, meeting, item, here)
    elif item.kind == "decide" and item.topic.kind == "step":
        _say(diary, item, "idea", diary.some(texts.IDEAS, 1, 1), here)
        _say(diary, item, "note", diary.some(texts.NOTES, 0, 1), here)
        for text in diary.some(texts.DECISIONS, 1, 2):
            _decide(diary, meeting, item, text, facilitator, here)
        for text in diary.some(texts.ACTIONS, 2, 4):
            _promise(diary, meeting, item, text, facilitator)


def _say(diary: Diary, item: AgendaItem, kind: str, lines: list[str], here: list[Staff]) -> None:
    for text in lines:
        author = diary.one_of(here)
        row = add_contribution(item, actor=author.user, kind=kind, text=text, client_key=diary.key())
        for staff in here:
            if staff != author and diary.rng.random() < 0.2:
                toggle_agreement(row, actor=staff.user)


def _find_cause(diary: Diary, meeting: Meeting, item: AgendaItem, here: list[Staff]) -> None:
    """Add a cause; for one in instruction, a teacher changes something and mostly reports what happened."""
    author = diary.one_of(here)
    kind, text = texts.CAUSES[int(diary.rng.integers(len(texts.CAUSES)))]
    add_cause(item, actor=author.user, kind=kind, text=text, client_key=diary.key())
    if kind != "instruction":
        return
    text, saw = texts.CHANGES[int(diary.rng.integers(len(texts.CHANGES)))]
    change = commit_to_change(item, actor=author.user, text=text, client_key=diary.key())
    if saw:
        tried_on = meeting.starts_at.date() + dt.timedelta(days=2)
        diary.later(
            meeting.starts_at + dt.timedelta(days=2),
            partial(record_trial, change, actor=author.user, tried_on=tried_on, saw=saw),
        )


def _decide(
    diary: Diary, meeting: Meeting, item: AgendaItem, text: str, facilitator: Staff, here: list[Staff]
) -> None:
    check_on = meeting.starts_at.date() + dt.timedelta(weeks=int(diary.rng.integers(3, 7)))
    decision = (
        _measured(diary, item, text, check_on, facilitator) if text.startswith(texts.MEASURED) else None
    )
    decision = decision or decide(
        item, actor=facilitator.user, text=text, check_on=check_on, client_key=diary.key()
    )
    for staff in here:
        cast_consensus_vote(decision, actor=staff.user, fingers=int(diary.rng.integers(3, 6)))


def _measured(
    diary: Diary, item: AgendaItem, text: str, check_on: dt.date, facilitator: Staff
) -> Decision | None:
    """A decision whose result is measured, if enough students have scores; checked on its day."""
    fluency = Measure.objects.get(school=diary.place.school, key="orf")
    for cohort in ("below", "team"):
        try:
            decision = decide(
                item,
                actor=facilitator.user,
                text=text,
                check_on=check_on,
                client_key=diary.key(),
                measure=fluency,
                cohort=cohort,
            )
        except DomainError:
            continue
        diary.later(diary.place.school.at(check_on, dt.time(6)), partial(check_decision, decision))
        return decision
    return None


def _promise(diary: Diary, meeting: Meeting, item: AgendaItem, text: str, facilitator: Staff) -> None:
    """Add an action item: most get done, some of the last weeks are open or overdue, and some are dropped."""
    owner = diary.one_of(diary.people)
    due = meeting.starts_at.date() + dt.timedelta(days=int(diary.rng.integers(3, 12)))
    due += dt.timedelta(days={5: 2, 6: 1}.get(due.weekday(), 0))
    action = make_action(
        item, actor=facilitator.user, text=text, owner=owner, due_on=due, client_key=diary.key()
    )
    luck, is_recent = (
        diary.rng.random(),
        clock.now() > diary.place.school.at(diary.place.today, dt.time(0)) - RECENT,
    )
    if luck < 0.04 or (is_recent and luck < 0.6):
        return
    reason = str(diary.rng.choice(texts.REASONS)) if luck > 0.94 else ""
    finished = meeting.starts_at + dt.timedelta(days=int(diary.rng.integers(2, 7)), hours=3)
    diary.later(finished, partial(_finish, action, owner, reason))


def _finish(action: Action, owner: Staff, reason: str) -> None:
    finish_action(action, actor=owner.user, state="dropped" if reason else "done", reason=reason)


def _rate(diary: Diary, meeting: Meeting, here: list[Staff]) -> None:
    """Give feedback, mostly positive and better from week to week."""
    weeks = (diary.place.today - meeting.starts_at.date()).days / 7
    yes = min(0.9, max(0.35, 0.85 - 0.04 * weeks))
    chances = [yes, 0.7 * (1 - yes), 0.3 * (1 - yes)]
    answers = [PulseAnswer.YES.value, PulseAnswer.SO_SO.value, PulseAnswer.NO.value]
    for staff in here:
        given = {question: str(diary.rng.choice(answers, p=chances)) for question in PulseQuestion.values}
        rate_meeting(meeting, actor=staff.user, answers=given)
