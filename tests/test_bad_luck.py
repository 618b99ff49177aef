"""What goes wrong when a school begins: one after the other, and what people are told.

Each has its own tests where it belongs (`tests/teams/invitations`, `people`, `team_admin`; `tests/datareview/sections`,
`measures`). Here they happen to the same school, since one may hide another.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from datareview.records.models import Enrollment
from teams.directory.models import Staff, TeamMember, User
from teams.directory.queries.names import distinct_names
from teams.invitations.queries import invitation_address
from teams.invitations.services import accept_invitation, invite_people
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.people.queries.checks import check_lines
from teams.people.rows import NewPerson
from teams.people.services.adding import PeopleRefused, add_people
from teams.people.services.changing import leave_school
from teams.team_admin.services.members import remove_member

PASSWORD = "a heron stands on one leg"


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_two_people_of_one_name_are_told_apart_and_one_address_twice_is_refused(cast, as_user):
    text = "Ana Ruiz\tana.two@lincoln.test\nTom Berg\tANA.TWO@lincoln.test\n"
    checked = check_lines(cast.school, text)
    assert [person.email for person in checked.people] == ["ana.two@lincoln.test"]
    assert [line.problem for line in checked.refused] == ["ana.two@lincoln.test is in the list twice."]
    (second,) = add_people(cast.school, checked.people, actor=cast.ada)
    names = distinct_names([cast.staff.ana, second])
    assert names == {cast.staff.ana.pk: "Ana Ruiz, Grade 4", second.pk: "Ana Ruiz, ana.two@lincoln.test"}
    with pytest.raises(PeopleRefused, match="works here already"):
        add_people(cast.school, [NewPerson("ana.two@lincoln.test", "Ana", "Ruiz")], actor=cast.ada)
    page = as_user(cast.ada).get(reverse("teams:person-list")).content.decode()
    assert page.count("ana.two@lincoln.test") >= 1


def test_a_link_is_used_once_and_not_late_and_not_by_someone_else(cast, as_user, settings):
    eve, max_ = add_people(
        cast.school,
        [NewPerson("eve@new.test", "Eve", "Witt"), NewPerson("max@new.test", "Max", "Orr")],
        actor=cast.ada,
    )
    first, second = invite_people(cast.school, [eve, max_], actor=cast.ada)
    link, late_link = (invitation_address(one) for one in (first, second))
    other = " ".join(as_user(cast.tom).get(link).content.decode().split())
    assert "signed in as Tom Berg" in other
    accept_invitation(first, first_name="Eve", last_name="Witt", password=PASSWORD)
    used = Client().get(link).content.decode()
    assert "Welcome" not in used
    settings.CLOCK_OFFSET += dt.timedelta(days=60)
    late = Client().get(late_link)
    assert late.status_code in (200, 410)
    assert 'name="password"' not in late.content.decode()
    assert User.objects.get(email="max@new.test").has_usable_password() is False


def test_the_last_administrator_stays_and_a_lead_who_left_is_named(cast, as_user):
    User.objects.filter(pk=cast.ada.pk).update(last_login=clock.now())
    with pytest.raises(DomainError, match="needs an administrator"):
        leave_school(Staff.objects.get(pk=cast.staff.ada.pk), last_day=None, actor=cast.ada)
    TeamMember.objects.filter(staff=cast.staff.ana).update(is_lead=True)
    leave_school(Staff.objects.get(pk=cast.staff.ana.pk), last_day=None, actor=cast.ada)
    page = " ".join(as_user(cast.cora).get(cast.team.get_absolute_url()).content.decode().split())
    assert "No lead since Ana Ruiz left." in page


def test_when_everybody_has_gone_the_children_are_still_seen_by_someone(cast, as_user):
    """The section's teacher leaves, the team's last member is removed, and the child's enrollment is deleted."""
    leave_school(Staff.objects.get(pk=cast.staff.ana.pk), last_day=None, actor=cast.ada)
    remove_member(TeamMember.objects.get(staff=cast.staff.tom), actor=cast.ada)
    Enrollment.objects.filter(student=cast.maya).delete()
    cora = as_user(cast.cora)
    untaught = cora.get(reverse("datareview:section-list"), {"show": "untaught"}).context["list"]
    assert [section.name for section in untaught.page] == ["4A"]
    (row,) = cora.get(reverse("datareview:unplaced-list")).context["rows"]
    assert (row.student, row.providers) == (cast.maya, ["Sol Vega"])
    assert cora.get(cast.maya.get_absolute_url()).status_code == 200
    assert as_user(cast.tom).get(cast.maya.get_absolute_url()).status_code == 404


def test_who_works_nowhere_any_more_is_told_so_and_the_other_school_stays_closed(cast, as_user):
    zed = as_user(cast.zed)
    for address in (
        cast.team.get_absolute_url(),
        cast.maya.get_absolute_url(),
        cast.plan.get_absolute_url(),
        cast.meeting.get_absolute_url(),
        reverse("teams:person-detail", args=[cast.staff.tom.uuid]),
    ):
        assert zed.get(address).status_code in (403, 404), address
    Staff.objects.filter(pk=cast.staff.zed.pk).update(ends_on=cast.school.today() - dt.timedelta(days=9))
    assert zed.get("/students/").status_code in (302, 403, 404)
