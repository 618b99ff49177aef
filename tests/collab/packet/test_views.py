"""The packet of a meeting: its agenda with charts on two pages at most, and a sheet to write on."""

import pytest
from django.urls import reverse

from collab.actions.models import Action
from collab.agendas.queries.items import ItemsFor
from collab.agendas.services import items
from collab.meetings.models import Meeting
from collab.packet.queries import packet_of
from collab.proposals import services as proposals
from collab.room.services import lifecycle
from datareview.flags.models import Candidate
from datareview.privacy.models import Disclosure
from datareview.records.models import AttendanceDay
from tests.factories.documents import pdf_pages


@pytest.fixture
def address(cast):
    proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    Action.objects.filter(pk=cast.action.pk).update(item=None)
    items.add_item(cast.meeting, actor=cast.ana, title="Custody", minutes=5, visibility="restricted")
    return reverse("collab:packet-download", args=[cast.meeting.uuid])


def test_it_has_the_agenda_with_charts_and_a_sheet_and_records_disclosures(cast, address, as_user):
    pages = pdf_pages(as_user(cast.ana), address)
    assert 2 <= len(pages) <= 3
    first, sheet = " ".join(pages[0].split()), " ".join(pages[-1].split())
    for words in ("Winter fluency", "Maya Okafor", "Custody", cast.action.text, "10:10"):
        assert words in first
    assert "Notes" in sheet
    assert "By when" in sheet
    assert (
        Disclosure.objects.of_student(cast.maya.pk).filter(what="packet-download", reader=cast.ana).exists()
    )


def test_it_has_only_what_its_reader_may_read(cast, address, as_user):
    assert "Custody" not in " ".join(pdf_pages(as_user(cast.tom), address))
    assert as_user(cast.gil).get(address).status_code == 404
    assert as_user(cast.zed).get(address).status_code == 404
    link = f'href="{address}"'
    assert link in as_user(cast.tom).get(cast.meeting.get_absolute_url()).content.decode()
    Meeting.objects.filter(pk=cast.meeting.pk).update(published_at=None)
    assert link not in as_user(cast.tom).get(cast.meeting.get_absolute_url()).content.decode()
    assert as_user(cast.tom).get(address).status_code == 404


def test_charts_of_two_students_with_equal_values_are_both_there_under_their_names(cast, address, as_user):
    candidate = Candidate.objects.create(
        student=cast.jonas, domain="attendance", reason="Absent", severity=2, raised_on=cast.school.today()
    )
    item = proposals.propose_candidate(candidate, actor=cast.cora, team=cast.team)
    shown = {"view": "student_attendance", "parameters": {"student": str(cast.jonas.uuid)}}
    item.exhibits.create(added_by=cast.cora, **shown)
    AttendanceDay.objects.all().delete()
    packet = packet_of(ItemsFor(cast.ana, cast.meeting))
    assert sorted(title for title, _chart in packet.charts) == ["Jonas Weber", "Maya Okafor"]
    assert len({chart.title for _title, chart in packet.charts}) == 1
    text = " ".join(" ".join(pdf_pages(as_user(cast.ana), address)).split())
    assert (text.count("Jonas Weber"), text.count("Maya Okafor")) == (3, 3)  # agenda, chart, sheet


def test_a_meeting_that_is_over_has_minutes_instead(cast, address, as_user):
    lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    lifecycle.close_meeting(cast.meeting, actor=cast.ana)
    assert as_user(cast.ana).get(address).status_code == 404
