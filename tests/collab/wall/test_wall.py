"""The wall: names hidden there only, votes sorted, low fists named, and nothing that only some may see."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services import items
from collab.decisions.services import decisions
from collab.discussion import services as contributions
from collab.room.services import clock, lifecycle
from collab.wall.queries import SaidLine, wall_of
from datareview.privacy.queries import aliases_of
from tests.factories.meetings import current, say


@pytest.fixture
def live(cast):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    item = live.items.get(title="Winter fluency")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid), anyway=True)
    live.refresh_from_db()
    return live


def wall(as_user, user, live, name="meeting-wall", **query):
    return as_user(user).get(reverse(f"collab:{name}", args=[live.uuid]), query)


def test_names_are_hidden_on_the_wall_and_nowhere_else(cast, live, as_user):
    say(current(live), cast.tom, "Mayas brother helps. Jonas Weber, too.")
    hidden = wall(as_user, cast.ana, live).content.decode()
    alias = {one: aliases_of(cast.school).alias_of(getattr(cast, one).pk) for one in ("maya", "jonas")}
    assert f"{alias['maya']}s brother helps. {alias['jonas']}, too." in hidden
    assert re.findall("Maya|Okafor|Jonas|Weber", hidden) == []
    for page in (
        wall(as_user, cast.ana, live, "meeting-wall-names"),
        as_user(cast.ana).get(live.get_absolute_url()),
    ):
        assert "Mayas brother helps. Jonas Weber, too." in page.content.decode()


def test_names_stay_hidden_on_every_page_of_a_session_that_hides_them(cast, live, as_user):
    say(current(live), cast.tom, "Jonas Weber helps")
    client = as_user(cast.ana)
    client.post(reverse("datareview:projector-switch"), {"next": "/"})
    page = client.get(reverse("collab:meeting-wall-names", args=[live.uuid])).content.decode()
    assert ("Weber" in page, "helps" in page) == (False, True)


def test_what_has_most_votes_is_first_and_a_group_is_one_line(cast, live):
    item = current(live)
    first, second, third = (say(item, cast.tom, text) for text in ("First", "Second", "Third"))
    contributions.group_contribution(first, actor=cast.ana, onto="new", title="Reading")
    contributions.toggle_vote(item, actor=cast.ana, contribution=third, wanted=True)
    for voter in (cast.ana, cast.tom):
        contributions.toggle_vote(item, actor=voter, cluster=item.clusters.get(), wanted=True)
    assert wall_of(cast.ana, live).said == [
        SaidLine("Reading", "", "", 2, 1),
        SaidLine("Third", "Notice", "Tom B", 1),
        SaidLine("Second", "Notice", "Tom B", 0),
    ]
    assert second.pk


def test_each_hand_is_shown_and_low_ones_are_concerns(cast, live, as_user):
    item = current(live)
    decision = decisions.decide(
        item, actor=cast.ana, text="Read in pairs", check_on=None, client_key=live.uuid
    )
    for voter, fingers in ((cast.ana, 5), (cast.tom, 1), (cast.cora, 4)):
        decisions.cast_consensus_vote(decision, actor=voter, fingers=fingers)
    page = wall(as_user, cast.tom, live, region="decisions").content.decode()
    assert re.findall(r'class="hand( hand-low)?">(\d)', page) == [(" hand-low", "1"), ("", "4"), ("", "5")]
    assert "1 concern to hear" in page


def test_what_one_writes_privately_is_not_on_the_wall_that_one_has_opened(cast, live, as_user):
    item = current(live)
    contributions.write_privately(item, actor=cast.ana)
    say(item, cast.ana, "Only mine")
    page = wall(as_user, cast.ana, live).content.decode()
    assert ("Only mine" in page, "1 contribution so far" in " ".join(page.split())) == (False, True)
    contributions.reveal(item, actor=cast.ana)
    assert "Only mine" in wall(as_user, cast.ana, live).content.decode()


def test_who_leads_the_item_is_named_and_what_does_not_fit_is_counted(cast, live, as_user):
    live.items.filter(pk=current(live).pk).update(owner=cast.staff.tom)
    for n in range(11):
        say(current(live), cast.tom, f"Thought {n}")
    pages = [wall(as_user, cast.ana, live), as_user(cast.ana).get(live.get_absolute_url())]
    texts = [" ".join(page.content.decode().split()) for page in pages]
    assert [f"led by {cast.tom.short_name}" in text for text in texts] == [True, True]
    assert re.findall(r'data-all="11" *> ([^<]*) </p>', texts[0]) == ["and 2 more"]


def test_a_restricted_item_is_not_shown_even_to_who_may_read_it(cast, live, as_user):
    item = current(live)
    decisions.decide(item, actor=cast.ana, text="Read in pairs", check_on=None, client_key=live.uuid)
    say(item, cast.ana, "Between us")
    item.visibility = "restricted"
    item.save()
    item.readers.create(staff=cast.staff.ana)
    page = wall(as_user, cast.ana, live).content.decode()
    assert [text in page for text in ("Between us", "Read in pairs", item.title)] == [False] * 3
    assert "Restricted item" in page


def test_the_next_item_is_not_named_if_only_some_may_read_it(cast, live, as_user):
    item = items.add_item(live, actor=cast.ana, title="Between us", minutes=5)
    assert "Next: Between us" in wall(as_user, cast.ana, live, region="clock").content.decode()
    live.items.filter(pk=item.pk).update(visibility="restricted")
    item.readers.create(staff=cast.staff.ana)
    page = wall(as_user, cast.ana, live, region="clock").content.decode()
    assert ("Between us" in page, "Next: Restricted item" in page) == (False, True)


def test_earlier_action_items_are_on_the_wall_without_those_that_only_some_may_see(cast, live, as_user):
    item, secret = current(live), live.items.exclude(title="Winter fluency").first()
    AgendaItem.objects.filter(pk=secret.pk).update(visibility="restricted", meeting=None)
    Topic.objects.filter(pk=item.topic_id).update(kind="step")
    AgendaItem.objects.filter(pk=item.pk).update(reserved_for="checks")
    week_ago = live.started_at - dt.timedelta(days=7)
    about = {"created_at": week_ago, "item": None, "text": "Copy the books for Maya Okafor"}
    rows = Action.objects.filter(pk=cast.action.pk)
    seen = []
    for change in ({}, {"student": cast.maya}, {"student": None, "item": secret}):
        rows.update(**about | change)
        page = wall(as_user, cast.ana, live, region="item").content.decode()
        seen += ["Copy the books" in page]
        assert "Okafor" not in page
    assert seen == [True, False, False]


def test_a_decision_to_check_and_the_norms_are_on_the_wall(cast, live, as_user):
    item = current(live)
    decision = decisions.decide(
        item, actor=cast.ana, text="Read in pairs", check_on=None, client_key=live.uuid
    )
    cast.team.norms.create(text="We end on time", position=1)
    seen = []
    for change in (
        {"kind": "norms"},
        {"kind": "decision", "decision": decision},
        {"kind": "other", "decision": None},
    ):
        Topic.objects.filter(pk=item.topic_id).update(**change)
        page = wall(as_user, cast.ana, live, region="item").content.decode()
        seen.append(["We end on time" in page, "Read in pairs" in page])
    assert seen == [[True, False], [False, True], [False, False]]


def test_regions_are_answered_as_in_the_room_and_a_page_of_another_item_gets_all(cast, live, as_user):
    answer = wall(as_user, cast.tom, live, region=["contributions", "decisions"])
    assert (answer["Room-Regions"], answer["Room-Revision"]) == (
        "contributions decisions",
        str(live.revision),
    )
    client = as_user(cast.tom)
    address = reverse("collab:meeting-wall", args=[live.uuid])
    other = client.get(address, {"region": "item"}, headers={"Room-Item": str(cast.meeting.uuid)})
    assert other["Room-Regions"] == "room"
    lifecycle.close_meeting(live, actor=cast.ana)
    assert "HX-Refresh" in client.get(address, {"region": "item"})
    assert "The meeting is over." in client.get(address).content.decode()


def test_a_planned_meeting_shows_nothing_of_its_agenda(cast, as_user):
    page = wall(as_user, cast.ana, cast.meeting).content.decode()
    assert ("Winter fluency" in page, "The meeting has not begun." in page) == (False, True)
