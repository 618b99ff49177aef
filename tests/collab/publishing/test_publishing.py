"""An agenda is a draft until it is published: who sees it, when it is sent, and what changed since."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.agendas.models import Topic
from collab.agendas.permissions import items_visible_to
from collab.agendas.services import items
from collab.meetings.models import Meeting
from collab.preparation.services import queue
from collab.publishing.services import publish_agenda, publish_agendas
from collab.room.services import lifecycle
from teams.access.permissions import is_member
from teams.directory.models import Substitution
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail


@pytest.fixture
def draft(cast):
    Meeting.objects.filter(pk=cast.meeting.pk).update(published_at=None)
    cast.meeting.refresh_from_db()
    return cast.meeting


def titles(user, meeting) -> list[str]:
    rows = items_visible_to(user).filter(meeting=meeting).order_by("position")
    return list(rows.values_list("title", flat=True))


BOTH = ["Our action items", "Winter fluency"]


def test_only_leads_and_the_facilitator_see_a_draft_and_everyone_their_own_items(cast, draft, as_user):
    items.add_item(draft, actor=cast.tom, title="Field trip", minutes=5)
    found = {name: titles(getattr(cast, name), draft) for name in ("ana", "cora", "tom", "pia")}
    assert found == {
        "ana": [*BOTH, "Field trip"],
        "cora": [*BOTH, "Field trip"],
        "tom": ["Field trip"],
        "pia": [],
    }
    for address in (draft.get_absolute_url(), reverse("collab:home-show")):
        page = as_user(cast.tom).get(address).content.decode()
        assert ("Field trip" in page, "Winter fluency" in page) == (True, False)
    page = as_user(cast.tom).get(draft.get_absolute_url()).content.decode()
    assert ("still a draft" in page, "Restricted item" in page, "Publish now" in page) == (True, False, False)
    assert "Publish now" in as_user(cast.ana).get(draft.get_absolute_url()).content.decode()
    Meeting.objects.filter(pk=draft.pk).update(facilitator=cast.staff.tom)
    assert titles(cast.tom, draft) == [*BOTH, "Field trip"]


def test_only_who_prepares_a_draft_arranges_it(cast, draft):
    for change in (
        lambda: queue.fill_agenda(draft, actor=cast.tom),
        lambda: queue.take_entry(draft, actor=cast.tom, key=f"candidate:{cast.candidate.pk}"),
        lambda: items.order_items(draft, actor=cast.tom, order=[]),
        lambda: items.move_item(draft.items.first(), actor=cast.tom, by=1),
        lambda: publish_agenda(draft, actor=cast.tom),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert titles(cast.ana, draft) == BOTH


def test_publishing_shows_and_sends_it_once(cast, draft):
    Mail.objects.all().delete()
    publish_agenda(draft, actor=cast.ana)
    publish_agenda(draft, actor=cast.ana)
    assert titles(cast.tom, draft) == BOTH
    assert set(Mail.objects.filter(kind="agenda").values_list("to", flat=True)) == {cast.ana.pk, cast.tom.pk}
    assert publish_agendas(draft.starts_at - dt.timedelta(hours=20)) == 0
    assert list(draft.events.values_list("kind", flat=True)) == ["published"]


def test_a_day_before_it_is_published_by_itself(cast, draft):
    assert publish_agendas(draft.starts_at - dt.timedelta(hours=25)) == 0
    assert titles(cast.tom, draft) == []
    assert publish_agendas(draft.starts_at - dt.timedelta(hours=23)) == 1
    assert titles(cast.tom, draft) == BOTH


def test_a_started_meeting_has_no_draft(cast, draft):
    lifecycle.start_meeting(draft, actor=cast.ana)
    assert titles(cast.tom, draft) == BOTH
    with pytest.raises(DomainError, match="has begun"):
        publish_agenda(draft, actor=cast.ana)


def test_what_changed_since_is_marked(cast, draft, as_user):
    gone = items.add_item(draft, actor=cast.ana, title="Old business", minutes=5)
    publish_agenda(draft, actor=cast.ana)
    first = draft.items.get(title="Our action items")
    items.edit_item(first, actor=cast.ana, version=0, minutes=12)
    items.add_item(draft, actor=cast.tom, title="Field trip", minutes=5)
    items.remove_item(gone, actor=cast.ana)
    found = as_user(cast.tom).get(draft.get_absolute_url())
    marks = {row.item.title: (row.is_new, row.is_changed) for row in found.context["page"].rows}
    assert marks == {
        "Our action items": (False, True),
        "Winter fluency": (False, False),
        "Field trip": (True, False),
    }
    assert "Taken off since: Old business" in " ".join(found.content.decode().split())


@pytest.mark.parametrize(("before", "words"), [(30, "at the latest"), (2, "in the next minutes")])
def test_a_draft_never_promises_a_time_that_has_passed(cast, draft, as_user, before, words):
    Meeting.objects.filter(pk=draft.pk).update(
        starts_at=clock.now() + dt.timedelta(hours=before),
        ends_at=clock.now() + dt.timedelta(hours=before + 1),
    )
    tom, ana = (as_user(user).get(draft.get_absolute_url()).content.decode() for user in (cast.tom, cast.ana))
    assert (words in tom, "in the next minutes" in ana) == (True, before == 2)


def test_publishing_says_how_many_get_an_email_and_what_waits(cast, draft, as_user):
    page = " ".join(as_user(cast.ana).get(draft.get_absolute_url()).content.decode().split())
    assert "2 people get the agenda by email at once." in page
    assert "2 entries wait in the queue and are not on it." in page
    assert "Nothing is on it but the steps" not in page
    Topic.objects.filter(agenda_items__meeting=draft).update(kind="step")
    assert (
        "Nothing is on it but the steps" in as_user(cast.ana).get(draft.get_absolute_url()).content.decode()
    )
    done = as_user(cast.ana).post(reverse("collab:agenda-publish", args=[draft.uuid]), follow=True)
    assert "Published. 2 people get the agenda by email." in done.content.decode()


def test_who_replaces_a_lead_or_the_facilitator_prepares_the_draft(cast, draft):
    today = cast.school.today()
    assert titles(cast.gil, draft) == []
    Substitution.objects.create(
        replaced=cast.staff.ana, substitute=cast.staff.gil, starts_on=today, ends_on=today
    )
    assert titles(cast.gil, draft) == BOTH
    assert publish_agenda(draft, actor=cast.gil).published_at
    assert is_member(cast.gil, cast.team, lead=True) is False


def test_an_item_that_is_added_is_confirmed(cast, as_user):
    data = {
        "title": "Field trip",
        "minutes": "5",
        "kind": "discuss",
        "capture": "notes",
        "visibility": "team",
    }
    page = as_user(cast.tom).post(reverse("collab:item-add", args=[cast.meeting.uuid]), data, follow=True)
    assert "“Field trip” is on the agenda, 5 min." in page.content.decode()
