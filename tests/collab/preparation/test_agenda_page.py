"""The page before a meeting: query counts, charts on items, and what guests do not see."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collab.agendas.models import Exhibit, Topic
from collab.agendas.queries.exhibits import encoded
from collab.agendas.services import exhibits, items
from collab.discussion import services as contributions
from collab.meetings.models import Meeting
from collab.meetings.services import roles
from collab.proposals import services as proposals


def asked(cast, number):
    fields = {"minutes": 3, "kind": "discuss", "capture": "notes", "owner": cast.staff.ana}
    item = items.add_item(cast.meeting, actor=cast.ana, title=f"Item {number}", ask="What?", **fields)
    for measure in ("levels", "class_windows"):
        parameters = {"team": str(cast.team.uuid), "measure": str(cast.fluency.uuid)}
        exhibits.add_exhibit(item, actor=cast.ana, view=measure, parameters=parameters)
    return item


@pytest.mark.sweep
def test_query_count_of_an_agenda_does_not_grow_with_items(cast, as_user):
    client = as_user(cast.ana)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(cast.meeting.get_absolute_url()).status_code == 200
        return len(found)

    proposals.propose_candidate(cast.candidate, actor=cast.ana, team=cast.team)
    asked(cast, 0)
    queries()
    at_one = queries()
    for number in range(1, 8):
        asked(cast, number)
    assert queries() == at_one


def test_a_chart_is_added_to_an_item_and_removed(cast, as_user):
    item = cast.meeting.items.first()
    client = as_user(cast.tom)
    chart = encoded("levels", team=cast.team.uuid, measure=cast.fluency.uuid)
    client.post(reverse("collab:exhibit-add", args=[item.uuid]), {"chart": chart})
    client.post(reverse("collab:exhibit-add", args=[item.uuid]), {"chart": chart})
    client.post(reverse("collab:exhibit-add", args=[item.uuid]), {"chart": "view=levels&team=else"})
    (row,) = Exhibit.objects.filter(item=item)
    page = client.get(reverse("collab:exhibit-show", args=[item.uuid, row.uuid])).content.decode()
    assert ("<figure" in page or "<svg" in page, item.title in page) == (True, True)
    client.post(reverse("collab:exhibit-remove", args=[item.uuid, row.uuid]))
    assert not Exhibit.objects.filter(item=item).exists()


def test_a_students_chart_goes_to_a_team_that_works_with_the_student(cast, as_user):
    chart = encoded("student_measure", student=cast.maya.uuid, measure=cast.fluency.uuid)
    address = reverse("collab:chart-propose", args=[cast.maya.uuid])
    client = as_user(cast.ana)
    assert address in client.get(cast.maya.get_absolute_url()).content.decode()
    client.post(address, {"team": str(cast.other_team.uuid), "chart": chart})
    assert not Exhibit.objects.exists()
    client.post(address, {"team": str(cast.team.uuid), "chart": chart})
    assert Exhibit.objects.get().item.meeting == cast.meeting


def test_the_page_shows_who_has_answered(cast, as_user):
    item = asked(cast, 0)
    contributions.answer_before(item, actor=cast.tom, text="Pairs", client_key=uuid.uuid4())
    page = as_user(cast.ana).get(cast.meeting.get_absolute_url()).content.decode()
    assert ("Answered: Tom" in page, "Not yet: Ana" in page, "Pairs" in page) == (True, True, False)


def test_a_guest_sees_the_agenda_without_the_teams_queue(cast, as_user):
    roles.invite_guest(cast.meeting, actor=cast.ana, staff=cast.staff.gil)
    page = as_user(cast.gil).get(cast.meeting.get_absolute_url()).content.decode()
    assert ("Winter fluency" in page, "data-entry" in page, cast.candidate.reason in page) == (
        True,
        False,
        False,
    )


def test_filling_reports_what_was_left_out(cast, as_user):
    cast.meeting.items.update(minutes=22)
    client = as_user(cast.ana)
    page = client.post(reverse("collab:agenda-fill", args=[cast.meeting.uuid]), follow=True).content.decode()
    assert "Still in the queue: Maya Okafor" in page


@pytest.mark.parametrize(("days", "asks"), [(0, False), (1, True), (40, True)])
def test_a_meeting_that_is_days_away_asks_before_it_starts(cast, as_user, days, asks):
    starts = cast.school.at(cast.school.today() + dt.timedelta(days=days), dt.time(10, 10))
    Meeting.objects.filter(pk=cast.meeting.pk).update(
        starts_at=starts, ends_at=starts + dt.timedelta(minutes=45)
    )
    page = as_user(cast.ana).get(cast.meeting.get_absolute_url()).content.decode()
    assert ("Start it early" in page, "Start the meeting" in page) == (asks, True)


@pytest.mark.parametrize(("minutes", "is_over"), [(35, False), (36, True)])
def test_the_bar_is_full_at_the_meetings_minutes_and_over_beyond_them(cast, as_user, minutes, is_over):
    """Two items: one of ten minutes in a meeting of 45."""
    cast.meeting.items.filter(position=0).update(minutes=minutes)
    page = as_user(cast.ana).get(cast.meeting.get_absolute_url()).content.decode()
    assert ("slot-over" in page, "min too long" in " ".join(page.split())) == (is_over, is_over)


def test_a_step_says_its_minutes_with_those_of_the_items_in_it(cast, as_user):
    step, inside = cast.meeting.items.order_by("position")
    Topic.objects.filter(pk=step.topic_id).update(kind="step")
    cast.meeting.items.filter(pk=step.pk).update(minutes=4, reserved_for="checks")
    cast.meeting.items.filter(pk=inside.pk).update(minutes=6, reserved_for="checks")
    page = " ".join(as_user(cast.ana).get(cast.meeting.get_absolute_url()).content.decode().split())
    assert "4 min · 10 with its items" in page
    cast.meeting.items.filter(pk=inside.pk).update(reserved_for="")
    page = as_user(cast.ana).get(cast.meeting.get_absolute_url()).content.decode()
    assert "with its items" not in page
