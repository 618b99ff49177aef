"""The list of teams, and the pages that edit them."""

import datetime as dt
import html
import re

import pytest

from collab.meetings.models import Meeting
from collab.planning.services.team_ends import archive_ended_teams, archive_team
from collab.room.services import lifecycle
from collab.team_page.queries.team_list import team_list
from teams.directory.models import SchoolYear, Team, TeamMember
from teams.lib.clock import now
from teams.lib.errors import DomainError
from teams.team_admin.services.members import remove_member, set_team_rules
from teams.team_admin.services.teams import NewTeam, TeamValues, add_teams, team_fingerprint
from tests.conftest import TODAY

VALUES = {"name": "Fourth", "kind": "grade", "grades": [4], "cohort": "grades", "meets_every_days": 7}


def names(user, school, **wanted):
    return [row.team.name for row in team_list(user, school, wanted).rows]


@pytest.fixture
def more(cast):
    rows = [
        NewTeam(TeamValues("Leaders", kind="leadership"), members=(cast.staff.pia,)),
        NewTeam(TeamValues("Grade 5", grades=(5,)), leads=(cast.staff.gil,)),
    ]
    return add_teams(cast.school, rows, actor=cast.ada)


def test_the_list_filters_and_sorts(cast, more):
    assert names(cast.cora, cast.school) == ["Grade 4", "Grade 5", "Leaders"]
    assert names(cast.cora, cast.school, kind="leadership") == ["Leaders"]
    assert names(cast.cora, cast.school, grade="5") == ["Grade 5"]
    assert names(cast.cora, cast.school, q="gil") == ["Grade 5"]
    assert names(cast.cora, cast.school, show="leaderless") == ["Leaders"]
    assert names(cast.cora, cast.school, show="archived") == []
    assert names(cast.cora, cast.school, sort="members") == ["Grade 4", "Grade 5", "Leaders"]
    assert names(cast.cora, cast.school, sort="next") == ["Grade 4", "Grade 5", "Leaders"]
    Meeting.objects.filter(team=cast.team).update(state="closed")
    assert names(cast.cora, cast.school, show="never") == ["Grade 5", "Leaders"]


def test_a_member_lists_only_the_own_teams(cast, more):
    assert names(cast.tom, cast.school) == ["Grade 4"]
    assert names(cast.sol, cast.school) == []


def test_the_list_tells_leads_members_and_meetings(cast, more):
    rows = {row.team.name: row for row in team_list(cast.cora, cast.school, {}).rows}
    four, five = rows["Grade 4"], rows["Grade 5"]
    assert ([str(one.staff) for one in four.leads], four.members, four.next_at) == (
        ["Ana Ruiz"],
        2,
        cast.meeting.starts_at,
    )
    assert (five.members, five.next_at, five.has_met) == (1, None, False)


def test_a_lead_who_left_is_named(cast, as_user):
    cast.staff.ana.ends_on = TODAY - dt.timedelta(days=1)
    cast.staff.ana.save()
    (row,) = team_list(cast.cora, cast.school, {}).rows
    assert (row.leads, str(row.former_lead.staff)) == ([], "Ana Ruiz")
    for address in ("/teams/", f"/teams/{cast.team.uuid}/", f"/teams/{cast.team.uuid}/edit/"):
        page = as_user(cast.cora).get(address).content.decode()
        assert "Ana Ruiz" in page, address
    member = cast.team.members.get(staff=cast.staff.tom)
    data = {"is_lead": "on", "starts_on": member.starts_on.isoformat(), "seen": f"{member.starts_on}  0"}
    as_user(cast.cora).post(f"/teams/{cast.team.uuid}/members/{member.uuid}/", data)
    assert "Ana Ruiz" not in as_user(cast.cora).get("/teams/").content.decode()


@pytest.mark.sweep
def test_the_number_of_queries_does_not_grow_with_teams(cast, as_user, django_assert_max_num_queries):
    add_teams(
        cast.school,
        [NewTeam(TeamValues(f"Team {n:02}", grades=(1, 2)), leads=(cast.staff.gil,)) for n in range(60)],
        actor=cast.ada,
    )
    cora = as_user(cast.cora)
    with django_assert_max_num_queries(20):
        page = cora.get("/teams/").content.decode()
    assert page.count('scope="row"') == 50
    assert cora.get("/teams/?page=2").content.decode().count('scope="row"') == 11


def test_an_empty_school_suggests_a_team_per_grade(cast, as_user):
    Team.objects.filter(school=cast.school).delete()
    assert "?from=grades" in as_user(cast.ada).get("/teams/").content.decode()
    page = as_user(cast.ada).get("/teams/paste/?from=grades")
    lines = page.context["form"]["rows"].value().splitlines()
    assert lines[0] == "Kindergarten; grade; 0; ; "
    assert lines[4] == "Grade 4; grade; 4; ; ana@lincoln.test, tom@lincoln.test"
    as_user(cast.ada).post("/teams/paste/", {"rows": "\n".join(lines)})
    assert Team.objects.filter(school=cast.school).count() == 6
    four = Team.objects.get(school=cast.school, name="Grade 4")
    assert set(four.members.values_list("staff", flat=True)) == {cast.staff.ana.pk, cast.staff.tom.pk}


def test_suggested_teams_are_named_in_the_schools_language(cast, as_user):
    Team.objects.filter(school=cast.school).delete()
    type(cast.school).objects.filter(pk=cast.school.pk).update(language="es")
    client = as_user(cast.ada)
    lines = client.get("/teams/paste/?from=grades").context["form"]["rows"].value()
    assert [line.partition(";")[0] for line in lines.splitlines()][:2] == ["Kínder", "Grado 1"]
    client.post("/teams/paste/", {"rows": lines})
    assert Team.objects.filter(school=cast.school).count() == 6


def test_refused_rows_stay_as_typed(cast, as_user):
    answer = as_user(cast.ada).post("/teams/paste/", {"rows": "Grade 9; grade; 9\nGrade 4"})
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Row 1: The school has grades 0 to 5." in text
    assert "Row 2: There is a team named Grade 4 already." in text
    assert "Grade 9; grade; 9" in text


def test_a_double_click_adds_one_team(cast, as_user):
    ada = as_user(cast.ada)
    key = re.search(r'name="form_key" value="([^"]+)"', ada.get("/teams/add/").content.decode())[1]
    data = VALUES | {"leads": "Gil Hart", "members": "sol@lincoln.test", "form_key": key}
    for _click in range(2):
        assert ada.post("/teams/add/", data).status_code == 302
    team = Team.objects.get(name="Fourth")
    assert team.members.count() == 2


def test_an_unknown_member_is_named_and_the_form_kept(cast, as_user):
    answer = as_user(cast.ada).post("/teams/add/", VALUES | {"members": "Zed Stone"})
    text = answer.content.decode()
    assert (answer.status_code, Team.objects.filter(name="Fourth").count()) == (422, 0)
    assert "No one named Zed Stone works at this school." in text
    assert 'value="Fourth"' in text


def test_a_stale_edit_shows_the_other_version_and_can_be_saved_again(cast, as_user):
    cora, address, seen = as_user(cast.cora), f"/teams/{cast.team.uuid}/edit/", team_fingerprint(cast.team)
    assert cora.post(address, VALUES | {"name": "One", "seen": seen}).status_code == 302
    stale = cora.post(address, VALUES | {"name": "Two", "seen": seen})
    assert (stale.status_code, "It says now: “One”" in stale.content.decode()) == (422, True)
    newest = re.search(
        r'name="seen" value="([^"]*)"', stale.content.decode()[stale.content.decode().index("about") :]
    )
    assert cora.post(address, VALUES | {"name": "Both", "seen": newest[1]}).status_code == 302
    assert Team.objects.get(pk=cast.team.pk).name == "Both"


def test_a_lead_who_may_edit_members_finds_the_page_without_the_rest(cast, as_user):
    ana, address = as_user(cast.ana), f"/teams/{cast.team.uuid}/edit/"
    assert ana.get(address).status_code == 403
    set_team_rules(cast.school, actor=cast.ada, leads_edit_members=True, newcomers_read_all=True)
    page = ana.get(address)
    assert (page.status_code, "About the team" in page.content.decode()) == (200, False)
    assert ana.post(address, VALUES | {"seen": team_fingerprint(cast.team)}).status_code == 403
    answer = ana.post(f"{address[:-5]}members/add/", {"people": "Gil Hart", "starts_on": TODAY.isoformat()})
    assert answer.status_code == 302
    assert cast.team.members.active().count() == 3


def test_a_team_without_a_lead_is_planned_for_by_the_coordinator_and_run_by_its_members(cast):
    remove_member(cast.team.members.get(staff=cast.staff.ana), actor=cast.cora)
    Meeting.objects.filter(pk=cast.meeting.pk).update(starts_at=now())
    live = lifecycle.start_meeting(cast.meeting, actor=cast.tom)
    assert live.state == "live"


def test_archiving_cancels_planned_meetings_and_waits_for_live_ones(cast):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    with pytest.raises(DomainError, match=r"^A meeting of Grade 4 is in progress\. Close it first\.$"):
        archive_team(cast.team, actor=cast.cora)
    Meeting.objects.filter(pk=live.pk).update(state="planned")
    archive_team(cast.team, actor=cast.cora)
    cast.meeting.refresh_from_db()
    assert (cast.meeting.state, cast.meeting.cancel_reason) == ("cancelled", "The team was archived.")
    assert not Team.objects.get(pk=cast.team.pk).is_active


def test_a_team_is_archived_the_night_after_its_last_day(cast):
    Team.objects.filter(pk=cast.team.pk).update(ends_on=TODAY)
    assert archive_ended_teams() == 0
    Team.objects.filter(pk=cast.team.pk).update(ends_on=TODAY - dt.timedelta(days=1))
    assert archive_ended_teams() == 1
    assert not Team.objects.get(pk=cast.team.pk).is_active


def test_copies_to_a_year_in_progress_archive_the_old_teams(cast, as_user):
    year = cast.school.years.get()
    answer = as_user(cast.ada).post("/teams/copy/", {"year": str(year.uuid), "teams": [str(cast.team.uuid)]})
    assert answer.status_code == 302
    cast.team.refresh_from_db()
    new = Team.objects.get(school=cast.school, name="Grade 4")
    assert (cast.team.is_active, new.is_active, new.members.active().count()) == (False, True, 2)
    assert not TeamMember.objects.active().filter(team=cast.team).exists()


def test_copies_to_a_year_in_progress_have_those_who_joined_since_and_those_who_come(cast, as_user):
    days = {"gil": (TODAY - dt.timedelta(days=1), None), "sol": (TODAY + dt.timedelta(days=9), None)}
    days["pia"] = (TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=1))
    for name, (starts_on, ends_on) in days.items():
        cast.team.members.create(staff=getattr(cast.staff, name), starts_on=starts_on, ends_on=ends_on)
    year = cast.school.years.get()
    client = as_user(cast.ada)
    assert "1 planned meeting of these teams will be canceled." in " ".join(
        client.get("/teams/copy/").content.decode().split()
    )
    client.post("/teams/copy/", {"year": str(year.uuid), "teams": [str(cast.team.uuid)]})
    new = Team.objects.get(school=cast.school, name="Grade 4")
    assert set(new.members.values_list("staff__user__first_name", "starts_on", "ends_on")) == {
        ("Ana", TODAY, None),
        ("Tom", TODAY, None),
        ("Gil", TODAY, None),
        ("Sol", days["sol"][0], None),
    }
    yesterday = TODAY - dt.timedelta(days=1)
    old = cast.team.members.values_list("staff__user__first_name", "ends_on")
    assert set(old) == {(name, yesterday) for name in ("Ana", "Tom", "Gil", "Pia")}
    assert Meeting.objects.get(team=cast.team).state == "cancelled"


def test_the_copy_page_counts_the_meetings_after_the_first_day_of_a_later_year(cast, as_user):
    last = cast.school.years.get().ends_on
    days = {"starts_on": last + dt.timedelta(days=30), "ends_on": last + dt.timedelta(days=300)}
    SchoolYear.objects.create(school=cast.school, name="Next year", **days)
    text = " ".join(as_user(cast.ada).get("/teams/copy/").content.decode().split())
    assert "To Next year: 0 planned meetings of these teams will be canceled." in text


def test_who_sees_all_teams_is_said_to_be_no_member_anymore(cast, as_user):
    member = cast.team.members.create(staff=cast.staff.pia, starts_on=TODAY - dt.timedelta(days=9))
    address = f"/teams/{cast.team.uuid}/members/{member.uuid}/remove/"
    text = as_user(cast.cora).post(address, follow=True).content.decode()
    assert "Pia Moss is no longer a member of this team." in text
    assert as_user(cast.pia).get(f"/teams/{cast.team.uuid}/").status_code == 200


def test_without_a_year_the_copy_page_links_to_the_calendar(cast, as_user):
    SchoolYear.objects.filter(school=cast.school).update(
        starts_on=TODAY - dt.timedelta(days=9), ends_on=TODAY - dt.timedelta(days=2)
    )
    assert 'href="/calendar/"' in as_user(cast.ada).get("/teams/copy/").content.decode()


def test_long_names_and_former_members_are_shown(cast, as_user):
    Team.objects.filter(pk=cast.team.pk).update(name="W" * 80)
    remove_member(cast.team.members.get(staff=cast.staff.tom), actor=cast.cora)
    page = as_user(cast.cora).get(f"/teams/{cast.team.uuid}/edit/").content.decode()
    assert ("Former members" in page, "Tom Berg" in page, "W" * 80 in page) == (True, True, True)
