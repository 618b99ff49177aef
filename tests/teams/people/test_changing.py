"""Changing people: details, roles, teams, leaving and returning, and the last administrator."""

import datetime as dt
import logging

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from collab.meetings.models import CalendarFeed
from collab.meetings.services.feeds import make_feed
from teams.access.queries import roles_in_words
from teams.account.queries import people_who_sign_in
from teams.account.services.leaving import end_access
from teams.directory.models import Staff, Team, TeamMember, User
from teams.invitations.services import invite_people
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit
from teams.people.queries.person import history_of, summary_of
from teams.people.queries.role_change import teams_to_restore
from teams.people.rows import NewPerson
from teams.people.services.adding import add_people
from teams.people.services.changing import (
    AddedToTeam,
    add_to_team,
    change_roles,
    edit_person,
    leave_school,
    return_person,
)
from tests.factories.sign_in import sign_in_once

KEPT = "The school needs an administrator"


def edit(staff, actor, **fields):
    values = {"title": "", "local_id": "", "seen": summary_of(staff), **fields}
    return edit_person(staff, actor=actor, **values)


def again(staff):
    return Staff.objects.select_related("user", "school").get(pk=staff.pk)


def invited_administrator(cast):
    """Bo, an administrator who has never signed in."""
    [staff] = add_people(
        cast.school, [NewPerson("bo@new.test", "Bo", "Low", "administrator")], actor=cast.ada
    )
    return staff


def second_administrator(cast):
    """Bo, an administrator who signs in with a password."""
    staff = invited_administrator(cast)
    sign_in_once(staff.user)
    return staff


def test_services_are_for_administrators_of_the_school(cast):
    tom = cast.staff.tom
    for actor in (cast.cora, cast.tom, cast.zed):
        for change in (
            lambda actor=actor: edit(tom, actor),
            lambda actor=actor: change_roles(cast.school, [tom], role="teacher", actor=actor),
            lambda actor=actor: add_to_team(cast.team, [tom], actor=actor),
            lambda actor=actor: leave_school(tom, last_day=None, actor=actor),
            lambda actor=actor: return_person(tom, role="teacher", actor=actor),
        ):
            with pytest.raises(PermissionDenied):
                change()


# Details ---------------------------------------------------------------------------------------------------


def test_an_unused_account_can_be_corrected_and_its_invitation_is_withdrawn(cast):
    [eve] = add_people(cast.school, [NewPerson("eve@nwe.test", "Eva", "Witt")], actor=cast.ada)
    [invitation] = invite_people(cast.school, [eve], actor=cast.ada)
    edit(eve, cast.ada, first_name="Eve", email="Eve@new.test", title="Nurse", local_id="7")
    eve, user = again(eve), User.objects.get(pk=eve.user_id)
    assert (str(user), user.email, eve.title, eve.local_id) == ("Eve Witt", "eve@new.test", "Nurse", "7")
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("eve@new.test", True, True)
    ]
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"email": "tom@lincoln.test"}, "belongs to another account"),
        ({"email": "zed@roosevelt.test"}, "belongs to another account"),
        ({"email": "eve@new"}, "no ending"),
        ({"local_id": "1"}, "someone else"),
    ],
)
def test_addresses_and_staff_ids_of_others_are_refused(cast, fields, problem):
    Staff.objects.filter(pk=cast.staff.tom.pk).update(local_id="1")
    [eve] = add_people(cast.school, [NewPerson("eve@new.test", "Eve", "Witt")], actor=cast.ada)
    with pytest.raises(DomainError, match=problem):
        edit(eve, cast.ada, **fields)


def test_what_is_refused_is_said_above_the_form(cast, as_user):
    [eve] = add_people(cast.school, [NewPerson("eve@new.test", "Eve", "Witt")], actor=cast.ada)
    data = {"first_name": "Eve", "last_name": "Witt", "email": "tom@lincoln.test", "seen": summary_of(eve)}
    answer = as_user(cast.ada).post(f"/people/{eve.uuid}/edit/", data)
    assert answer.context["form"].errors == {"__all__": ["tom@lincoln.test belongs to another account."]}
    assert "tom@lincoln.test belongs to another account." in answer.content.decode()


def test_name_and_address_of_an_account_in_use_are_its_owners(cast):
    cast.tom.set_password("x")
    cast.tom.save()
    edit(again(cast.staff.tom), cast.ada, first_name="Thomas", email="new@new.test", title="Head")
    cast.tom.refresh_from_db()
    assert (str(cast.tom), cast.tom.email, again(cast.staff.tom).title) == (
        "Tom Berg",
        "tom@lincoln.test",
        "Head",
    )


def test_a_second_editor_sees_both_texts_and_may_save_over_it(cast, as_user):
    client, tom = as_user(cast.ada), again(cast.staff.tom)
    address, seen = f"/people/{tom.uuid}/edit/", summary_of(tom)
    data = {"first_name": "Tom", "last_name": "Berg", "email": tom.user.email, "local_id": "", "seen": seen}
    client.post(address, {**data, "title": "Head of Math"})
    answer = client.post(address, {**data, "title": "Coach"})
    text = answer.content.decode()
    assert (answer.status_code, 'value="Coach"' in text) == (422, True)
    [(place, [error])] = answer.context["form"].errors.items()
    assert (place, "Head of Math" in error) == ("__all__", True)
    client.post(address, {**data, "title": "Coach", "seen": answer.context["form"].data["seen"]})
    assert again(tom).title == "Coach"
    with pytest.raises(StaleEdit):
        edit(tom, cast.ada, seen=seen)


# Roles -----------------------------------------------------------------------------------------------------


def test_roles_are_changed_recorded_and_logged(cast, caplog):
    caplog.set_level(logging.INFO)
    people = [cast.staff.tom, cast.staff.gil, cast.staff.sol, cast.staff.zed]
    assert change_roles(cast.school, people, role="specialist", actor=cast.ada) == 2
    assert [again(one).role for one in people] == ["specialist", "specialist", "specialist", "teacher"]
    assert [row.message for row in caplog.records if row.name == "collab.security"] == ["role changed"] * 2
    assert [event.what for event in history_of(cast.staff.tom)] == ["Role changed from Teacher to Specialist"]


def test_a_role_that_joins_no_teams_ends_memberships_also_planned_ones(cast):
    later = Team.objects.create(school=cast.school, name="Later")
    later.members.create(staff=cast.staff.tom, starts_on=cast.school.today() + dt.timedelta(days=9))
    change_roles(cast.school, [cast.staff.tom], role="administrator", actor=cast.ada)
    yesterday = cast.school.today() - dt.timedelta(days=1)
    rows = TeamMember.objects.filter(staff=cast.staff.tom)
    assert list(rows.values_list("team__name", "ends_on")) == [("Grade 4", yesterday)]
    change_roles(cast.school, [cast.staff.tom], role="teacher", actor=cast.ada)
    assert not TeamMember.objects.active().filter(staff=cast.staff.tom).exists()


def test_who_returns_in_a_role_that_joins_no_teams_is_in_none(cast):
    leave_school(cast.staff.tom, last_day=cast.school.today() + dt.timedelta(days=9), actor=cast.ada)
    return_person(cast.staff.tom, role="administrator", actor=cast.ada)
    assert not TeamMember.objects.active().filter(staff=cast.staff.tom).exists()


def test_an_unknown_role_is_refused(cast):
    with pytest.raises(DomainError):
        change_roles(cast.school, [cast.staff.tom], role="janitor", actor=cast.ada)


def test_the_last_administrator_is_kept(cast):
    with pytest.raises(DomainError, match=KEPT):
        change_roles(cast.school, [cast.staff.ada, cast.staff.tom], role="teacher", actor=cast.ada)
    assert again(cast.staff.tom).role == "teacher"
    for last_day in (None, cast.school.today()):
        with pytest.raises(DomainError, match=KEPT):
            leave_school(cast.staff.ada, last_day=last_day, actor=cast.ada)
    assert (again(cast.staff.ada).role, again(cast.staff.ada).ends_on) == ("administrator", None)


def test_of_two_administrators_one_can_go_but_not_both(cast):
    bo = second_administrator(cast)
    with pytest.raises(DomainError, match=KEPT):
        change_roles(cast.school, [bo, cast.staff.ada], role="teacher", actor=cast.ada)
    assert change_roles(cast.school, [cast.staff.ada], role="teacher", actor=cast.ada) == 1
    with pytest.raises(DomainError, match=KEPT):
        leave_school(bo, last_day=None, actor=bo.user)


def test_the_last_administrator_who_leaves_is_told_on_the_page(cast, as_user):
    User.objects.filter(pk=cast.ada.pk).update(last_login=clock.now())
    answer = as_user(cast.ada).post(f"/people/{cast.staff.ada.uuid}/leave/", {"last_day": ""})
    assert (answer.status_code, KEPT in answer.content.decode()) == (422, True)
    assert again(cast.staff.ada).ends_on is None


def test_an_administrator_with_a_last_day_does_not_count(cast):
    bo = second_administrator(cast)
    leave_school(bo, last_day=cast.school.today() + dt.timedelta(days=5), actor=cast.ada)
    with pytest.raises(DomainError, match=KEPT):
        change_roles(cast.school, [cast.staff.ada], role="teacher", actor=cast.ada)


def test_an_administrator_who_never_signed_in_does_not_count(cast):
    bo = invited_administrator(cast)
    for go in (
        lambda: change_roles(cast.school, [cast.staff.ada], role="teacher", actor=cast.ada),
        lambda: leave_school(cast.staff.ada, last_day=None, actor=cast.ada),
        lambda: leave_school(cast.staff.ada, last_day=cast.school.today(), actor=cast.ada),
    ):
        with pytest.raises(DomainError, match="Bo Low must sign in once"):
            go()
    leave_school(bo, last_day=None, actor=cast.ada)
    assert (again(bo).works_on(cast.school.today()), again(cast.staff.ada).ends_on) == (False, None)


@pytest.mark.parametrize(
    "lost",
    [
        {"is_active": False},
        {"password": "!"},
        {"password": ""},
        {"last_login": None},
        {"opened_again_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)},
    ],
    ids=lambda lost: next(iter(lost)),
)
def test_an_administrator_who_cannot_sign_in_any_more_does_not_count(cast, lost):
    bo = second_administrator(cast)
    User.objects.filter(pk=bo.user_id).update(**lost)
    with pytest.raises(DomainError, match=KEPT):
        leave_school(cast.staff.ada, last_day=None, actor=cast.ada)
    assert again(cast.staff.ada).ends_on is None


def test_who_signs_in_at_a_provider_or_with_a_passkey_needs_no_password(cast, settings):
    bo = second_administrator(cast)
    User.objects.filter(pk=bo.user_id).update(password="!")
    settings.SIGN_IN_PROVIDERS = [{"id": "google"}]
    assert bo.user in people_who_sign_in()
    settings.SIGN_IN_PROVIDERS = []
    assert bo.user not in people_who_sign_in()
    Authenticator.objects.create(user=bo.user, type=Authenticator.Type.WEBAUTHN, data={})
    assert bo.user in people_who_sign_in()


# The way back ----------------------------------------------------------------------------------------------


def test_an_operator_makes_someone_administrator_again(cast, caplog, capsys):
    end_access(cast.ada)
    caplog.set_level(logging.INFO)
    call_command("make_administrator", "Ada@Lincoln.test", school="Lincoln Elementary")
    ada = again(cast.staff.ada)
    assert (ada.role, ada.ends_on, ada.user.is_active) == ("administrator", None, True)
    assert "made administrator by the operator" in [record.message for record in caplog.records]
    assert "changepassword ada@lincoln.test" in capsys.readouterr().out
    assert history_of(ada)[0].what == "Role changed from Administrator to Administrator"


def test_an_operator_makes_a_teacher_or_someone_new_administrator(cast):
    call_command("make_administrator", cast.tom.email, school="Lincoln Elementary")
    tom = again(cast.staff.tom)
    assert tom.role == "administrator"
    assert not TeamMember.objects.active().filter(staff=tom).exists()
    assert sorted(event.what for event in history_of(tom)) == [
        "Left the team Grade 4, because the new role joins no teams",
        "Role changed from Teacher to Administrator",
    ]
    change_roles(cast.school, [tom], role="teacher", actor=cast.ada)
    assert teams_to_restore(again(tom)) == [cast.team]
    call_command("make_administrator", "New@lincoln.test", school="Lincoln Elementary")
    assert Staff.objects.get(user__email="new@lincoln.test").role == "administrator"


def test_a_second_role_that_an_operator_takes_is_in_the_history(cast):
    Staff.objects.filter(pk=cast.staff.pia.pk).update(role="principal", also="coordinator")
    call_command("make_administrator", cast.pia.email, school="Lincoln Elementary")
    pia = again(cast.staff.pia)
    assert (pia.role, pia.also) == ("administrator", "")
    assert "Role changed from Principal, Coordinator to Administrator" in [
        event.what for event in history_of(pia)
    ]


@pytest.mark.parametrize(
    ("email", "school", "words"),
    [
        ("tom@lincoln.test", "Nowhere", "no school of that name"),
        ("no address", "Lincoln Elementary", "valid email"),
        ("zed@roosevelt.test", "Lincoln Elementary", "has proven yet"),
    ],
)
def test_an_operator_learns_why_no_one_became_administrator(cast, email, school, words):
    User.objects.filter(pk=cast.zed.pk).update(has_unproven_address=True)
    with pytest.raises(CommandError, match=words):
        call_command("make_administrator", email, school=school)
    assert [staff.pk for staff in Staff.objects.filter(role="administrator")] == [cast.staff.ada.pk]


# Teams -----------------------------------------------------------------------------------------------------


def test_people_are_added_to_a_team_from_today(cast):
    TeamMember.objects.filter(staff=cast.staff.tom).update(ends_on=cast.school.today() - dt.timedelta(days=5))
    people = [cast.staff.ana, cast.staff.tom, cast.staff.gil, cast.staff.zed]
    assert add_to_team(cast.team, people, actor=cast.ada) == AddedToTeam(2, [])
    active = TeamMember.objects.active().filter(team=cast.team)
    assert set(active.values_list("staff__user__first_name", "is_lead", "starts_on")) == {
        ("Ana", True, cast.staff.ana.starts_on),
        ("Tom", False, cast.school.today()),
        ("Gil", False, cast.school.today()),
    }


def test_a_planned_membership_keeps_its_dates_and_is_named(cast, as_user):
    days = {"starts_on": cast.school.today() + dt.timedelta(days=30), "ends_on": None, "is_lead": True}
    planned = TeamMember.objects.create(team=cast.team, staff=cast.staff.gil, **days)
    people = [str(one.uuid) for one in (cast.staff.sol, cast.staff.gil)]
    data = {"row": people, "do": "team", "team": str(cast.team.uuid)}
    answer = as_user(cast.ada).post("/people/several/", data, follow=True)
    assert "1 person was changed. They join on a later day, as planned: Gil Hart." in answer.content.decode()
    planned.refresh_from_db()
    assert {name: getattr(planned, name) for name in days} == days


def test_people_whose_role_joins_no_teams_are_named_and_nobody_is_added(cast):
    with pytest.raises(DomainError, match="Ada Cole"):
        add_to_team(cast.team, [cast.staff.gil, cast.staff.ada], actor=cast.ada)
    assert TeamMember.objects.filter(team=cast.team).count() == 2


def test_fifty_people_take_few_queries(cast, django_assert_max_num_queries):
    people = add_people(
        cast.school, [NewPerson(f"p{n}@new.test", "P", "Q") for n in range(50)], actor=cast.ada
    )
    team = Team.objects.create(school=cast.school, name="All")
    with django_assert_max_num_queries(20):
        assert add_to_team(team, people, actor=cast.ada).count == 50


# Leaving and returning -------------------------------------------------------------------------------------


def test_a_last_day_keeps_access_until_then(cast, as_user):
    leave_school(cast.staff.tom, last_day=cast.school.today(), actor=cast.ada)
    cast.tom.refresh_from_db()
    assert (again(cast.staff.tom).ends_on, cast.tom.is_active) == (cast.school.today(), True)
    assert as_user(cast.tom).get(f"/teams/{cast.team.uuid}/").status_code == 200


def test_leaving_at_once_ends_everything(cast):
    [eve] = add_people(cast.school, [NewPerson("eve@new.test", "Eve", "Witt")], actor=cast.ada)
    [invitation] = invite_people(cast.school, [eve], actor=cast.ada)
    leave_school(eve, last_day=None, actor=cast.ada)
    invitation.refresh_from_db()
    eve = again(eve)
    assert (eve.ends_on < cast.school.today(), eve.user.is_active, invitation.state) == (
        True,
        False,
        "withdrawn",
    )
    with pytest.raises(DomainError, match="has left already"):
        leave_school(eve, last_day=None, actor=cast.ada)


def test_leaving_at_once_ends_the_calendar_links_of_this_school_and_of_no_other(cast):
    elsewhere = Staff.objects.create(user=cast.tom, school=cast.other_school, role="teacher")
    cast.other_team.members.create(staff=elsewhere)
    for team in (cast.team, cast.other_team, None):
        make_feed(cast.tom, team=team)
    make_feed(cast.ana, team=cast.team)
    leave_school(cast.staff.tom, last_day=None, actor=cast.ada)
    left = CalendarFeed.objects.filter(revoked_at=None).order_by("pk")
    assert [(feed.user, feed.team) for feed in left] == [
        (cast.tom, cast.other_team),
        (cast.tom, None),
        (cast.ana, cast.team),
    ]


def test_leaving_the_only_school_at_once_ends_all_calendar_links(cast):
    make_feed(cast.tom, team=None)
    leave_school(cast.staff.tom, last_day=None, actor=cast.ada)
    assert not CalendarFeed.objects.filter(revoked_at=None).exists()


def test_a_day_in_the_past_is_refused(cast):
    yesterday = cast.school.today() - dt.timedelta(days=1)
    with pytest.raises(DomainError, match="in the past"):
        leave_school(cast.staff.tom, last_day=yesterday, actor=cast.ada)


def test_who_returns_is_in_no_team_and_who_stays_keeps_theirs(cast):
    leave_school(cast.staff.tom, last_day=cast.school.today(), actor=cast.ada)
    return_person(again(cast.staff.tom), role="teacher", actor=cast.ada)
    members = TeamMember.objects.active().filter(staff=cast.staff.tom)
    assert (again(cast.staff.tom).ends_on, members.count()) == (None, 1)
    leave_school(cast.staff.tom, last_day=None, actor=cast.ada)
    return_person(again(cast.staff.tom), role="coordinator", actor=cast.ada)
    tom = again(cast.staff.tom)
    assert (tom.role, tom.ends_on, tom.user.is_active, members.count()) == ("coordinator", None, True, 0)
    with pytest.raises(DomainError, match="works here already"):
        return_person(tom, role="teacher", actor=cast.ada)


def test_at_another_school_nothing_changes(cast):
    Staff.objects.create(user=cast.tom, school=cast.other_school, role="teacher")
    leave_school(cast.staff.tom, last_day=None, actor=cast.ada)
    cast.tom.refresh_from_db()
    assert cast.tom.is_active
    assert Staff.objects.active().filter(user=cast.tom, school=cast.other_school).exists()


# Pages -----------------------------------------------------------------------------------------------------


def test_several_are_changed_from_the_list_which_stays_filtered(cast, as_user):
    people = [str(one.uuid) for one in (cast.staff.tom, cast.staff.gil)]
    data = {"row": people, "do": "team", "team": str(cast.team.uuid), "back": "role=teacher&page=1"}
    answer = as_user(cast.ada).post("/people/several/", data)
    assert answer["Location"] == "/people/?role=teacher&page=1"
    assert TeamMember.objects.active().filter(team=cast.team).count() == 3


def test_everyone_of_a_searched_list_is_changed_on_all_its_pages(cast, as_user, monkeypatch):
    monkeypatch.setattr("teams.people.queries.people.A_PAGE", 1)
    ada = as_user(cast.ada)
    address = ada.post("/people/", {"search": "new", "q": "lincoln.test", "role": "teacher"})["Location"]
    page = ada.get(address)
    found = list(page.context["list"].page.paginator.object_list)
    assert (len(found) > 1, len(page.context["list"].rows)) == (True, 1)
    assert f"All {len(found)} of this list" in " ".join(page.content.decode().split())
    team = Team.objects.create(school=cast.school, name="Reading circle", kind="grade")
    data = {"everyone": "yes", "do": "team", "team": str(team.uuid)}
    answer = ada.post("/people/several/", {**data, "back": page.context["wanted"].urlencode()})
    assert answer["Location"] == address
    assert set(TeamMember.objects.filter(team=team).values_list("staff", flat=True)) == {
        one.pk for one in found
    }
    refused = ada.post("/people/several/", {**data, "back": "role=teacher&search=gone"})
    text = refused.content.decode()
    assert (refused.status_code, "Select at least one row first." in text) == (422, True)
    assert TeamMember.objects.filter(team=team).count() == len(found)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"do": "invite"}, "Select at least one row first."),
        ({"do": "role", "row": "tom"}, "Choose a role or a team first."),
        ({"do": "role", "new_role": "teacher", "row": "ada"}, KEPT),
    ],
)
def test_a_refused_change_keeps_the_selection(cast, as_user, data, sentence):
    if "row" in data:
        data = {**data, "row": str(getattr(cast.staff, data["row"]).uuid)}
    answer = as_user(cast.ada).post("/people/several/", data)
    text = answer.content.decode()
    assert (answer.status_code, sentence in text) == (422, True)
    assert text.count("checked") == len(data.get("row", "")) // 36


def test_the_page_of_a_person_who_left_offers_to_return(cast, as_user):
    leave_school(cast.staff.tom, last_day=None, actor=cast.ada)
    text = as_user(cast.ada).get(f"/people/{cast.staff.tom.uuid}/").content.decode()
    assert ("Let them return" in text, "They leave the school" in text) == (True, False)


# A second role ---------------------------------------------------------------------------------------------


def test_an_administrator_also_coordinates_joins_a_team_and_plans(cast, as_user):
    client, page = as_user(cast.ada), f"/people/{cast.staff.ada.uuid}/"
    assert client.get("/series/new/").status_code == 403
    answer = client.post(f"{page}role/", {"role": "administrator", "also": "coordinator"}, follow=True)
    assert "Administrator, Coordinator" in answer.content.decode()
    assert history_of(again(cast.staff.ada))[0].what == (
        "Role changed from Administrator to Administrator, Coordinator"
    )
    assert add_to_team(cast.team, [again(cast.staff.ada)], actor=cast.ada).count == 1
    assert client.get("/series/new/").status_code == 200
    assert "Coordinator" in client.get("/people/list.csv").content.decode()


def test_a_second_role_is_refused_for_others_and_as_administrator(cast):
    for role, also in (
        ("teacher", "coordinator"),
        ("principal", "administrator"),
        ("principal", "principal"),
        ("administrator", "janitor"),
    ):
        with pytest.raises(DomainError, match="second role"):
            change_roles(cast.school, [cast.staff.tom], role=role, also=also, actor=cast.ada)
    assert (again(cast.staff.tom).role, again(cast.staff.tom).also) == ("teacher", "")


def test_a_second_role_keeps_memberships_and_ends_with_the_first(cast):
    change_roles(cast.school, [cast.staff.tom], role="administrator", also="teacher", actor=cast.ada)
    assert TeamMember.objects.active().filter(staff=cast.staff.tom).exists()
    change_roles(cast.school, [cast.staff.tom], role="principal", actor=cast.ada)
    assert again(cast.staff.tom).roles == {"principal", "teacher"}
    change_roles(cast.school, [cast.staff.tom], role="coordinator", actor=cast.ada)
    assert again(cast.staff.tom).roles == {"coordinator"}


def test_who_stays_or_returns_keeps_the_second_role_that_the_form_names(cast, as_user):
    change_roles(cast.school, [cast.staff.pia], role="principal", also="teacher", actor=cast.ada)
    leave_school(again(cast.staff.pia), last_day=cast.school.today() + dt.timedelta(days=3), actor=cast.ada)
    address = f"/people/{cast.staff.pia.uuid}/return/"
    as_user(cast.ada).post(address, {"role": "principal", "also": "teacher"})
    assert (again(cast.staff.pia).ends_on, again(cast.staff.pia).also) == (None, "teacher")
    leave_school(again(cast.staff.pia), last_day=None, actor=cast.ada)
    return_person(again(cast.staff.pia), role="principal", actor=cast.ada)
    assert again(cast.staff.pia).also == ""


def test_who_is_added_again_has_one_role(cast):
    change_roles(cast.school, [cast.staff.pia], role="principal", also="teacher", actor=cast.ada)
    leave_school(again(cast.staff.pia), last_day=None, actor=cast.ada)
    add_people(cast.school, [NewPerson(cast.pia.email, "Pia", "Moss", "coordinator")], actor=cast.ada)
    assert again(cast.staff.pia).roles == {"coordinator"}


def test_the_list_finds_a_second_role(cast, as_user):
    change_roles(cast.school, [cast.staff.ada], role="administrator", also="specialist", actor=cast.ada)
    page = as_user(cast.ada).get("/people/?role=specialist").content.decode()
    assert ("Ada Cole" in page, "Sol Vega" in page, "Tom Berg" in page) == (True, True, False)
    assert [words.people for words in roles_in_words(cast.school)] == [3, 2, 1, 1, 1]
