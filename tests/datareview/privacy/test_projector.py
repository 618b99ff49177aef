"""Projector mode, on every page that names a student."""

import pytest
from django.urls import reverse

from collab.agendas.models import AgendaItem
from collab.preparation.services import proposals
from collab.room.services.lifecycle import start_meeting
from tests.collab.planning.test_meetings import say

NAMES = ["Maya", "Okafor", "Jonas", "Weber", "Ines", "Duarte"]


@pytest.fixture
def projected(cast, as_user):
    client = as_user(cast.ana)
    assert client.post(reverse("datareview:projector-switch"), {"next": "/"}).status_code == 302
    return client


def test_no_name_is_left_on_any_page_and_all_come_back(cast, projected):
    proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    live = start_meeting(cast.meeting, actor=cast.ana)
    say(live.items.get(state="current"), cast.tom, text="Maya and Ines stalled; Weber did not.")
    pages = [
        "/",
        reverse("datareview:student-list"),
        reverse("datareview:student-detail", args=[cast.maya.uuid]),
        reverse("datareview:dashboard-show"),
        reverse("datareview:candidate-detail", args=[cast.candidate.uuid]),
        reverse("datareview:plan-detail", args=[cast.plan.uuid]),
        reverse("datareview:report-show"),
        reverse("collab:team-detail", args=[cast.team.uuid]),
        reverse("collab:meeting-detail", args=[live.uuid]),
    ]
    for page in pages:
        text = projected.get(page).content.decode()
        assert [name for name in NAMES if name in text] == [], page
        assert "Names are hidden" in text
    projected.post(reverse("datareview:projector-switch"), {"next": "/"})
    assert "Maya" in projected.get(pages[2]).content.decode()


def test_what_is_typed_with_an_alias_is_stored_with_the_name(cast, projected):
    page = projected.get(reverse("datareview:student-detail", args=[cast.maya.uuid])).content.decode()
    alias = page.split("<h1>")[1].split("</h1>")[0].strip()
    assert alias.startswith("Student ")
    address = reverse("collab:item-add", args=[cast.meeting.uuid])
    fields = {
        "title": f"{alias} next",
        "minutes": 5,
        "kind": "discuss",
        "capture": "notes",
        "visibility": "team",
    }
    assert projected.post(address, fields).status_code == 302
    assert AgendaItem.objects.filter(title="Maya Okafor next").exists()


def test_it_leads_to_no_other_site(cast, projected):
    answer = projected.post(reverse("datareview:projector-switch"), {"next": "https://example.org/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("typed", ["ma", "oka", "Maya Okafor", "okafor reads"])
def test_a_name_that_was_searched_for_is_hidden_also_where_it_is_marked(cast, projected, typed):
    live = start_meeting(cast.meeting, actor=cast.ana)
    say(live.items.get(state="current"), cast.tom, text="Today Maya Okafor reads alone")
    page = projected.get(reverse("collab:search-show"), {"q": typed}).content.decode()
    found = page.split('class="rows found"')[1].split("</ol>")[0]
    assert "Student " in found
    assert [part for part in ("Ma<", "aya", "Oka", "afor") if part in found] == []
