"""Who may stay connected to a live meeting."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to, viewers_of
from collab.meetings.services import roles
from collab.room.queries.listeners import Listener, still_in
from collab.room.services import lifecycle
from teams.directory.models import TeamMember, User
from tests.conftest import TODAY


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


@pytest.fixture
def listener(db):
    """``listener(user)``: their page, in a separate browser."""

    def of(user):
        client = Client()
        client.force_login(user, backend="teams.account.backends.ScopeBackend")
        return Listener.of(client.session)

    return of


@pytest.mark.parametrize("when", ["today", "member left", "staff left", "guest who left"])
def test_the_stream_is_for_people_who_may_see_the_meeting(cast, live, when):
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.gil)
    gone = TODAY - dt.timedelta(days=2)
    if when == "member left":
        TeamMember.objects.filter(staff=cast.staff.tom).update(ends_on=gone)
    elif when != "today":
        who = cast.staff.tom if when == "staff left" else cast.staff.gil
        type(who).objects.filter(pk=who.pk).update(ends_on=gone)
    everybody = [user.pk for user in User.objects.all()]
    meetings = set(Meeting.objects.values_list("pk", flat=True))
    seen = {
        pk: {user.pk for user in User.objects.all() if meetings_visible_to(user).filter(pk=pk).exists()}
        for pk in meetings
    }
    assert viewers_of(dict.fromkeys([*meetings, 0], everybody)) == seen | {0: set()}
    assert viewers_of({pk: [cast.tom.pk] for pk in meetings}) == {
        pk: found & {cast.tom.pk} for pk, found in seen.items()
    }
    assert viewers_of({live.pk: [cast.tom.pk]}) == {live.pk: seen[live.pk] & {cast.tom.pk}}


@pytest.mark.parametrize(
    "end",
    [
        lambda ana, cast: Session.objects.filter(pk=ana.session).delete(),
        lambda ana, cast: Session.objects.filter(pk=ana.session).update(expire_date=timezone.now()),
        lambda ana, cast: User.objects.filter(pk=ana.user).update(is_active=False),
        lambda ana, cast: (cast.ana.set_password("another one"), cast.ana.save()),
        lambda ana, cast: TeamMember.objects.filter(staff=cast.staff.ana).delete(),
    ],
    ids=["signed out elsewhere", "expired", "locked", "another password", "out of the team"],
)
def test_a_page_is_disconnected_when_its_session_or_permission_ends(cast, live, listener, end):
    ana, tom = listener(cast.ana), listener(cast.tom)
    assert still_in({live.pk: {ana, tom}}) == {live.pk: {ana, tom}}
    end(ana, cast)
    assert still_in({live.pk: {ana, tom}}) == {live.pk: {tom}}


def test_query_count_does_not_grow_with_the_listeners(cast, live, listener, django_assert_num_queries):
    for users in ([cast.tom], [cast.tom, cast.ana, cast.tom, cast.zed]):
        pages = {listener(user) for user in users}
        with django_assert_num_queries(7):
            still_in({live.pk: pages})
