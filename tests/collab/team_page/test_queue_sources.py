"""The review of a team's norms comes to its queue when it is due, once for each date."""

import datetime as dt

from collab.agendas.models import Topic
from collab.preparation.queries.queue import queue_of
from collab.preparation.services.queue import fill_agenda_automatically
from teams.groups.services import set_norms
from tests.conftest import TODAY


def norms_in(cast, day):
    return [entry for entry in queue_of(cast.team, day).entries if entry.kind == "norms"]


def set_review(cast, review_on):
    adopted = TODAY - dt.timedelta(days=80)
    set_norms(cast.team, actor=cast.ana, lines=["We listen"], adopted_on=adopted, review_on=review_on)
    for team in (cast.team, cast.meeting.team):
        team.refresh_from_db()


def test_the_review_waits_for_its_date(cast):
    set_review(cast, TODAY + dt.timedelta(days=10))
    assert norms_in(cast, TODAY + dt.timedelta(days=9)) == []
    (entry,) = norms_in(cast, TODAY + dt.timedelta(days=10))
    assert (entry.title, entry.url) == ("Do our norms still serve us?", f"/teams/{cast.team.uuid}/norms/")


def test_without_a_date_or_norms_nothing_is_due(cast):
    set_norms(cast.team, actor=cast.ana, lines=["We listen"])
    assert norms_in(cast, TODAY + dt.timedelta(days=300)) == []


def test_the_review_is_added_to_the_next_agenda_once_for_each_date(cast):
    set_review(cast, TODAY)
    fill_agenda_automatically(cast.meeting)
    topic = Topic.objects.get(team=cast.team, kind=Topic.Kind.NORMS)
    assert (topic.due_on, topic.agenda_items.get().meeting) == (TODAY, cast.meeting)
    assert norms_in(cast, TODAY + dt.timedelta(days=7)) == []
    set_review(cast, TODAY + dt.timedelta(days=90))
    assert len(norms_in(cast, TODAY + dt.timedelta(days=90))) == 1


def test_norms_of_another_team_are_theirs(cast):
    set_review(cast, TODAY)
    assert [entry for entry in queue_of(cast.other_team, TODAY).entries if entry.kind == "norms"] == []
