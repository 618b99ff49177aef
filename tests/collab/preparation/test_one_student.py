"""One student is one item, with the reasons of all candidates."""

from __future__ import annotations

import pytest
from django.urls import reverse

from collab.agendas.models import AgendaItem, Topic
from collab.decisions.services.decisions import decide, withdraw_decision
from collab.preparation.queries.queue import day_of, queue_of
from collab.preparation.services import queue
from collab.proposals import services as proposals
from collab.room.services import clock, lifecycle
from datareview.flags.models import Candidate
from tests.access import KEY


@pytest.fixture
def other(cast):
    """A second candidate of the same student, more severe, raised later."""
    return Candidate.objects.create(
        student=cast.maya,
        domain="academic",
        reason="Fluency fell twice.",
        severity=3,
        raised_on=cast.school.today(),
    )


def about_maya(cast) -> list[AgendaItem]:
    return list(AgendaItem.objects.filter(topic__candidate__student=cast.maya))


def test_the_queue_has_one_entry_with_all_reasons_the_worst_first(cast, other):
    entries = [
        one
        for one in queue_of(cast.team, day_of(cast.meeting), user=cast.ana).entries
        if one.kind == "candidate"
    ]
    found = [(one.title, one.why, one.key, one.is_urgent) for one in entries]
    why = f"Fluency fell twice. {cast.candidate.reason}"
    assert found == [("Maya Okafor", why, f"candidate:{cast.candidate.pk}", True)]
    item = queue.take_entry(cast.meeting, actor=cast.ana, key=f"candidate:{cast.candidate.pk}")
    assert about_maya(cast) == [item]
    assert item.topic.candidates == [cast.candidate, other]
    assert set(Candidate.objects.values_list("state", flat=True)) == {"on_agenda"}
    left = queue_of(cast.team, day_of(cast.meeting), user=cast.ana).entries
    assert [one for one in left if one.kind == "candidate"] == []


def test_a_second_candidate_joins_the_item_that_is_there(cast, other, as_user):
    item = proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    minutes = sum(cast.meeting.items.values_list("minutes", flat=True))
    again = [proposals.propose_candidate(other, actor=cast.cora, team=cast.team) for _turn in range(2)]
    assert again == [item, item]
    item.refresh_from_db()
    assert item.prompt == f"{cast.candidate.reason} Fluency fell twice."
    assert sum(cast.meeting.items.values_list("minutes", flat=True)) == minutes
    for address in (reverse("collab:home-show"), cast.meeting.get_absolute_url()):
        page = as_user(cast.ana).get(address).content.decode()
        assert ("Fluency fell twice." in page, cast.candidate.reason in page) == (True, True)
    assert "On an agenda" in as_user(cast.cora).get(other.get_absolute_url()).content.decode()


def test_the_decision_settles_both_and_taken_back_returns_both(cast, other):
    for one in (cast.candidate, other):
        item = proposals.propose_candidate(one, actor=cast.cora, team=cast.team)
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    item.refresh_from_db()
    made = decide(
        item, actor=cast.ana, text="Wait for spring", check_on=None, client_key=KEY, student_next="no_action"
    )
    assert set(Candidate.objects.values_list("state", flat=True)) == {"no_action"}
    withdraw_decision(made, actor=cast.ana)
    assert set(Candidate.objects.values_list("state", flat=True)) == {"on_agenda"}


def test_a_closed_topic_is_not_joined(cast, other):
    proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    Topic.objects.filter(candidate=cast.candidate).update(is_closed=True)
    item = proposals.propose_candidate(other, actor=cast.cora, team=cast.team)
    assert item.topic.candidates == [other]
