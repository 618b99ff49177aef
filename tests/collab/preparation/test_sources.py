"""Queue sources: an area can register its own, and the queue treats it like any other."""

import datetime as dt

import pytest

from collab.agendas.models import Topic
from collab.meetings.models import Meeting
from collab.preparation.queries import sources
from collab.preparation.queries.queue import day_of, is_nothing_due, queue_of
from collab.preparation.queries.sources import Rank, Source, Standing
from collab.preparation.services import queue
from collab.preparation.services.entries import place_topic
from teams.directory.models import Team


class Goals(Source[Team]):
    """A source as another area would register it: one entry per team."""

    kind, label, rank = "goal", "goal", Rank.COMMITTED
    minutes, topic_kind, reserved_for, is_dated = 2, Topic.Kind.OTHER, "checks", True
    is_night, is_asked = True, False

    def entries(self, search):
        yield self.entry(search, search.team, "Goal", "Mid-year", due_on=search.day, url="/goals/")

    def place(self, entry, meeting, actor):
        return place_topic(entry, meeting, actor, kind=Topic.Kind.OTHER, step="inform", outcome="Keep it")

    def may_add_automatically(self, entry, day):
        return self.is_night

    def standing(self, search):
        return Standing("One goal is set.", "checks", 3)

    def is_due(self, search):
        return self.is_asked


@pytest.fixture
def goals(cast, monkeypatch):
    cast.action.delete()
    source = Goals()
    monkeypatch.setitem(sources._sources, "goal", source)
    return source


def test_every_area_has_registered_its_sources():
    assert [source.kind for source in sources.sources()] == [
        "promises",
        "waiting",
        "answer",
        "check",
        "norms",
        "review",
        "result",
        "candidate",
        "question",
    ]


def test_an_entry_of_another_area_is_added_by_its_rank(cast, planned, goals):
    found = queue_of(cast.team, day_of(planned))
    assert [entry.kind for entry in found.entries] == ["goal", "candidate"]
    entry = found.entries[0]
    assert (entry.key, entry.label, entry.url, entry.minutes, entry.may_be_dropped) == (
        f"goal:{cast.team.pk}:{day_of(planned).isoformat()}",
        "goal",
        "/goals/",
        2,
        False,
    )
    assert ([one.sentence for one in found.standing], found.kept_minutes("checks")) == (
        ["One goal is set."],
        3,
    )


def test_the_nightly_task_adds_it_if_its_source_allows(cast, planned, goals):
    goals.is_night = False
    assert queue.fill_agenda_automatically(planned) == 0
    goals.is_night = True
    assert queue.fill_agenda_automatically(planned) == 1
    item = planned.items.get(title="Goal")
    assert (item.topic.why, item.topic.due_on, item.minutes, item.reserved_for, item.outcome) == (
        "Mid-year",
        day_of(planned),
        2,
        "checks",
        "Keep it",
    )


def test_deferring_one_due_date_says_nothing_about_the_next(cast, planned, goals):
    key = queue_of(cast.team, day_of(planned)).entries[0].key
    until = day_of(planned) + dt.timedelta(days=7)
    queue.defer_entry(planned, actor=cast.tom, key=key, until=until, reason="Later")
    assert [entry.key for entry in queue_of(cast.team, day_of(planned)).deferred] == [key]
    next_day = queue_of(cast.team, day_of(planned) + dt.timedelta(days=1))
    assert ([entry.kind for entry in next_day.entries], next_day.deferred) == (["goal", "candidate"], [])


def test_a_meeting_is_needed_if_a_source_says_so(cast, goals, monkeypatch):
    monkeypatch.setattr(Goals, "entries", lambda self, search: iter(()))
    Meeting.objects.exclude(pk=cast.meeting.pk).delete()
    cast.meeting.items.exclude(topic__kind="step").delete()
    cast.candidate.delete()
    assert is_nothing_due(cast.meeting)
    goals.is_asked = True
    assert not is_nothing_due(cast.meeting)
