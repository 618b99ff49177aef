"""Conditions that a row belongs to what somebody may see."""

from __future__ import annotations

import pytest

from teams.access.conditions import one_of
from teams.directory.models import Staff, Substitution, Team, TeamMember
from tests import conftest

pytestmark = pytest.mark.django_db


def test_rows_are_those_whose_reference_is_one_of_what_may_be_seen(cast):
    seen = Team.objects.filter(pk=cast.team.pk)
    found = TeamMember.objects.filter(one_of(seen, "team")).order_by("pk")
    assert [(row.team, row.staff) for row in found] == [
        (cast.team, cast.staff.ana),
        (cast.team, cast.staff.tom),
    ]
    assert list(Team.objects.filter(one_of(seen))) == [cast.team]


def test_a_row_that_refers_to_nothing_is_none_of_them(cast):
    alone = Staff.objects.filter(pk=cast.staff.gil.pk)
    assert list(alone.filter(one_of(TeamMember.objects.all(), "memberships"))) == []
    assert list(alone.filter(one_of(Team.objects.none(), "memberships__team"))) == []


def test_the_condition_holds_inside_another(cast):
    Substitution.objects.create(
        replaced=cast.staff.ana,
        substitute=cast.staff.gil,
        starts_on=conftest.TODAY,
        ends_on=conftest.TODAY,
    )
    members = TeamMember.objects.filter(one_of(Team.objects.filter(pk=cast.team.pk), "team"))
    replaced = Substitution.objects.filter(one_of(members, "replaced__memberships"))
    assert [row.substitute for row in replaced] == [cast.staff.gil]
