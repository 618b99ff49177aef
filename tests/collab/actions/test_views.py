"""An action item's page links only to what its reader may open, and a team's page counts nothing hidden."""

from __future__ import annotations

import uuid

from django.urls import reverse

from collab.actions.models import Action
from collab.decisions.models import Decision
from collab.meetings.models import Meeting


def test_an_owner_gets_no_link_to_a_student_they_may_not_see(cast, as_user):
    cast.action.owner, cast.action.student = cast.staff.gil, cast.maya
    cast.action.save()
    item = cast.action.item
    page = as_user(cast.gil).get(cast.action.get_absolute_url()).content.decode()
    assert "Maya" not in page
    assert item.meeting.title not in page
    page = as_user(cast.ana).get(cast.action.get_absolute_url()).content.decode()
    assert "Maya Okafor" in page
    assert f"{item.meeting.get_absolute_url()}#item-{item.uuid}" in page
    assert item.title in page


def test_an_edit_is_saved_over_another_only_after_both_were_seen(cast, as_user):
    address = reverse("collab:action-edit", args=[cast.action.uuid])
    ana = as_user(cast.ana)
    data = {"owner": cast.staff.ana.uuid, "due_on": cast.action.due_on.isoformat(), "version": 0}
    assert ana.post(address, data | {"text": "Of one window"}).status_code == 302
    stale = ana.post(address, data | {"text": "Of the other"})
    page = stale.content.decode()
    assert (stale.status_code, "Of one window" in page, "Of the other" in page) == (422, True, True)
    assert stale.context["form"]["version"].value() == "1"
    assert ana.post(address, data | {"text": "Of both", "version": 1}).status_code == 302
    page = ana.get(cast.action.get_absolute_url()).content.decode()
    assert ("Of both" in page, "It said: “Of one window”" in page) == (True, True)


def test_an_action_item_is_added_from_the_pages_of_a_student_a_plan_and_a_team(cast, as_user):
    ana = as_user(cast.ana)
    add = reverse("collab:action-create", args=[cast.team.uuid])
    for page, query in (
        (cast.team.get_absolute_url(), ""),
        (cast.maya.get_absolute_url(), f"?student={cast.maya.uuid}"),
        (cast.plan.get_absolute_url(), f"?plan={cast.plan.uuid}"),
    ):
        assert f'href="{add}{query}"' in ana.get(page).content.decode()
        data = {
            "text": f"From {page}",
            "owner": cast.staff.tom.uuid,
            "due_on": cast.school.today().isoformat(),
        }
        sent = ana.post(f"{add}{query}", data | {"client_key": uuid.uuid4()})
        assert (sent.status_code, sent["Location"]) == (302, page)
        assert f"From {page}" in ana.get(page).content.decode()
    rows = Action.objects.filter(item=None).order_by("pk").values_list("student", "plan", "made_by")
    assert list(rows) == [
        (None, None, cast.ana.pk),
        (cast.maya.pk, None, cast.ana.pk),
        (cast.maya.pk, cast.plan.pk, cast.ana.pk),
    ]


def test_what_is_in_progress_says_so_in_lists(cast, as_user):
    ana = as_user(cast.ana)
    ana.post(reverse("collab:action-progress", args=[cast.action.uuid]), {"note": "Four of six"})
    assert "in progress: Four of six" in ana.get(cast.team.get_absolute_url()).content.decode()


def test_what_is_in_progress_says_so_on_the_pages_of_its_student_and_plan(cast, as_user):
    Action.objects.filter(pk=cast.action.pk).update(student=cast.maya, plan=cast.plan)
    ana = as_user(cast.ana)
    ana.post(reverse("collab:action-progress", args=[cast.action.uuid]), {"note": ""})
    for subject in (cast.maya, cast.plan):
        page = " ".join(ana.get(subject.get_absolute_url()).content.decode().split())
        assert "Ana R · in progress</small>" in page, subject


def test_the_number_of_carries_is_shown(cast, as_user):
    cast.action.carried = 3
    cast.action.save()
    assert "carried over 3 times" in as_user(cast.ana).get(cast.action.get_absolute_url()).content.decode()


def test_a_restricted_decision_is_not_counted_on_the_teams_page(cast, as_user):
    Meeting.objects.update(state="closed")
    item = cast.meeting.items.first()
    for text in ("One", "Two"):
        Decision.objects.create(item=item, text=text, decided_by=cast.ana, client_key=uuid.uuid4())
    page = as_user(cast.tom).get(cast.team.get_absolute_url()).content.decode()
    assert "2 decisions" in page
    assert f"{cast.team.get_absolute_url()}decisions/" in page
    cast.meeting.items.filter(pk=item.pk).update(visibility="restricted")
    assert "0 decisions" in as_user(cast.tom).get(cast.team.get_absolute_url()).content.decode()


def test_without_scripts_a_reason_that_is_too_long_comes_back_to_be_shortened(cast, as_user):
    address = reverse("collab:action-finish", args=[cast.action.uuid, "dropped"])
    answer = as_user(cast.action.owner.user).post(address, {"reason": "Another team does it. " * 20})
    assert answer.status_code == 422
    assert "Another team does it. " * 19 in answer.content.decode()
    cast.action.refresh_from_db()
    assert (cast.action.state, cast.action.reason) == ("open", "")
