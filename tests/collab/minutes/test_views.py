"""Minutes: a draft until approved, as PDF, and the version for all staff."""

import uuid

import pytest
from django.urls import reverse

from collab.actions.models import Action
from collab.actions.services import edit_action
from collab.agendas.services import items
from collab.discussion.models import Contribution
from collab.minutes.services import approve_minutes
from collab.proposals import services as proposals
from collab.room.services import clock, lifecycle
from datareview.privacy.models import Disclosure
from teams.lib.errors import DomainError
from tests.factories.documents import pdf_pages, pdf_text
from tests.factories.meetings import add_action, say


@pytest.fixture
def closed(cast):
    """Minutes with an item about Maya, a restricted one, and one open to all staff with an action item."""
    proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    items.add_item(cast.meeting, actor=cast.ana, title="Custody", minutes=5, visibility="restricted")
    items.add_item(cast.meeting, actor=cast.ana, title="Book fair", minutes=5, visibility="staff")
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    for item in live.items.order_by("position"):
        clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
        say(item, cast.ana, text=f"Said on {item.title}")
        add_action(cast, live, text=f"Promise of {item.title}")
    return lifecycle.close_meeting(live, actor=cast.ana)


def test_a_draft_is_approved_once_and_can_be_withdrawn(cast, closed, as_user):
    page = as_user(cast.tom).get(closed.get_absolute_url()).content.decode()
    assert "draft" in page
    as_user(cast.tom).post(reverse("collab:minutes-approve", args=[closed.uuid]))
    closed.refresh_from_db()
    assert closed.approved_by == cast.tom
    assert approve_minutes(closed, actor=cast.ana).approved_by == cast.tom
    with pytest.raises(DomainError, match="approved"):
        lifecycle.reopen_meeting(closed, actor=cast.ana)
    as_user(cast.tom).post(reverse("collab:minutes-withdraw", args=[closed.uuid]))
    closed.refresh_from_db()
    assert closed.approved_at is None


def test_the_pdf_has_what_its_reader_may_read_and_records_disclosures(cast, closed, as_user):
    address = reverse("collab:minutes-download", args=[closed.uuid])
    mine, toms = pdf_text(as_user(cast.ana), address), pdf_text(as_user(cast.tom), address)
    assert "Maya Okafor" in mine
    assert "Custody" in mine
    assert "Custody" not in toms
    assert "Promise of Book fair" in toms
    rows = Disclosure.objects.of_student(cast.maya.pk).filter(what="minutes-download")
    assert set(rows.values_list("reader", flat=True)) == {cast.ana.pk, cast.tom.pk}
    assert as_user(cast.gil).get(address).status_code == 404


def test_minutes_are_one_page_with_each_item_in_a_line_unless_all_is_asked_for(cast, as_user):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    item = live.items.order_by("position").last()
    student = {"student": str(cast.maya.uuid)}
    item.exhibits.create(view="student_attendance", parameters=student, added_by=cast.ana)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    for n in range(40):
        say(item, cast.ana, text=f"Remark {n:02} that takes about as many words as people write in a meeting")
    Contribution.objects.get(text__startswith="Remark 33").agreements.create(user=cast.tom)
    closed = lifecycle.close_meeting(live, actor=cast.ana)
    address = reverse("collab:minutes-download", args=[closed.uuid])
    short, whole = (
        pdf_pages(as_user(cast.ana), address),
        pdf_pages(as_user(cast.ana), address, {"whole": "yes"}),
    )
    assert (len(short), len(whole) > 1) == (1, True)
    said = [n for n in range(40) if f"Remark {n:02}" in short[0]]
    assert said == [0, 33]  # the most agreed first, and how many more
    assert "and 38 more" in " ".join(short[0].split())
    assert [n for n in range(40) if f"Remark {n:02}" in "".join(whole)] == list(range(40))


def test_minutes_say_whether_a_checked_decision_was_done_beside_what_came_of_it(cast, as_user):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    item = live.items.order_by("position").last()
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    item.topic.decision = item.decisions.create(
        text="Read in pairs", decided_by=cast.ana, client_key=uuid.uuid4(), done_as="partly", judged="worked"
    )
    item.topic.save()
    closed = lifecycle.close_meeting(live, actor=cast.ana)
    address = reverse("collab:minutes-download", args=[closed.uuid])
    for text in (
        as_user(cast.ana).get(closed.get_absolute_url()).content.decode(),
        pdf_text(as_user(cast.ana), address),
    ):
        assert "In part" in text
        assert "It worked" in text


def test_an_action_item_stays_in_minutes_as_it_was_agreed(cast, closed, as_user):
    approve_minutes(closed, actor=cast.ana)
    action = Action.objects.get(text="Promise of Book fair")
    page, staff = closed.get_absolute_url(), reverse("collab:minutes-staff", args=[closed.uuid])
    assert "Agreed in the meeting" not in as_user(cast.tom).get(page).text
    for number, text in enumerate(("Sell nothing", "Sell all")):
        edit_action(
            action, actor=cast.ana, text=text, owner=cast.staff.tom, due_on=action.due_on, version=number
        )
    shown = " ".join(as_user(cast.tom).get(page).text.split())
    assert f"Agreed in the meeting: “Promise of Book fair”, {action.owner}, by" in shown
    assert ("Sell all" in shown, "Sell nothing" in shown) == (True, False)
    paper = pdf_text(as_user(cast.tom), reverse("collab:minutes-download", args=[closed.uuid]))
    for text in (paper, as_user(cast.gil).get(staff).text):
        assert ("Promise of Book fair" in text, "Sell" in text) == (True, False)


def test_names_are_hidden_in_the_pdf_too_while_the_projector_is_on(cast, closed, as_user):
    client = as_user(cast.ana)
    client.post(reverse("datareview:projector-switch"))
    paper = pdf_text(client, reverse("collab:minutes-download", args=[closed.uuid]))
    assert "Maya" not in paper
    assert "Student " in paper


def test_all_staff_read_open_items_of_approved_minutes_and_nothing_of_a_student(cast, closed, as_user):
    address = reverse("collab:minutes-staff", args=[closed.uuid])
    assert as_user(cast.gil).get(address).status_code == 404
    assert "This is a draft" in as_user(cast.tom).get(address).content.decode()
    approve_minutes(closed, actor=cast.ana)
    page = as_user(cast.gil).get(address).content.decode()
    paper = pdf_text(as_user(cast.gil), address, {"format": "pdf"})
    for text in (page, paper):
        assert "Promise of Book fair" in text
        assert not [word for word in ("Maya", "Okafor", "Custody", "fluency") if word in text]
    assert as_user(cast.zed).get(address).status_code == 404
