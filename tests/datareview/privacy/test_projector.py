"""Projector mode, on every page that names a student."""

import datetime as dt
import json
import re
import uuid

import pytest
from django.urls import reverse

from collab.agendas.models import AgendaItem, Exhibit
from collab.agendas.queries.exhibits import encoded
from collab.decisions.models import Decision
from collab.proposals import services as proposals
from collab.room.services.lifecycle import start_meeting
from datareview.privacy.queries import aliases_of
from datareview.records.models import Enrollment
from teams.lib.hidden_names import hidden_by
from tests.conftest import make_student
from tests.factories.meetings import say

NAMES = ["Maya", "Okafor", "Jonas", "Weber", "Ines", "Duarte"]


@pytest.fixture
def projected(cast, as_user):
    client = as_user(cast.ana)
    assert client.post(reverse("datareview:projector-switch"), {"next": "/"}).status_code == 302
    return client


@pytest.mark.sweep
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


def test_it_redirects_to_no_other_site(cast, projected):
    answer = projected.post(reverse("datareview:projector-switch"), {"next": "https://example.org/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("typed", ["ma", "oka", "Maya Okafor", "okafor reads"])
def test_a_name_that_was_searched_for_is_hidden_also_where_it_is_marked(cast, projected, typed):
    live = start_meeting(cast.meeting, actor=cast.ana)
    say(live.items.get(state="current"), cast.tom, text="Today Maya Okafor reads alone")
    page = projected.get(reverse("collab:search-show"), {"q": typed}, follow=True).content.decode()
    found = page.split('class="rows found"')[1].split("</ol>")[0]
    assert "Student " in found
    assert [part for part in ("Ma<", "aya", "Oka", "afor") if part in found] == []


def test_what_a_projecting_session_stores_has_real_names(cast, projected):
    proposed = reverse("collab:candidate-propose", args=[cast.candidate.uuid])
    assert projected.post(proposed, {"team": str(cast.team.uuid)}).status_code == 302
    chart = {"team": str(cast.team.uuid), "chart": encoded("student_attendance", student=cast.maya.uuid)}
    assert projected.post(reverse("collab:chart-propose", args=[cast.maya.uuid]), chart).status_code == 302
    reviewed = reverse("collab:plan-propose", args=[cast.plan.uuid])
    assert projected.post(reviewed, {"team": str(cast.team.uuid)}).status_code == 302
    titles = AgendaItem.objects.filter(meeting=cast.meeting).values_list("title", flat=True)
    assert {"Maya Okafor", "Maya Okafor: attendance", "Maya Okafor: Repeated reading"} <= {*titles}
    for verb in ("start", "close"):
        address = reverse(f"collab:meeting-{verb}", args=[cast.meeting.uuid])
        assert projected.post(address, {"early": "yes"}).status_code == 302
    charts = [json.dumps(frozen) for frozen in Exhibit.objects.values_list("frozen", flat=True)]
    assert any("Maya" in chart for chart in charts)
    assert [chart for chart in charts if "Student " in chart] == []


def test_a_baseline_of_one_student_is_stored_with_the_name(cast, projected):
    item = proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    start_meeting(cast.meeting, actor=cast.ana)
    AgendaItem.objects.filter(meeting=cast.meeting, state="current").update(state="done")
    AgendaItem.objects.filter(pk=item.pk).update(state="current")
    fields = {
        "text": "Read each day",
        "check_on": (cast.school.today() + dt.timedelta(days=28)).isoformat(),
        "client_key": str(uuid.uuid4()),
        "measure": str(cast.fluency.uuid),
        "cohort": "student",
    }
    address = reverse("collab:decision-add", args=[cast.meeting.uuid, item.uuid])
    assert projected.post(address, fields).status_code == 302
    assert list(Decision.objects.values_list("cohort", flat=True)) == ["Maya Okafor"]


def test_what_was_refused_comes_back_hidden_and_is_stored_with_the_name(cast, projected):
    address = reverse("collab:item-edit", args=[cast.meeting.items.first().uuid])
    typed = {"title": "Why maya stalled", "minutes": "0"}
    page = projected.post(address, typed).content.decode()
    value = page.split('name="title" value="')[1].split('"')[0]
    assert value.startswith("Why Student ")
    assert value.endswith(" stalled")
    assert "maya" not in page


def test_the_list_is_in_no_order_of_names(cast, projected):
    for number, last in enumerate("ABCDEFGH"):
        make_student(cast.school, f"30{number}", "Kim", f"{last}son", 4)
    Enrollment.objects.bulk_create(
        Enrollment(student=student, section=cast.section, starts_on=cast.school.today())
        for student in cast.school.students.filter(first_name="Kim")
    )
    for sort in ("", "name", "grade"):
        page = projected.get(reverse("datareview:student-list"), {"sort": sort}).content.decode()
        shown = list(dict.fromkeys(re.findall(r'href="/students/([0-9a-f-]{36})/"', page)))
        assert shown == sorted(shown)
        assert len(shown) == 11


def test_a_student_of_another_school_has_an_alias_too(cast):
    with hidden_by(aliases_of(cast.school)):
        assert str(cast.leak) == "Student"
        assert re.fullmatch(r"Student \d+", str(cast.maya))
        assert cast.maya.number == str(cast.maya)


def test_the_next_request_of_the_same_thread_hides_nothing(cast, projected, monkeypatch):
    monkeypatch.setattr("datareview.students.views.student_page", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        projected.get(reverse("datareview:student-detail", args=[cast.maya.uuid]))
    assert str(cast.maya) == "Maya Okafor"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "region"])
def test_a_name_typed_while_names_are_hidden_stays_in_no_address(cast, projected, headers):
    """htmx pushes the address to which it was redirected, which still finds the student."""
    typed = {"q": "maya okafor", "sort": "name", "page": "1"}
    answer = projected.get(reverse("datareview:student-list"), typed, headers=headers)
    alias = re.search(r"q=Student\+(\d+)&sort=name&page=1$", answer["Location"])
    assert (answer.status_code, bool(alias)) == (302, True)
    page = projected.get(answer["Location"], headers=headers)
    assert page.status_code == 200
    assert f"Student {alias[1]}</a>" in page.content.decode()


def test_an_address_without_a_name_is_answered_at_once(cast, projected):
    assert projected.get(reverse("datareview:student-list"), {"q": "a b", "grade": "4"}).status_code == 200


def test_a_student_named_as_aliases_are_leads_nowhere_else(cast, projected):
    """“Student” hidden is “Student 4”, which hidden is “Student 4 4”."""
    make_student(cast.school, "3001", "Ann", "Student", 4)
    assert projected.get(reverse("datareview:student-list"), {"q": "Ann Student"}).status_code == 200


def test_a_search_in_the_address_is_hidden_and_restored_with_the_names(cast, as_user):
    client = as_user(cast.ana)
    hidden = client.post("/projector/", {"next": "/students/?q=Maya+Okafor"})
    assert "Maya" not in hidden.url
    shown = client.post("/projector/", {"next": hidden.url})
    assert shown.url == "/students/?q=Maya+Okafor"
