"""Who is in a team, from when until when."""

import datetime as dt
import logging

import pytest
from django.core.exceptions import PermissionDenied

from datareview.records.permissions import students_visible_to
from teams.access.permissions import is_in
from teams.directory.models import TeamMember
from teams.lib.errors import DomainError, StaleEdit
from teams.team_admin.services.members import (
    add_members,
    change_member,
    remove_member,
    set_team_rules,
    state_of,
)
from tests.conftest import START, TODAY

A_DAY = dt.timedelta(days=1)


@pytest.fixture
def leads_edit(cast):
    set_team_rules(cast.school, actor=cast.ada, leads_edit_members=True, newcomers_read_all=True)
    cast.team.refresh_from_db()


def tom(cast):
    return TeamMember.objects.get(team=cast.team, staff=cast.staff.tom)


def test_a_new_member_sees_the_teams_students_from_the_first_day_on(cast):
    add_members(cast.team, [cast.staff.gil], actor=cast.cora, starts_on=TODAY + A_DAY)
    assert not is_in(cast.gil, cast.team)
    add_members(cast.team, [cast.staff.sol], actor=cast.cora)
    assert is_in(cast.sol, cast.team)
    assert cast.ines in students_visible_to(cast.sol)


def test_who_is_removed_keeps_nothing(cast):
    cast.section.teachers.clear()
    assert cast.maya in students_visible_to(cast.tom)
    remove_member(tom(cast), actor=cast.ada)
    assert not is_in(cast.tom, cast.team)
    assert set(students_visible_to(cast.tom)) == {cast.ines}  # of the own section
    assert tom(cast).ends_on == TODAY - A_DAY


def test_who_is_removed_on_the_first_day_was_never_a_member(cast):
    (member,) = add_members(cast.team, [cast.staff.gil], actor=cast.cora)
    remove_member(member, actor=cast.cora)
    assert not TeamMember.objects.filter(staff=cast.staff.gil).exists()


def test_a_former_member_joins_again(cast):
    remove_member(tom(cast), actor=cast.ada)
    add_members(cast.team, [cast.staff.tom], actor=cast.ada, is_lead=True)
    assert (tom(cast).starts_on, tom(cast).ends_on, tom(cast).is_lead) == (TODAY, None, True)


@pytest.mark.parametrize(
    ("who", "dates", "sentence"),
    [
        ("tom", {}, "Tom Berg is a member already. Change the dates instead."),
        ("zed", {}, "Zed Stone does not work at this school."),
        ("ada", {}, "Ada Cole can’t be in a team with the role Administrator."),
        ("gil", {"ends_on": TODAY - A_DAY}, "The last day is before the first."),
    ],
)
def test_who_cannot_join_is_named_with_the_reason(cast, who, dates, sentence):
    with pytest.raises(DomainError) as error:
        add_members(cast.team, [getattr(cast.staff, who)], actor=cast.cora, **dates)
    assert str(error.value) == sentence


def test_the_membership_of_someone_whose_role_joins_no_teams_is_not_extended(cast):
    ended = TeamMember.objects.create(
        team=cast.team, staff=cast.staff.ada, starts_on=START, ends_on=TODAY - A_DAY
    )
    values = {"is_lead": False, "starts_on": START, "ends_on": None}
    with pytest.raises(DomainError, match="can’t be in a team"):
        change_member(ended, actor=cast.cora, seen=state_of(ended), **values)
    assert not is_in(cast.ada, cast.team)


def test_who_left_the_school_does_not_join(cast):
    cast.staff.gil.ends_on = TODAY - A_DAY
    cast.staff.gil.save()
    with pytest.raises(DomainError):
        add_members(cast.team, [cast.staff.gil], actor=cast.cora)


def test_a_lead_edits_members_only_where_the_school_says_so(cast):
    for who in (cast.ana, cast.tom, cast.pia, cast.zed):
        with pytest.raises(PermissionDenied):
            add_members(cast.team, [cast.staff.gil], actor=who)


def test_a_lead_adds_members_from_today_on(cast, leads_edit):
    with pytest.raises(DomainError):
        add_members(cast.team, [cast.staff.gil], actor=cast.ana, starts_on=TODAY - A_DAY)
    add_members(cast.team, [cast.staff.gil], actor=cast.ana)
    assert is_in(cast.gil, cast.team)
    with pytest.raises(PermissionDenied):
        remove_member(tom(cast), actor=cast.gil)
    with pytest.raises(PermissionDenied):
        add_members(cast.other_team, [cast.staff.zed], actor=cast.ana)


def test_a_lead_does_not_move_a_first_day_back(cast, leads_edit):
    (member,) = add_members(cast.team, [cast.staff.gil], actor=cast.ana)
    values = {"is_lead": False, "starts_on": START, "ends_on": None}
    with pytest.raises(DomainError):
        change_member(member, actor=cast.ana, seen=state_of(member), **values)


def test_a_lead_does_not_reopen_the_record_of_a_former_member(cast, leads_edit):
    member = tom(cast)
    values = {"is_lead": False, "starts_on": member.starts_on}
    TeamMember.objects.filter(pk=member.pk).update(ends_on=TODAY - A_DAY)
    seen = state_of(tom(cast))
    with pytest.raises(DomainError, match="This membership is over"):
        change_member(member, actor=cast.ana, seen=seen, ends_on=None, **values)
    assert not is_in(cast.tom, cast.team)
    change_member(member, actor=cast.cora, seen=seen, ends_on=None, **values)
    assert is_in(cast.tom, cast.team)


def test_a_lead_shortens_the_own_time_but_does_not_extend_it(cast, leads_edit):
    member = TeamMember.objects.get(team=cast.team, staff=cast.staff.ana)
    values = {"is_lead": True, "starts_on": member.starts_on}
    change_member(member, actor=cast.ana, seen=state_of(member), ends_on=TODAY + 2 * A_DAY, **values)
    member.refresh_from_db()
    for later in (None, TODAY + 3 * A_DAY):
        with pytest.raises(DomainError, match="extend your own time"):
            change_member(member, actor=cast.ana, seen=state_of(member), ends_on=later, **values)
    change_member(member, actor=cast.ana, seen=state_of(member), ends_on=TODAY + A_DAY, **values)
    member.refresh_from_db()
    assert member.ends_on == TODAY + A_DAY


def test_a_stale_change_shows_what_is_there_now(cast):
    member = tom(cast)
    seen = state_of(member)
    values = {"starts_on": member.starts_on, "ends_on": TODAY + A_DAY}
    change_member(member, actor=cast.ada, seen=seen, is_lead=True, **values)
    assert (tom(cast).is_lead, tom(cast).ends_on) == (True, TODAY + A_DAY)
    with pytest.raises(StaleEdit) as error:
        change_member(member, actor=cast.cora, seen=seen, is_lead=False, **values)
    assert error.value.current.startswith("lead from ")


def test_every_change_of_who_sees_what_is_a_security_event(cast, caplog):
    caplog.set_level(logging.INFO, logger="collab.security")
    (member,) = add_members(cast.team, [cast.staff.gil], actor=cast.cora)
    change_member(member, actor=cast.cora, seen=state_of(member), is_lead=True, starts_on=TODAY, ends_on=None)
    remove_member(member, actor=cast.cora)
    set_team_rules(cast.school, actor=cast.ada, leads_edit_members=True, newcomers_read_all=False)
    assert [record.message for record in caplog.records] == [
        "joined team",
        "changed member",
        "left team",
        "team rules set",
    ]
    assert caplog.records[0].fields["about"] == str(cast.gil.uuid)
