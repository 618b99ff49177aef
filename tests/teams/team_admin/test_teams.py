"""Adding, changing, archiving and copying teams."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from teams.audit.models import AuditEvent
from teams.directory.models import School, SchoolYear, Team, TeamMember
from teams.groups.services import set_norms
from teams.lib.errors import DomainError, StaleEdit
from teams.team_admin.forms import grades_in_text, teams_in_text
from teams.team_admin.services.copying import copy_teams_forward
from teams.team_admin.services.teams import (
    NewTeam,
    TeamValues,
    add_team,
    add_teams,
    change_team,
    set_active,
    team_fingerprint,
    values_of,
)
from tests.conftest import TODAY, make_staff


def members_of(team):
    rows = team.members.order_by("pk").select_related("staff__user")
    return [(row.staff.user.first_name, row.is_lead, row.starts_on, row.ends_on) for row in rows]


def test_a_team_is_added_with_leads_members_and_grades(cast):
    values = TeamValues("K–2 literacy", kind="vertical", grades=(0, 1, 2), meets_every_days=30)
    new = NewTeam(values, leads=(cast.staff.gil,), members=(cast.staff.sol, cast.staff.gil))
    team = add_team(cast.school, new, actor=cast.ada)
    assert values_of(Team.objects.get(pk=team.pk)) == values
    assert members_of(team) == [("Gil", True, TODAY, None), ("Sol", False, TODAY, None)]
    event = AuditEvent.objects.get(verb="added-team")
    assert (event.actor, event.school, event.subject_uuid) == (cast.ada, cast.school, team.uuid)


def test_a_team_needs_neither_lead_nor_members(cast):
    team = add_team(cast.school, NewTeam(TeamValues("Leaders", kind="leadership")), actor=cast.cora)
    assert (members_of(team), team.is_active) == ([], True)


@pytest.mark.parametrize("who", ["ana", "sol", "pia", "zac"])
def test_others_add_no_team(cast, who):
    user = getattr(cast, who, cast.zed)
    with pytest.raises(PermissionDenied):
        add_team(cast.school, NewTeam(TeamValues("Mine")), actor=user)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": " "}, "Give the team a name."),
        ({"name": "x" * 81}, "The name can have 80 characters."),
        ({"name": "GRADE 4"}, "There is a team named GRADE 4 already."),
        ({"kind": "club"}, "Choose what kind of team it is."),
        ({"grades": (4, 6)}, "The school has grades 0 to 5."),
        ({"cohort": "sections"}, "Name the subject whose sections are the team’s."),
        ({"meets_every_days": 0}, "A team meets at least every 120 days."),
    ],
)
def test_a_team_that_cannot_be_is_refused_with_the_reason(cast, values, sentence):
    new = NewTeam(TeamValues(**{"name": "New", **values}))
    with pytest.raises(DomainError) as error:
        add_team(cast.school, new, actor=cast.ada)
    assert str(error.value) == sentence


def test_of_several_teams_all_or_none_are_added_and_each_wrong_row_is_named(cast):
    rows = [
        NewTeam(TeamValues("Grade 5", grades=(5,))),
        NewTeam(TeamValues("grade 5", grades=(5,))),
        NewTeam(TeamValues("Others"), members=(cast.staff.zed,)),
    ]
    with pytest.raises(DomainError) as error:
        add_teams(cast.school, rows, actor=cast.ada)
    assert str(error.value) == (
        "Row 2: There is a team named grade 5 already. Row 3: Zed Stone does not work at this school."
    )
    assert Team.objects.filter(school=cast.school).count() == 1


def test_a_team_is_not_added_with_someone_whose_role_joins_no_teams(cast):
    new = NewTeam(TeamValues("Office"), leads=(cast.staff.ada,))
    with pytest.raises(DomainError, match="Ada Cole can’t be in a team with the role Administrator"):
        add_team(cast.school, new, actor=cast.ada)


def test_the_queries_for_one_row_more_are_those_of_its_audit(cast, django_assert_num_queries):
    for many, queries in ((1, 9), (10, 18)):
        rows = [
            NewTeam(TeamValues(f"Team {many}.{n}", grades=(1, 2)), leads=(cast.staff.ana,))
            for n in range(many)
        ]
        with django_assert_num_queries(queries):
            add_teams(cast.school, rows, actor=cast.ada)


def test_a_changed_team_keeps_its_record_and_a_stale_change_is_refused(cast):
    seen = team_fingerprint(cast.team)
    values = TeamValues("Fourth", kind="course", grades=(4, 5), cohort="sections", subject="reading")
    change_team(cast.team, values, actor=cast.cora, seen=seen)
    assert values_of(Team.objects.get(pk=cast.team.pk)) == values
    assert cast.team.meetings.count() == 1
    with pytest.raises(StaleEdit) as error:
        change_team(cast.team, TeamValues("Mine"), actor=cast.ada, seen=seen)
    assert error.value.current == "Fourth"


def test_a_lead_does_not_change_what_the_team_is(cast):
    cast.school.leads_edit_members = True
    cast.school.save()
    with pytest.raises(PermissionDenied):
        change_team(cast.team, TeamValues("Mine"), actor=cast.ana, seen=team_fingerprint(cast.team))


def test_an_archived_team_comes_back(cast):
    set_active(cast.team, actor=cast.ada, is_active=False)
    assert not Team.objects.get(pk=cast.team.pk).is_active
    set_active(cast.team, actor=cast.ada, is_active=True)
    assert Team.objects.get(pk=cast.team.pk).is_active


@pytest.fixture
def meanwhile(monkeypatch):
    """Let someone else add a team while a service waits for the lock of the school."""
    lock, waiting = QuerySet.select_for_update, []

    def wait(self, *args, **kwargs):
        if self.model is School and waiting:
            school, name = waiting.pop()
            Team.objects.create(school=school, name=name)
        return lock(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", wait)
    return lambda school, name: waiting.append((school, name))


def test_of_two_who_give_teams_the_same_name_at_once_the_second_is_told(cast, meanwhile):
    sentence = "There is a team named Same already."
    meanwhile(cast.school, "Same")
    with pytest.raises(DomainError, match=sentence):
        add_team(cast.school, NewTeam(TeamValues("Same")), actor=cast.ada)
    Team.objects.filter(name="Same").delete()
    meanwhile(cast.school, "Same")
    with pytest.raises(DomainError, match=sentence):
        change_team(cast.team, TeamValues("Same"), actor=cast.ada, seen=team_fingerprint(cast.team))


def test_a_copy_whose_old_name_someone_takes_meanwhile_is_refused(cast, next_year, meanwhile):
    Team.objects.filter(pk=cast.team.pk).update(name="Sa")
    SchoolYear.objects.exclude(pk=next_year.pk).update(name="now")
    meanwhile(cast.school, "Sa (now)")
    with pytest.raises(DomainError, match="There is a team named Sa"):
        copy_teams_forward(cast.school, [cast.team], year=next_year, actor=cast.cora)


@pytest.fixture
def next_year(cast):
    starts = cast.school.years.get().ends_on + dt.timedelta(days=60)
    return SchoolYear.objects.create(
        school=cast.school, name="Next year", starts_on=starts, ends_on=starts + dt.timedelta(days=280)
    )


def test_a_copy_takes_name_people_and_norms_to_the_next_year(cast, next_year):
    set_norms(cast.team, actor=cast.ana, lines=["We listen"])
    last = next_year.starts_on - dt.timedelta(days=1)
    gone = make_staff("Lea", "Frost", cast.school, "teacher")
    TeamMember.objects.create(team=cast.team, staff=gone, ends_on=last, starts_on=TODAY)
    ((old, new),) = copy_teams_forward(cast.school, [cast.team], year=next_year, actor=cast.cora)
    assert (old.pk, old.name, old.ends_on, old.is_active) == (cast.team.pk, "Grade 4 (This year)", last, True)
    assert values_of(new) == TeamValues("Grade 4", grades=(4,))
    assert [norm.text for norm in new.norms.all()] == ["We listen"]
    first = next_year.starts_on
    assert members_of(new) == [("Ana", True, first, None), ("Tom", False, first, None)]
    assert {ends for *_rest, ends in members_of(old)} == {last}
    assert (old.meetings.count(), new.meetings.count()) == (1, 0)


def test_a_team_is_not_copied_twice(cast, next_year):
    copy_teams_forward(cast.school, [cast.team], year=next_year, actor=cast.cora)
    with pytest.raises(DomainError):
        copy_teams_forward(cast.school, [cast.team], year=next_year, actor=cast.cora)


def test_teams_of_another_school_are_not_copied(cast, next_year):
    assert copy_teams_forward(cast.school, [cast.other_team], year=next_year, actor=cast.cora) == []


def test_pasted_rows_are_read_with_names_emails_kinds_and_grades(cast):
    text = (
        "Grade 5; grade; 5; gil@lincoln.test; Ana Ruiz, TOM BERG\n"
        "\n"
        "K–2\tVertical team\tK-2\n"
        "Leaders; Leadership"
    )
    teams, problems = teams_in_text(cast.school, text)
    assert problems == []
    assert teams == [
        NewTeam(
            TeamValues("Grade 5", kind="grade", grades=(5,)),
            leads=(cast.staff.gil,),
            members=(cast.staff.ana, cast.staff.tom),
        ),
        NewTeam(TeamValues("K–2", kind="vertical", grades=(0, 1, 2))),
        NewTeam(TeamValues("Leaders", kind="leadership")),
    ]


def test_each_line_that_cannot_be_read_is_named(cast):
    make_staff("Ana", "Ruiz", cast.other_school, "teacher")
    text = "A; club\nB; grade; four\nC; grade; 4; Zed Stone\nD; grade; 4; ; ; more"
    assert teams_in_text(cast.school, text)[1] == [
        "Line 1: “club” is not a kind of team.",
        "Line 2: “four” can’t be read as grades.",
        "Line 3: No one named Zed Stone works at this school.",
        "Line 4: There are more than five columns. Separate members by commas.",
    ]


def test_two_people_of_one_name_are_told_apart_by_email(cast):
    other = make_staff("Ana", "Ruiz", cast.other_school, "teacher")
    other.school = cast.school
    other.save()
    assert teams_in_text(cast.school, "A; grade; 4; Ana Ruiz")[1] == [
        "Line 1: There are several people named Ana Ruiz. Enter the email."
    ]
    ((team,), problems) = teams_in_text(cast.school, "A; grade; 4; ana@roosevelt.test")
    assert (team.leads, problems) == ((other,), [])


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("", ()),
        ("4", (4,)),
        ("K-2, 5", (0, 1, 2, 5)),
        ("PK–K", (-1, 0)),
        ("6 - 8", (6, 7, 8)),
        ("3, 3", (3,)),
        ("8-6", None),
        ("1-99", None),
        ("x", None),
        ("²", None),
    ],
)
def test_grades_in_text(text, grades):
    assert grades_in_text(text) == grades
