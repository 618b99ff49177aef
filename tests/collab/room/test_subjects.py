"""The thing itself is on the table: earlier action items, norms, and a plan's review, with what can be done there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.actions import services as actions
from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services import items
from collab.meetings.models import Meeting
from collab.planning.services.meetings import plan_meeting
from collab.room.queries.listeners import regions_since
from collab.room.services import clock
from collab.subjects.services import decide_review
from datareview.progress.models import Review
from datareview.progress.services.undo import undo_review
from tests.factories.meetings import current, fresh


@pytest.fixture
def promised(cast, live):
    """The current item goes through earlier action items; one of them is Ana's and overdue."""
    item = current(live)
    Topic.objects.filter(pk=item.topic_id).update(kind="step")
    AgendaItem.objects.filter(pk=item.pk).update(reserved_for="checks")
    week_ago = live.started_at - dt.timedelta(days=7)
    Action.objects.filter(pk=cast.action.pk).update(item=None, created_at=week_ago)
    return cast.action


def page_of(as_user, user, live):
    return as_user(user).get(live.get_absolute_url()).content.decode()


def test_earlier_action_items_are_ticked_and_moved_on_the_item(cast, live, promised, as_user):
    move = reverse("collab:action-move", args=[live.uuid, promised.uuid])
    page = page_of(as_user, cast.ana, live)
    assert (page.count(f'id="action-{promised.uuid}"'), page.count(f'hx-post="{move}"')) == (1, 2)
    revision = fresh(live).revision
    answer = as_user(cast.ana).post(move, headers={"HX-Request": "true"})
    carried = fresh(promised)
    assert (answer["Room-Regions"], carried.version, carried.due_on > cast.school.today()) == (
        "item",
        1,
        True,
    )
    assert fresh(live).revision == revision + 1
    day = cast.school.today() + dt.timedelta(days=40)
    as_user(cast.ana).post(move, {"due_on": day.isoformat(), "version": 1}, headers={"HX-Request": "true"})
    assert fresh(promised).due_on == day
    stale = as_user(cast.ana).post(
        move, {"due_on": cast.school.today().isoformat(), "version": 1}, headers={"HX-Request": "true"}
    )
    assert (stale.status_code, fresh(promised).due_on) == (422, day)


def test_who_leads_or_records_the_live_meeting_ticks_for_others(cast, live, promised, as_user):
    Meeting.objects.filter(pk=live.pk).update(facilitator=None, recorder=None)
    move = reverse("collab:action-move", args=[live.uuid, promised.uuid])
    assert move not in page_of(as_user, cast.tom, live)
    with pytest.raises(PermissionDenied):
        actions.finish_action(promised, actor=cast.tom, state="done")
    Meeting.objects.filter(pk=live.pk).update(recorder=cast.staff.tom)
    assert move in page_of(as_user, cast.tom, live)
    assert actions.finish_action(promised, actor=cast.tom, state="done").state == "done"
    Meeting.objects.filter(pk=live.pk).update(state="closed", closed_at=live.started_at)
    with pytest.raises(PermissionDenied):
        actions.finish_action(promised, actor=cast.tom, state="open")


def test_the_norms_are_on_the_step_that_opens_the_meeting(cast, live, as_user):
    cast.team.norms.create(text="We start on time", position=1)
    assert '<ol class="norms">' not in as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    first = current(live)
    Topic.objects.filter(pk=first.topic_id).update(kind="step")
    type(first).objects.filter(pk=first.pk).update(kind="inform")
    page = as_user(cast.tom).get(live.get_absolute_url()).content.decode()
    assert "We start on time" in page[page.index('<ol class="norms">') :]


def test_the_norms_are_on_the_item_that_reviews_them(cast, live, as_user):
    Topic.objects.filter(pk=current(live).topic_id).update(kind="norms")
    for place, text in enumerate(["Begin on time", "Data before opinions"]):
        cast.team.norms.create(text=text, position=place)
    page = page_of(as_user, cast.tom, live)
    listed = page[page.index('<ol class="norms">') : page.index("</ol>", page.index('<ol class="norms">'))]
    assert ("Begin on time" in listed, "Data before opinions" in listed) == (True, True)
    assert reverse("collab:norms-set", args=[cast.team.uuid]) in page


@pytest.fixture
def review(cast, live):
    """The current item is the review of Maya's plan, which coordinators may decide."""
    item = current(live)
    Topic.objects.filter(pk=item.topic_id).update(kind="review", plan=cast.plan)
    return reverse("collab:review-decide", args=[live.uuid, item.uuid])


def test_a_plans_review_is_decided_on_its_item(cast, live, review, as_user):
    assert review in page_of(as_user, cast.cora, live)
    assert review not in page_of(as_user, cast.tom, live)
    data = {
        "decision": "continue",
        "reason": "It rises",
        "next_review_on": (cast.school.today() + dt.timedelta(days=28)).isoformat(),
        "due_on": fresh(cast.plan).review_on.isoformat(),
    }
    refused = as_user(cast.cora).post(review, data | {"reason": ""}, headers={"HX-Request": "true"})
    assert (refused.status_code, Review.objects.count()) == (422, 0)
    revision = fresh(live).revision
    as_user(cast.cora).post(review, data, headers={"HX-Request": "true"})
    assert fresh(live).revision == revision + 1
    assert list(Review.objects.values_list("decision", "reason")) == [("continue", "It rises")]
    page = page_of(as_user, cast.tom, live)
    assert ("It rises" in page, review in page_of(as_user, cast.cora, live)) == (True, False)
    denied = as_user(cast.tom).post(review, data, headers={"HX-Request": "true"})
    assert (denied.status_code, Review.objects.count()) == (403, 1)


def test_a_review_is_not_shown_to_those_who_may_not_see_the_student(cast, live, review, as_user):
    cast.maya.grade = 12
    cast.maya.save()
    page = page_of(as_user, cast.tom, live)
    assert ('id="review"' in page, review in page) == (False, False)


def test_boards_to_notice_and_wonder_are_only_where_data_are(cast, live, as_user):
    plain, start = 'class="item item-plain"', '<option value="note" selected>'
    page = page_of(as_user, cast.ana, live)
    assert (plain in page, start in page) == (True, True)
    AgendaItem.objects.filter(pk=current(live).pk).update(kind="explore")
    page = page_of(as_user, cast.ana, live)
    assert (plain in page, start in page, '<option value="notice" selected>' in page) == (False, False, True)


def test_open_rooms_read_a_review_again_that_was_undone(
    cast, live, review, django_capture_on_commit_callbacks
):
    item = current(live)
    today = cast.school.today()
    made = decide_review(
        item, actor=cast.cora, decision="continue", reason="It rises", what_changes="",
        next_review_on=today + dt.timedelta(days=28), due_on=fresh(cast.plan).review_on,
    )  # fmt: skip
    revision = fresh(live).revision
    with django_capture_on_commit_callbacks(execute=True):
        undo_review(made, actor=cast.cora)
        assert fresh(live).revision == revision  # the meeting is not locked while the plan is
    assert (fresh(live).revision, regions_since(live.pk, revision, until=revision + 1)) == (
        revision + 1,
        ["item"],
    )


def test_the_last_step_shows_the_next_agenda(cast, live, as_user):
    last = live.items.order_by("position").last()
    Topic.objects.filter(pk=last.topic_id).update(kind="step")
    AgendaItem.objects.filter(pk=last.pk).update(kind="reflect")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(last.uuid), anyway=True)
    assert "Open the next agenda" not in page_of(as_user, cast.ana, live)
    later = plan_meeting(
        cast.team, actor=cast.ana, title="", starts_at=live.starts_at + dt.timedelta(days=7), minutes=45
    )
    items.add_item(later, actor=cast.ana, title="Field trip", minutes=5)
    found = {who: page_of(as_user, getattr(cast, who), live) for who in ("ana", "tom")}
    assert {who: ("Open the next agenda" in page, "Field trip" in page) for who, page in found.items()} == {
        "ana": (True, True),
        "tom": (True, False),  # it is a draft
    }
