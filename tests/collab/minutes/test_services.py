"""Correct minutes: added beside the text, by people who may."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.meetings.models import Attendance
from collab.minutes.models import Correction
from collab.minutes.services import approve_minutes, correct_minutes, correct_people, open_item_to_staff
from collab.room.services import lifecycle
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError


@pytest.fixture
def closed(cast):
    """Closed minutes with nobody but Ana marked."""
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    lifecycle.join_meeting(live, actor=cast.ana)
    return lifecycle.close_meeting(live, actor=cast.ana)


def test_a_correction_is_added_once_also_after_approval(cast, closed):
    approve_minutes(closed, actor=cast.ana)
    key = uuid.uuid4()
    for _ in range(2):
        correct_minutes(closed, actor=cast.tom, text=" It was Tuesday. ", client_key=key)
    row = Correction.objects.get()
    assert (row.text, row.author, row.item) == ("It was Tuesday.", cast.tom, None)
    assert AuditEvent.objects.filter(verb="corrected").count() == 1


@pytest.mark.parametrize("name", ["gil", "zed", "pia"])
def test_only_participants_correct_minutes(cast, closed, name):
    with pytest.raises(PermissionDenied):
        correct_minutes(closed, actor=getattr(cast, name), text="x", client_key=uuid.uuid4())
    with pytest.raises(PermissionDenied):
        correct_people(closed, actor=getattr(cast, name), marks={})


def test_unreadable_items_and_live_meetings_cannot_be_corrected(cast, closed):
    item = closed.items.first()
    closed.items.filter(pk=item.pk).update(visibility="restricted")
    with pytest.raises(PermissionDenied):
        correct_minutes(closed, actor=cast.tom, text="x", client_key=uuid.uuid4(), item=item)
    live = lifecycle.reopen_meeting(closed, actor=cast.ana)
    with pytest.raises(PermissionDenied):
        correct_minutes(live, actor=cast.tom, text="x", client_key=uuid.uuid4())


def test_attendance_changes_in_a_draft_but_not_in_approved_minutes(cast, closed):
    toms = str(cast.staff.tom.uuid)
    assert correct_people(closed, actor=cast.tom, marks={toms: "late"}) == 1
    assert correct_people(closed, actor=cast.tom, marks={toms: "late"}) == 0
    assert Attendance.objects.get(staff=cast.staff.tom).mark == "late"
    with pytest.raises(DomainError, match="Choose how"):
        correct_people(closed, actor=cast.tom, marks={toms: "asleep"})
    approve_minutes(closed, actor=cast.ana)
    with pytest.raises(DomainError, match="approved"):
        correct_people(closed, actor=cast.tom, marks={toms: "absent"})


def test_the_form_keeps_typed_text_and_the_page_shows_corrections(cast, closed, as_user):
    client, address = as_user(cast.tom), reverse("collab:minutes-correct", args=[closed.uuid])
    answer = client.post(address, {"text": "Half typed", "client_key": "x"})
    assert answer.status_code == 422
    assert "Half typed" in answer.content.decode()
    item = closed.items.first()
    fields = {"text": "It was <b>Tuesday</b>", "client_key": uuid.uuid4(), "item": item.uuid}
    answer = client.post(address, fields, follow=True)
    assert "It was &lt;b&gt;Tuesday" in answer.content.decode()
    assert Correction.objects.get().item == item
    people = {str(cast.staff.tom.uuid): "remote"}
    page = client.post(reverse("collab:minutes-people", args=[closed.uuid]), people, follow=True)
    assert "Tom" in page.content.decode().split("Absent:")[0]


def test_a_lead_opens_an_item_to_all_staff_after_the_meeting_and_it_is_recorded(cast, closed):
    item = closed.items.first()
    with pytest.raises(PermissionDenied):
        open_item_to_staff(item, actor=cast.tom, is_open=True)
    for is_open, kept in ((True, "staff"), (True, "staff"), (False, "team")):
        assert open_item_to_staff(item, actor=cast.ana, is_open=is_open).visibility == kept
    verbs = AuditEvent.objects.filter(verb__endswith="-to-staff").order_by("pk").values_list("verb", "actor")
    assert list(verbs) == [("opened-to-staff", cast.ana.pk), ("closed-to-staff", cast.ana.pk)]


def test_an_item_on_which_nothing_was_said_is_not_offered_to_others(cast, closed, as_user):
    item = closed.items.first()
    address = reverse("collab:item-open", args=[item.uuid])
    assert address in as_user(cast.ana).get(closed.get_absolute_url()).content.decode()
    item.contributions.all().delete()
    item.decisions.all().delete()
    item.actions.all().delete()
    assert address not in as_user(cast.ana).get(closed.get_absolute_url()).content.decode()


@pytest.mark.parametrize("about", ["named people", "a student", "a student’s chart"])
def test_an_item_for_named_people_or_about_a_student_is_never_opened(cast, closed, as_user, about):
    item = closed.items.first()
    address = reverse("collab:item-open", args=[item.uuid])
    assert address in as_user(cast.ana).get(closed.get_absolute_url()).content.decode()
    if about == "a student":
        type(item.topic).objects.filter(pk=item.topic_id).update(candidate=cast.candidate)
    elif about == "a student’s chart":
        of = {"student": str(cast.maya.uuid), "measure": str(cast.fluency.uuid)}
        item.exhibits.create(view="student_measure", parameters=of, added_by=cast.ana)
    else:
        closed.items.filter(pk=item.pk).update(visibility="restricted", owner=cast.staff.ana)
    assert address not in as_user(cast.ana).get(closed.get_absolute_url()).content.decode()
    with pytest.raises(DomainError):
        open_item_to_staff(item, actor=cast.ana, is_open=True)
