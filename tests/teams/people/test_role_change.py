"""What another role takes away: said before, recorded, and teams offered again."""

from teams.directory.models import Staff, TeamMember
from teams.people.queries.person import history_of
from teams.people.queries.role_change import losses_of, teams_to_restore
from teams.people.services.changing import change_roles


def again(staff):
    return Staff.objects.select_related("user", "school").get(pk=staff.pk)


def in_team(staff):
    return TeamMember.objects.active().filter(staff=staff).exists()


def test_it_is_said_first_and_nothing_changes_before_it_is_confirmed(cast, as_user):
    client, address = as_user(cast.ada), f"/people/{cast.staff.ana.uuid}/role/"
    page = client.post(address, {"role": "administrator"})
    text = page.content.decode()
    assert (page.status_code, "Grade 4" in text, "Open work" in text) == (200, True, True)
    assert "but people in the new role cannot do all of it." in text
    assert (again(cast.staff.ana).role, in_team(cast.staff.ana)) == ("teacher", True)
    client.post(address, {"role": "administrator", "also": "", "sure": "1"})
    assert (again(cast.staff.ana).role, in_team(cast.staff.ana)) == ("administrator", False)


def test_a_role_that_takes_nothing_is_given_at_once(cast, as_user):
    answer = as_user(cast.ada).post(f"/people/{cast.staff.tom.uuid}/role/", {"role": "coordinator"})
    assert (answer.status_code, again(cast.staff.tom).role) == (302, "coordinator")
    assert not losses_of(cast.staff.tom, roles=["administrator", "teacher"])


def test_who_delivers_plans_and_no_longer_can_is_told(cast):
    losses = losses_of(cast.staff.sol, roles=["principal", ""])
    assert (losses.memberships, len(losses.work)) == ([], 1)


def test_several_people_who_would_lose_something_are_named_and_keep_their_role(cast, as_user):
    people = [str(staff.uuid) for staff in (cast.staff.tom, cast.staff.gil)]
    data = {"row": people, "do": "role", "new_role": "administrator"}
    page = as_user(cast.ada).post("/people/several/", data)
    text = page.content.decode()
    assert (page.status_code, "open work away from Tom Berg." in text) == (422, True)
    assert {again(cast.staff.tom).role, again(cast.staff.gil).role} == {"teacher"}


def test_lost_teams_are_recorded_and_offered_again(cast, as_user):
    change_roles(cast.school, [cast.staff.tom], role="administrator", actor=cast.ada)
    assert "Left the team Grade 4, because the new role joins no teams" in [
        event.what for event in history_of(again(cast.staff.tom))
    ]
    assert teams_to_restore(again(cast.staff.tom)) == []
    change_roles(cast.school, [cast.staff.tom], role="teacher", actor=cast.ada)
    assert teams_to_restore(again(cast.staff.tom)) == [cast.team]
    client = as_user(cast.ada)
    assert "Add them again" in client.get(f"/people/{cast.staff.tom.uuid}/").content.decode()
    client.post(
        "/people/several/",
        {"row": str(cast.staff.tom.uuid), "do": "team", "team": str(cast.team.uuid)},
    )
    assert (in_team(cast.staff.tom), teams_to_restore(again(cast.staff.tom))) == (True, [])
    assert history_of(again(cast.staff.tom))[0].what == "Added to the team Grade 4"
