"""Pages of peer observation for each member of the cast, with and without htmx."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from collab.observations.forms import AgreeForm, DebriefForm, EvidenceForm, OffForm
from collab.observations.models import Evidence, PeerObservation
from teams.lib import clock

FOCUS = "Who never answers?"
NAMES = ("ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed")


@pytest.fixture
def row(cast):
    """Tom hosts, Gil observes, seen today."""
    return PeerObservation.objects.create(
        school=cast.school,
        host=cast.staff.tom,
        observer=cast.staff.gil,
        state="seen",
        focus=FOCUS,
        message="Between us",
        starts_at=clock.now() - dt.timedelta(hours=1),
    )


def page_of(row):
    return row.get_absolute_url()


@pytest.mark.parametrize("name", ["ana", "sol", "cora", "pia", "ada", "zed"])
def test_for_everybody_else_it_does_not_exist(cast, as_user, row, name):
    line = Evidence.objects.create(observation=row, text="x", client_key=uuid.uuid4())
    client = as_user(getattr(cast, name))
    assert client.get(page_of(row)).status_code == 404
    for verb in ("agree", "off", "seen", "debrief", "share"):
        assert client.post(reverse(f"collab:observation-{verb}", args=[row.uuid])).status_code == 404
    assert client.post(reverse("collab:evidence-add", args=[row.uuid])).status_code == 404
    assert client.post(reverse("collab:evidence-remove", args=[row.uuid, line.uuid])).status_code == 404
    assert FOCUS not in client.get(reverse("collab:observation-list")).content.decode()


def test_it_is_shared_and_unshared(cast, as_user, row):
    share = reverse("collab:observation-share", args=[row.uuid])
    as_user(cast.tom).post(share, {"shared": "yes"})
    answer = as_user(cast.ana).get(page_of(row))
    assert answer.status_code == 200
    assert "Between us" not in answer.content.decode()
    assert as_user(cast.ana).post(share, {"shared": "no"}).status_code == 403
    assert as_user(cast.pia).get(page_of(row)).status_code == 404
    as_user(cast.tom).post(share, {"shared": "no"})
    assert as_user(cast.ana).get(page_of(row)).status_code == 404


def test_asking_without_scripts(cast, as_user):
    client = as_user(cast.tom)
    answer = client.post(
        reverse("collab:observation-new"),
        {"way": "observer", "colleague": str(cast.staff.ana.uuid), "message": "May I?", "focus": ""},
    )
    row = PeerObservation.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(row))
    assert (row.host, row.observer, row.asked_by_host) == (cast.staff.ana, cast.staff.tom, False)


def test_a_colleague_of_another_school_cannot_be_chosen(cast, as_user):
    answer = as_user(cast.tom).post(
        reverse("collab:observation-new"),
        {"way": "host", "colleague": str(cast.staff.zed.uuid), "message": "Kept text"},
    )
    assert answer.status_code == 422
    assert "Kept text" in answer.content.decode()
    assert "Zed" not in answer.content.decode()


def test_staff_outside_teams_cannot_ask(cast, as_user):
    assert as_user(cast.ada).get(reverse("collab:observation-new")).status_code == 403


def test_htmx_gets_the_evidence_after_adding_a_line(cast, as_user, row):
    key = uuid.uuid4()
    for _ in range(2):
        answer = as_user(cast.gil).post(
            reverse("collab:evidence-add", args=[row.uuid]),
            {"kind": "heard", "text": "Good question!", "client_key": str(key)},
            headers={"HX-Request": "true"},
        )
    text = answer.content.decode()
    assert text.strip().startswith('<div id="evidence">')
    assert "“Good” may be a judgment" in text
    assert Evidence.objects.count() == 1
    assert "may be a judgment" not in as_user(cast.tom).get(page_of(row)).content.decode()


def test_an_empty_line_says_so(cast, as_user, row):
    data = {"kind": "heard", "text": " ", "client_key": str(uuid.uuid4())}
    address = reverse("collab:evidence-add", args=[row.uuid])
    assert as_user(cast.gil).post(address, data).status_code == 422
    answer = as_user(cast.gil).post(address, data, headers={"HX-Request": "true"})
    assert (answer.status_code, "<html" in answer.content.decode()) == (422, False)


def test_a_stale_debrief_shows_both_texts_and_can_be_saved_again(cast, as_user, row):
    address = reverse("collab:observation-debrief", args=[row.uuid])
    as_user(cast.tom).post(address, {"debrief": "Of Tom", "next_step": "", "version": 0})
    answer = as_user(cast.gil).post(address, {"debrief": "Of Gil", "next_step": "", "version": 0})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ("Of Tom" in text, "Of Gil" in text) == (True, True)
    assert 'name="version" value="1"' in text
    as_user(cast.gil).post(address, {"debrief": "Of both", "next_step": "", "version": 1})
    assert PeerObservation.objects.get().debrief == "Of both"


def test_agreeing_on_the_page(cast, as_user, row):
    PeerObservation.objects.filter(pk=row.pk).update(state="asked", starts_at=None, focus="")
    day = cast.school.today() + dt.timedelta(days=3)
    data = {"day": day.isoformat(), "time": "10:10", "focus": "Who answers?", "place": "12", "version": 0}
    answer = as_user(cast.gil).post(reverse("collab:observation-agree", args=[row.uuid]), data)
    assert answer.status_code == 302
    row = PeerObservation.objects.get()
    assert row.starts_at == cast.school.at(day, dt.time(10, 10))
    passed = data | {"day": "2020-01-01", "version": 1, "focus": "Still typed"}
    answer = as_user(cast.tom).post(reverse("collab:observation-agree", args=[row.uuid]), passed)
    assert answer.status_code == 422
    assert "has passed" in answer.content.decode()
    assert "Still typed" in answer.content.decode()


def test_the_person_asked_sees_it_on_the_home_page(cast, as_user, row):
    PeerObservation.objects.filter(pk=row.pk).update(state="asked")
    found = {name: FOCUS in as_user(getattr(cast, name)).get("/").content.decode() for name in NAMES}
    assert found == {**dict.fromkeys(NAMES, False), "gil": True}


def test_no_two_forms_of_an_observation_share_an_id(row):
    """An agreed visit whose lesson is over may be agreed on again beside its debrief."""
    forms = [
        AgreeForm(observation=row),
        DebriefForm(observation=row),
        EvidenceForm(observation=row),
        OffForm(),
    ]
    ids = [
        one for form in forms for one in re.findall(r' id="([^"]+)"', "".join(str(field) for field in form))
    ]
    assert sorted(ids) == sorted(set(ids))
    assert {"agree-version", "debrief-version"} < set(ids)
