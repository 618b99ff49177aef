"""The pages of the candidate list and of one candidate."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.flags.models import Candidate, ReopenedDecision, Rule
from datareview.flags.queries.concerns import concerns_of
from datareview.flags.services.candidates import decide_candidate, mark_plans_started, reopen_candidate
from datareview.privacy.models import Disclosure
from datareview.records.models import Domain, Incident, Measure
from tests.conftest import TODAY, make_scores, make_student

LIST = "/candidates/"


def test_the_queue_shows_the_reason_and_what_was_tried(cast, as_user):
    page = as_user(cast.cora).get(LIST).content.decode()
    assert "Absent 7 of 52 days" in page
    assert "Repeated reading" in page
    assert f"no. {cast.maya.local_id} · Attendance" in page
    assert "Stranger" not in page


@pytest.mark.parametrize(("person", "sees"), [("ana", True), ("sol", True), ("gil", False), ("zed", False)])
def test_others_read_their_own_students_and_decide_nothing(cast, as_user, person, sees):
    page = as_user(getattr(cast, person)).get(LIST).content.decode()
    assert ("Okafor" in page) == sees
    assert "decide-several" not in page


@pytest.mark.parametrize("wanted", ["domain=academic", "grade=3", "severity=3", "state=watch"])
def test_filters_in_the_address_narrow(cast, as_user, wanted):
    page = as_user(cast.cora).get(f"{LIST}?{wanted}").content.decode()
    assert "Okafor" not in page


def test_a_team_narrows_to_its_students(cast, as_user):
    assert "Okafor" in as_user(cast.cora).get(f"{LIST}?team={cast.team.uuid}").content.decode()


@pytest.mark.sweep
def test_the_queue_takes_as_many_queries_for_three_as_for_one(cast, as_user, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_user(cast.cora)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    queries = len(one)
    for number in range(3):
        student = make_student(cast.school, f"20{number}", "More", "Kids", 4)
        row = Candidate.objects.create(
            student=student, domain=Domain.ATTENDANCE, reason="Absent", raised_on=TODAY
        )
        row.flags.add(cast.flag)
    client.get(LIST)  # the first view of these students is logged
    with django_assert_max_num_queries(queries):
        client.get(LIST)


def test_a_decision_without_a_reason_comes_back_with_what_was_typed(cast, as_user):
    data = {
        "candidate": str(cast.candidate.uuid),
        "state": "watch",
        "note": "",
        "watch_until": "2026-01-01",
        "back": "grade=4",
    }
    answer = as_user(cast.cora).post(reverse("datareview:candidates-decide"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say in a few words why" in page
    assert 'value="2026-01-01"' in page
    assert " checked" in page


def test_several_are_decided_and_the_filter_stays(cast, as_user):
    data = {"candidate": str(cast.candidate.uuid), "state": "no_action", "note": "Known", "back": "grade=4"}
    answer = as_user(cast.cora).post(reverse("datareview:candidates-decide"), data)
    assert answer["Location"] == "/candidates/?grade=4"
    assert Candidate.objects.get().state == "no_action"


def test_what_was_decided_together_can_be_undone_in_place_once(cast, as_user):
    client, address = as_user(cast.cora), reverse("datareview:candidates-reopen")
    data = {"candidate": str(cast.candidate.uuid), "state": "no_action", "note": "Known", "back": "grade=5"}
    client.post(reverse("datareview:candidates-decide"), data)
    page = client.get("/candidates/?grade=5").content.decode()
    assert "1 candidate decided." in page
    assert address in page
    assert address not in client.get("/candidates/?grade=5").content.decode()
    answer = client.post(address, {"candidate": str(cast.candidate.uuid), "back": "grade=5"})
    assert answer["Location"] == "/candidates/?grade=5"
    assert Candidate.objects.get().state == "new"
    assert ReopenedDecision.objects.get().note == "Known"


def test_a_decision_in_the_row_brings_the_numbers_of_the_tabs(cast, as_user):
    client, htmx = as_user(cast.cora), {"HX-Request": "true"}
    address = reverse("datareview:candidate-decide", args=[cast.candidate.uuid])
    row = client.post(address, {"state": "no_action", "note": "Known"}, headers=htmx).content.decode()
    assert '<small id="many-new" hx-swap-oob="true">0</small>' in row
    assert '<small id="many-no_action" hx-swap-oob="true">1</small>' in row
    address = reverse("datareview:candidate-reopen", args=[cast.candidate.uuid])
    row = client.post(address, headers=htmx).content.decode()
    assert '<small id="many-new" hx-swap-oob="true">1</small>' in row
    page = client.get(LIST).content.decode()
    assert [page.count(f'id="many-{state}"') for state in Candidate.State.values] == [1] * len(
        Candidate.State
    )
    assert "hx-swap-oob" not in page


def test_the_second_coordinator_reads_what_the_first_decided_in_the_row(cast, as_user):
    address = reverse("datareview:candidate-decide", args=[cast.candidate.uuid])
    as_user(cast.cora).post(address, {"state": "no_action", "note": "Known"})
    row = (
        as_user(cast.pia)
        .post(address, {"state": "no_action", "note": "Mine"}, headers={"HX-Request": "true"})
        .content.decode()
    )
    assert "Known" in row
    assert "Mine" not in row


def test_the_options_open_in_the_row(cast, as_user):
    address = reverse("datareview:candidate-options", args=[cast.candidate.uuid])
    row = as_user(cast.cora).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Start a plan" in row
    assert "<html" not in row


@pytest.mark.parametrize(("person", "status"), [("ana", 403), ("sol", 403), ("gil", 404), ("zed", 404)])
def test_not_visible_and_not_allowed_differ(cast, as_user, person, status):
    address = reverse("datareview:candidate-decide", args=[cast.candidate.uuid])
    assert as_user(getattr(cast, person)).post(address, {"state": "watch"}).status_code == status
    assert Candidate.objects.get().state == "new"


def test_opening_a_candidate_is_disclosed(cast, as_user):
    page = as_user(cast.ana).get(cast.candidate.get_absolute_url()).content.decode()
    assert "Clears at 3% of days absent or less." in page
    row = Disclosure.objects.get()
    assert (row.reader, row.students, row.what) == (cast.ana, f" {cast.maya.pk} ", "candidate-detail")


@pytest.mark.sweep
def test_the_charts_of_several_measures_take_as_many_queries_as_that_of_one(cast, as_user):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counted = as_user(cast.cora), []
    for number in range(3):
        name = f"Measure {number}"
        measure = Measure.objects.create(school=cast.school, key=f"measure-{number}", name=name)
        make_scores(cast.maya, measure, [60, 61, 62])
        rule = Rule.objects.create(
            school=cast.school, key=name, name=name, kind="behavior", parameters={"watch": 1}, measure=measure
        )
        cast.candidate.flags.create(
            student=cast.maya,
            rule=rule,
            domain=measure.domain,
            severity=1,
            evidence={},
            first_seen_on=TODAY,
            last_seen_on=TODAY,
        )
        client.get(cast.candidate.get_absolute_url())
        with CaptureQueriesContext(connection) as found:
            page = client.get(cast.candidate.get_absolute_url()).content.decode()
        assert f"{name}: 62 on" in page
        counted.append(len(found))
    assert counted == [counted[0]] * 3


def test_the_drawing_of_a_candidate_for_behavior_is_of_incidents(cast):
    today = cast.school.today()
    Candidate.objects.update(domain="behavior")
    for days in (0, 7, 7):
        Incident.objects.create(student=cast.maya, day=today - dt.timedelta(days=days), kind="fight")
    concern = concerns_of([Candidate.objects.prefetch_related("flags__rule").get()], today)[cast.candidate.pk]
    assert (concern.name, [value for _day, value in concern.points][-2:]) == ("Incidents, by week", [2, 1])


def test_a_decision_can_be_made_about_all_that_match_on_every_page(cast, as_user):
    for number in range(40):
        student = make_student(cast.school, f"9{number}", f"Kid{number}", "Long", 4 if number < 35 else 5)
        Candidate.objects.create(student=student, domain=Domain.ACADEMIC, reason="Below", raised_on=TODAY)
    stranger = Candidate.objects.create(
        student=cast.leak, domain=Domain.ACADEMIC, reason="Below", raised_on=TODAY
    )
    page = as_user(cast.cora).get(LIST, {"domain": "academic", "grade": 4}).content.decode()
    assert "All that match, on every page" in page
    data = {"state": "seat", "note": "January", "everyone": "yes", "back": "domain=academic&grade=4"}
    with CaptureQueriesContext(connection) as found:
        assert as_user(cast.cora).post("/candidates/decide/", data).status_code == 302
    states = Candidate.objects.exclude(pk=stranger.pk).values_list("state", "student__grade", "domain")
    assert Counter(states) == {
        ("seat", 4, "academic"): 35,
        ("new", 5, "academic"): 5,
        ("new", 4, "attendance"): 1,
    }
    stranger.refresh_from_db()
    assert (stranger.state, len(found) < 40) == ("new", True)


def test_who_waits_for_a_seat_is_on_the_list_again_with_undo_and_has_a_plan_with_one(cast, as_user):
    as_user(cast.cora).post(
        f"{LIST}{cast.candidate.uuid}/decide/", {"state": "seat", "note": "Morning check-in is full"}
    )
    cast.candidate.refresh_from_db()
    assert (cast.candidate.state, cast.candidate.watch_until) == ("seat", None)
    reopen_candidate(cast.candidate, actor=cast.cora)
    assert Candidate.objects.get().state == "new"
    decide_candidate(cast.candidate, actor=cast.cora, state="seat", note="Full")
    mark_plans_started([cast.candidate], actor=cast.cora)
    assert Candidate.objects.get().state == "plan"
