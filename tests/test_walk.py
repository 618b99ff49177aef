"""Every address with every member of the cast: who sees it, who is told no, and that nothing leaks.

A new address must be added to `PAGES`; `test_every_address_is_walked` fails until it is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from collab.discussion.models import Contribution
from collab.followup.models import Question, TeachingChange
from collab.meetings.models import CalendarFeed, Meeting, Series
from collab.observations.models import PeerObservation
from collab.polls.models import Poll
from collab.protocols.models import Protocol
from datareview.imports.models import Import
from datareview.runs.models import TrendRun
from teams.directory.models import Holiday, Period, Term
from teams.jobs.models import Job
from teams.lib import clock
from teams.mail.models import Mail

if TYPE_CHECKING:
    from types import SimpleNamespace

PEOPLE = ["ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed"]
EVERYBODY = dict.fromkeys(PEOPLE, 200)


def only(*names: str, others: int = 404) -> dict[str, int]:
    """200 for ``names``, ``others`` for everybody else."""
    return {name: 200 if name in names else others for name in PEOPLE}


MEMBERS = only("ana", "tom", "cora", "pia", "ada")
SEES_MAYA = only("ana", "tom", "sol", "cora", "pia", "ada")
ADMIN = only("ada", others=403)

# Address name → (arguments from the cast, expected status of a GET for each person).
PAGES: dict[str, tuple[Any, dict[str, int]]] = {
    "collab:home-show": (None, EVERYBODY),
    "collab:overview-show": (None, only("cora", "pia", "ada", others=403)),
    "collab:team-detail": (lambda cast: [cast.team.uuid], MEMBERS),
    "collab:meeting-list": (None, EVERYBODY),
    "collab:meeting-plan": (None, {**only("ana", "cora", others=403), "zed": 200}),
    "collab:meeting-detail": (lambda cast: [cast.meeting.uuid], MEMBERS),
    "collab:item-edit": (lambda cast: [cast.item.uuid], MEMBERS),
    "collab:exhibit-show": (lambda cast: [cast.item.uuid, cast.exhibit.uuid], MEMBERS),
    "collab:action-detail": (lambda cast: [cast.action.uuid], MEMBERS),
    "collab:meeting-move": (
        lambda cast: [cast.meeting.uuid],
        {
            name: 200 if name in ("ana", "cora") else 403 if code == 200 else 404
            for name, code in MEMBERS.items()
        },
    ),
    "collab:contribution-menu": (lambda cast: [cast.meeting.uuid, cast.contribution.uuid], MEMBERS),
    "collab:contribution-edit": (lambda cast: [cast.meeting.uuid, cast.contribution.uuid], only("ana")),
    "collab:change-tick": (lambda cast: [cast.change.uuid], only("tom")),
    "collab:finder-show": (None, EVERYBODY),
    "collab:poll-list": (None, EVERYBODY),
    "collab:poll-new": (None, only("ana", "tom", "cora", "zed", others=403)),
    "collab:poll-detail": (lambda cast: [cast.poll.uuid], only("ana", "tom", "cora", "gil")),
    "collab:schedule-list": (None, only("cora", "pia", "ada", others=403)),
    "collab:schedule-detail": (lambda cast: [cast.schedule.uuid], only("cora", "pia", "ada")),
    "collab:series-new": (None, {**only("ana", "cora", others=403), "zed": 200}),
    "collab:series-detail": (lambda cast: [cast.series.uuid], MEMBERS),
    "collab:protocol-list": (None, EVERYBODY),
    "collab:protocol-detail": (lambda cast: [cast.protocol.uuid], MEMBERS),
    "collab:protocol-edit": (
        lambda cast: [cast.protocol.uuid],
        {
            name: 200 if name in ("ana", "tom", "cora") else 403 if code == 200 else 404
            for name, code in MEMBERS.items()
        },
    ),
    "collab:question-list": (None, EVERYBODY),
    "collab:feed-list": (None, EVERYBODY),
    "teams:mail-preferences": (None, EVERYBODY),
    "teams:calendar-show": (None, EVERYBODY),
    "teams:bells-show": (None, EVERYBODY),
    "teams:timetable-show": (None, EVERYBODY),
    "teams:timetable-load": (None, only("cora", "pia", "ada", others=403)),
    "teams:timetable-template": (None, only("cora", "pia", "ada", others=403)),
    "teams:period-change": (
        lambda cast: [cast.period.pk],
        only("cora", "pia", "ada", others=403),
    ),
    "teams:mail-list": (None, ADMIN),
    "collab:minutes-list": (None, EVERYBODY),
    "collab:ledger-show": (lambda cast: [cast.team.uuid], MEMBERS),
    "collab:minutes-staff": (lambda cast: [cast.minutes.uuid], {**EVERYBODY, "zed": 404}),
    "collab:value-show": (lambda cast: [cast.team.uuid], only("ana", "tom")),
    "collab:search-show": (None, EVERYBODY),
    "collab:observation-list": (None, EVERYBODY),
    "collab:observation-new": (None, {**EVERYBODY, "ada": 403}),
    "collab:observation-detail": (lambda cast: [cast.observation.uuid], only("tom", "gil")),
    "datareview:student-list": (None, EVERYBODY),
    "datareview:student-detail": (lambda cast: [cast.maya.uuid], SEES_MAYA),
    "datareview:dashboard-show": (None, EVERYBODY),
    "datareview:report-show": (None, EVERYBODY),
    "datareview:rule-list": (None, only("cora", "pia", "ada", others=403)),
    "datareview:rule-edit": (lambda cast: [cast.flag.rule.uuid], {**only("cora", "ada"), "pia": 403}),
    "datareview:run-list": (None, only("cora", "pia", "ada", others=403)),
    "datareview:run-detail": (lambda cast: [cast.run.uuid], only("cora", "pia", "ada")),
    "datareview:candidate-list": (None, EVERYBODY),
    "datareview:candidate-detail": (lambda cast: [cast.candidate.uuid], SEES_MAYA),
    "datareview:candidate-options": (
        lambda cast: [cast.candidate.uuid],
        {
            name: 302 if name in ("cora", "pia") else 403 if code == 200 else 404
            for name, code in SEES_MAYA.items()
        },
    ),
    "datareview:plan-list": (None, EVERYBODY),
    "datareview:plan-start": (None, only(others=404)),
    "datareview:plan-review": (
        lambda cast: [cast.plan.uuid],
        only("cora", "pia", "sol", others=403) | {"gil": 404, "zed": 404},
    ),
    "datareview:plan-detail": (lambda cast: [cast.plan.uuid], SEES_MAYA),
    "datareview:import-list": (None, ADMIN),
    "datareview:import-template": (lambda cast: ["scores"], ADMIN),
    "datareview:import-detail": (lambda cast: [cast.file.uuid], only("ada")),
    "datareview:import-problems": (lambda cast: [cast.file.uuid], only("ada")),
    "teams:job-list": (None, ADMIN),
    "teams:job-detail": (lambda cast: [cast.job.uuid], only("ada")),
}

# Addresses that only take a POST: a GET answers 405 to everybody, and each has tests of its own.
POSTS: dict[str, Any] = {
    "collab:schedule-accept": lambda cast: [cast.schedule.uuid],
    **{f"collab:poll-{verb}": lambda cast: [cast.poll.uuid] for verb in ("answer", "remind", "close")},
    **{
        f"collab:meeting-{verb}": lambda cast: [cast.meeting.uuid]
        for verb in ("start", "close", "reopen", "discard", "cancel", "give-back")
    },
    **{
        f"collab:{name}": lambda cast: [cast.meeting.uuid]
        for name in (
            "items-order",
            "agenda-fill",
            "entry-take",
            "entry-defer",
            "entry-drop",
            "entry-restore",
            "guest-add",
            "pulse-add",
        )
    },
    **{
        f"collab:{name}": lambda cast: [cast.meeting.uuid, cast.item.uuid]
        for name in ("cause-add", "teaching-add", "question-ask", "item-park", "cluster-vote")
    },
    **{
        f"collab:contribution-{verb}": lambda cast: [cast.meeting.uuid, cast.contribution.uuid]
        for verb in ("remove", "vote", "group")
    },
    **{
        f"collab:{name}": lambda cast: [cast.meeting.uuid, cast.exhibit.uuid]
        for name in ("prediction-add", "exhibit-lift")
    },
    "collab:item-writing": lambda cast: [cast.meeting.uuid, cast.item.uuid, "private"],
    "collab:word-withdraw": lambda cast: [cast.meeting.uuid, "cause", cast.item.uuid],
    "collab:item-answer": lambda cast: [cast.item.uuid],
    "collab:exhibit-predict": lambda cast: [cast.item.uuid, cast.exhibit.uuid],
    "collab:exhibit-remove": lambda cast: [cast.item.uuid, cast.exhibit.uuid],
    "collab:exhibit-add": lambda cast: [cast.item.uuid],
    "collab:chart-propose": lambda cast: [cast.maya.uuid],
    "collab:role-set": lambda cast: [cast.meeting.uuid, "recorder"],
    "collab:guest-remove": lambda cast: [cast.meeting.uuid, cast.staff.gil.uuid],
    **{
        f"collab:minutes-{verb}": lambda cast: [cast.minutes.uuid]
        for verb in ("approve", "withdraw", "correct", "people")
    },
    "collab:series-extend": lambda cast: [cast.series.uuid],
    "collab:strays-cancel": None,
    **{
        f"collab:observation-{verb}": lambda cast: [cast.observation.uuid]
        for verb in ("agree", "off", "seen", "debrief", "share")
    },
    "collab:value-share": lambda cast: [cast.team.uuid],
    "collab:evidence-add": lambda cast: [cast.observation.uuid],
    "collab:evidence-remove": lambda cast: [cast.observation.uuid, cast.observation.uuid],
    "collab:protocol-copy": lambda cast: [cast.protocol.uuid],
    "collab:protocol-retire": lambda cast: [cast.protocol.uuid],
    "collab:question-answer": lambda cast: [cast.question.uuid],
    **{
        f"collab:{name}": lambda cast: [cast.meeting.uuid, cast.item.uuid]
        for name in ("contribution-add", "decision-add", "action-add", "item-go")
    },
    "collab:contribution-agree": lambda cast: [cast.meeting.uuid, cast.item.uuid],
    "collab:decision-vote": lambda cast: [cast.meeting.uuid, cast.item.uuid, 3],
    "collab:clock-add": lambda cast: [cast.meeting.uuid],
    "collab:attendance-mark": lambda cast: [cast.meeting.uuid, cast.staff.ana.uuid, "late"],
    "collab:item-add": lambda cast: [cast.meeting.uuid],
    "collab:item-move": lambda cast: [cast.item.uuid, "up"],
    "collab:item-remove": lambda cast: [cast.item.uuid],
    "collab:candidate-propose": lambda cast: [cast.candidate.uuid],
    "collab:plan-propose": lambda cast: [cast.plan.uuid],
    "collab:exhibit-propose": lambda cast: [cast.team.uuid],
    "collab:action-finish": lambda cast: [cast.action.uuid, "done"],
    "datareview:candidates-decide": None,
    "datareview:run-start": None,
    "datareview:rule-adopt": lambda cast: ["chronic-absence"],
    "datareview:candidate-decide": lambda cast: [cast.candidate.uuid],
    "datareview:session-log": lambda cast: [cast.plan.uuid],
    "datareview:score-enter": lambda cast: [cast.plan.uuid],
    "collab:feed-make": None,
    **dict.fromkeys(
        f"teams:{name}"
        for name in ("year-add", "holiday-add", "cycle-set", "period-add", "day-copy", "duty-set")
    ),
    "teams:year-change": lambda cast: [cast.school.years.get().uuid],
    "teams:term-add": lambda cast: [cast.school.years.get().uuid],
    "teams:term-remove": lambda cast: [cast.term.uuid],
    "teams:holiday-remove": lambda cast: [cast.holiday.pk],
    "collab:feed-revoke": lambda cast: [cast.feed.uuid],
    "teams:mail-retry": lambda cast: [cast.letter.uuid],
    "collab:norms-set": lambda cast: [cast.team.uuid],
    "datareview:projector-switch": None,
    "teams:school-switch": None,
    "teams:language-switch": None,
    **{f"datareview:import-{verb}": lambda cast: [cast.file.uuid] for verb in ("check", "apply", "undo")},
}

# Addresses that need no sign-in, or are tested on their own; each with its reason.
ELSEWHERE = {
    "health-show": "public, says nothing about anybody",
    "datareview:plan-start": "asks for ?student= or ?candidate=; tests/datareview/plans/test_views.py",
    "teams:demo-sign-in": "exists in a demo only; tests/teams/account/test_demo.py",
    "datareview:report-download": "a PDF; tests/datareview/reports/test_reports.py reads it",
    "collab:feed-read": "public for who has its token; tests/collab/meetings/test_feeds.py",
    "collab:minutes-download": "a PDF; tests/collab/minutes/test_views.py reads it",
    "collab:meeting-stream": "tells an expired session so; tests/collab/room/test_stream.py",
}


def own_addresses() -> list[str]:
    """Names of every address of ours; sign-in pages belong to allauth."""

    def walk(patterns: list[Any], namespace: str) -> list[str]:
        names = []
        for pattern in patterns:
            if isinstance(pattern, URLPattern) and pattern.name:
                names.append(f"{namespace}{pattern.name}")
            elif isinstance(pattern, URLResolver) and "allauth" not in str(pattern.urlconf_name):
                prefix = f"{pattern.namespace}:" if pattern.namespace else namespace
                names += walk(pattern.url_patterns, prefix)
        return names

    return walk(get_resolver().url_patterns, "")


def test_every_address_is_walked():
    assert sorted(own_addresses()) == sorted({*PAGES, *POSTS, *ELSEWHERE})


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize("person", PEOPLE)
def test_a_page_answers_each_of_the_cast(cast, whole_cast, as_user, name, person):
    arguments, expected = PAGES[name]
    response = as_user(getattr(cast, person)).get(
        reverse(name, args=arguments(whole_cast) if arguments else None)
    )
    assert response.status_code == expected[person], f"{person} at {name}"
    if response.status_code == 200 and not response.streaming:
        assert_nothing_leaks(cast, person, response.content.decode())


@pytest.mark.parametrize("name", sorted(POSTS))
@pytest.mark.parametrize("person", PEOPLE)
def test_an_action_refuses_a_get(cast, whole_cast, as_user, name, person):
    address = reverse(name, args=POSTS[name](whole_cast) if POSTS[name] else None)
    assert as_user(getattr(cast, person)).get(address).status_code == 405


@pytest.mark.parametrize("name", sorted({*PAGES, *POSTS}))
def test_nobody_gets_in_without_signing_in(whole_cast, client, name):
    arguments = PAGES[name][0] if name in PAGES else POSTS[name]
    address = reverse(name, args=arguments(whole_cast) if arguments else None)
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def assert_nothing_leaks(cast: SimpleNamespace, person: str, page: str) -> None:
    """No name of a student whom ``person`` may not see stands on the page."""
    hidden = {
        "zed": ["Okafor", "Weber", "Duarte"],
        "gil": ["Okafor", "Weber", "Duarte", "Stranger"],
        "sol": ["Weber", "Duarte", "Stranger"],
    }
    for name in hidden.get(person, ["Stranger"]):
        assert name not in page, f"{person} reads {name}"


@pytest.fixture
def whole_cast(cast):
    """The cast with one row of everything that has an address."""
    cast.item = cast.meeting.items.first()
    _whole_meeting(cast)
    cast.file = Import.objects.create(
        school=cast.school,
        uploaded_by=cast.ada,
        name="scores.csv",
        kind="scores",
        columns=["student_id", "score"],
    )
    cast.observation = PeerObservation.objects.create(
        school=cast.school, host=cast.staff.tom, observer=cast.staff.gil, focus="Who answers?"
    )
    cast.schedule = cast.school.schedules.create(settings={})
    cast.poll = Poll.objects.create(
        team=cast.team, title="When can you?", made_by=cast.ana, closes_on=cast.school.today()
    )
    cast.poll.people.create(staff=cast.staff.tom)
    cast.poll.people.create(staff=cast.staff.gil)
    cast.run = TrendRun.objects.create(school=cast.school, trigger="nightly", as_of=cast.school.today())
    cast.job = Job.objects.create(kind="datareview.run_part", school=cast.school)
    return cast


def _whole_meeting(cast: SimpleNamespace) -> None:
    """A row of everything that a meeting makes, about Maya, and minutes that are approved."""
    day, key = cast.school.today(), uuid.uuid4
    cast.contribution = Contribution.objects.create(
        item=cast.item, author=cast.ana, text="Maya Okafor stalled", client_key=key()
    )
    cast.change = TeachingChange.objects.create(
        item=cast.item, teacher=cast.staff.tom, text="Pairs for Maya Okafor", client_key=key()
    )
    year = cast.school.years.get()
    cast.term = Term.objects.create(
        year=year, name="One", starts_on=year.starts_on, ends_on=year.starts_on + dt.timedelta(days=60)
    )
    cast.holiday = Holiday.objects.create(school=cast.school, name="Off", starts_on=day, ends_on=day)
    cast.period = Period.objects.create(
        school=cast.school, name="1", cycle_day=0, starts_at=dt.time(8), ends_at=dt.time(9)
    )
    cast.feed = CalendarFeed.objects.create(user=cast.ana, token="t" * 48)
    cast.letter = Mail.objects.create(
        to=cast.ana, kind="digest", subject="Due", text="x", dedupe_key="x", send_after=clock.now()
    )
    cast.question = Question.objects.create(
        item=cast.item, text="May we have the hall?", asked_by=cast.ana, client_key=key()
    )
    cast.exhibit = cast.item.exhibits.create(
        view="student_attendance", parameters={"student": str(cast.maya.uuid)}, added_by=cast.ana
    )
    cast.protocol = Protocol.objects.create(team=cast.team, name="Ours")
    cast.protocol.steps.create(position=1, title="Look", minutes=5, kind="explore")
    cast.series = Series.objects.create(
        team=cast.team, title="Weekly", weekday=1, starts_at=dt.time(10, 10), starts_on=day, ends_on=day
    )
    start = cast.school.at(day - dt.timedelta(days=1), dt.time(10, 10))
    cast.minutes = Meeting.objects.create(
        team=cast.team,
        title="Maya Okafor and others",
        starts_at=start,
        ends_at=start + dt.timedelta(minutes=45),
        started_at=start,
        closed_at=start + dt.timedelta(minutes=45),
        approved_at=start + dt.timedelta(minutes=50),
        approved_by=cast.ana,
        state="closed",
    )
