"""Who sees the page, who shares it, and that it names nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from collab.meetings.models import Meeting
from teams.audit.models import AuditEvent
from teams.directory.models import Team

SEERS = ("ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed")


def statuses(cast, as_user):
    address = reverse("collab:value-show", args=[cast.team.uuid])
    return {name: as_user(getattr(cast, name)).get(address).status_code for name in SEERS}


def share(cast, as_user, name, shared):
    address = reverse("collab:value-share", args=[cast.team.uuid])
    return as_user(getattr(cast, name)).post(address, {"shared": shared}).status_code


def test_leaders_see_it_only_while_a_lead_shares_it(cast, as_user):
    alone = {**dict.fromkeys(SEERS, 404), "ana": 200, "tom": 200}
    assert statuses(cast, as_user) == alone
    assert share(cast, as_user, "ana", "yes") == 302
    assert statuses(cast, as_user) == {**alone, "cora": 200, "pia": 200, "ada": 200}
    assert share(cast, as_user, "ana", "no") == 302
    assert statuses(cast, as_user) == alone
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "value-shared",
        "value-unshared",
    ]


@pytest.mark.parametrize("name", ["tom", "cora", "pia", "gil", "zed"])
def test_nobody_else_shares_it(cast, as_user, name):
    assert share(cast, as_user, name, "yes") == (403 if name == "tom" else 404)
    Team.objects.filter(pk=cast.team.pk).update(shares_value=True)
    assert share(cast, as_user, name, "no") == (404 if name in ("gil", "zed") else 403)


def test_it_shows_what_leaders_would_see_and_that_there_is_nothing_yet(cast, as_user):
    page = as_user(cast.ana).get(reverse("collab:value-show", args=[cast.team.uuid])).content.decode()
    assert "No closed meetings yet" in page
    assert "see exactly this page" in page
    assert "Share with leaders" in page


def test_nobody_is_named(cast, as_user):
    starts = cast.school.at(cast.school.today() - dt.timedelta(days=3), dt.time(10, 10))
    Meeting.objects.create(
        team=cast.team,
        title="About Maya Okafor",
        facilitator=cast.staff.tom,
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=45),
        state="closed",
    )
    page = as_user(cast.ana).get(reverse("collab:value-show", args=[cast.team.uuid]), {"last": "4"})
    text = page.content.decode()
    assert "The last closed meeting" in text
    assert not [name for name in ("Tom", "Berg", "Okafor") if name in text]


def test_an_invalid_number_of_meetings_falls_back_to_the_default(cast, as_user):
    page = as_user(cast.ana).get(reverse("collab:value-show", args=[cast.team.uuid]), {"last": "1e9"})
    assert page.status_code == 200
