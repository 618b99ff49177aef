"""A user's scope: read once per request, of this user only, and with what the request itself changed."""

import pytest
from django.contrib.auth.models import AnonymousUser

from datareview.records.permissions import students_visible_to
from teams.access.permissions import is_in, teams_visible_to
from teams.access.scope import Scope, scope_of
from teams.directory.models import TeamMember
from teams.lib.request_cache import request_cache


def test_who_is_not_signed_in_has_an_empty_scope(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert scope_of(AnonymousUser()) == Scope()


@pytest.mark.parametrize(("name", "queries"), [("ana", 1), ("sol", 1), ("cora", 2), ("pia", 2)])
def test_rules_about_teams_and_students_read_the_scope_once(cast, name, queries, django_assert_num_queries):
    user = getattr(cast, name)
    with request_cache():
        for expected in (queries, 0):
            with django_assert_num_queries(expected):
                assert teams_visible_to(user).query
                assert students_visible_to(user).query


def test_one_request_may_ask_for_several_people(cast):
    with request_cache():
        found = {name: set(students_visible_to(getattr(cast, name))) for name in ("ana", "zed", "gil", "ana")}
    assert found == {"ana": {cast.maya, cast.jonas, cast.ines}, "zed": {cast.leak}, "gil": set()}


def test_a_request_that_adds_or_ends_a_membership_sees_it(cast):
    with request_cache():
        assert (is_in(cast.gil, cast.team), set(students_visible_to(cast.gil))) == (False, set())
        member = TeamMember.objects.create(team=cast.team, staff=cast.staff.gil)
        assert is_in(cast.gil, cast.team)
        assert set(students_visible_to(cast.gil)) == {cast.maya, cast.jonas, cast.ines}
        member.delete()
        assert (is_in(cast.gil, cast.team), set(students_visible_to(cast.gil))) == (False, set())


def test_a_request_that_gives_away_a_section_sees_it(cast):
    with request_cache():
        assert set(students_visible_to(cast.gil)) == set()
        cast.section.teachers.add(cast.staff.gil)
        assert set(students_visible_to(cast.gil)) == {cast.maya, cast.jonas}
        cast.section.teachers.clear()
        assert set(students_visible_to(cast.gil)) == set()


def test_access_ends_with_the_next_request(cast, as_user):
    client, page = as_user(cast.tom), cast.team.get_absolute_url()
    assert client.get(page).status_code == 200
    cast.team.members.filter(staff=cast.staff.tom).delete()
    assert client.get(page).status_code == 404
    cast.staff.tom.delete()
    assert client.get(page).status_code == 403
