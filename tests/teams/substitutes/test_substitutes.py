"""Substitutes see what the person they replace sees, on those days only."""

import datetime as dt
import logging

import pytest
from django.urls import reverse

from collab.meetings.permissions import may_run, meetings_visible_to, viewers_of
from collab.meetings.queries.participants import participants_of
from collab.minutes.queries.people import people_at
from datareview.plans.permissions import may_deliver, plans_visible_to
from datareview.records.permissions import students_visible_to
from datareview.sections.services.sections import Teaching, add_teachers
from teams.access.permissions import first_moments, plannable_teams, teams_visible_to
from teams.audit.models import AuditEvent
from teams.directory.models import Staff, Substitution
from teams.lib.errors import DomainError
from teams.people.services.changing import change_roles, leave_school, return_person
from teams.substitutes.services import end_substitution, name_substitute


def days(cast, first=0, last=3):
    today = cast.school.today()
    return {
        "starts_on": today + dt.timedelta(days=first),
        "ends_on": today + dt.timedelta(days=last),
    }


def rows_of(user):
    return {
        "students": set(students_visible_to(user)),
        "teams": set(teams_visible_to(user)),
        "meetings": set(meetings_visible_to(user)),
        "plans": set(plans_visible_to(user)),
    }


@pytest.fixture
def newcomer(cast):
    """Neva Lane, a specialist at Lincoln in no team and no class."""
    user = type(cast.ana).objects.create_user("neva@lincoln.test", first_name="Neva", last_name="Lane")
    return Staff.objects.create(user=user, school=cast.school, role="specialist")


def name(cast, newcomer, **changes):
    values = {"substitute": newcomer, "actor": cast.ada, **days(cast), **changes}
    return name_substitute(cast.staff.ana, **values)


def test_a_substitute_sees_what_the_person_sees_while_it_lasts(cast, newcomer):
    nothing = {"students": set(), "teams": set(), "meetings": set(), "plans": set()}
    assert rows_of(newcomer.user) == nothing
    assert viewers_of({cast.meeting.pk: {newcomer.user_id}}) == {cast.meeting.pk: set()}
    made = name(cast, newcomer)
    assert rows_of(newcomer.user) == rows_of(cast.ana) != nothing
    assert viewers_of({cast.meeting.pk: {newcomer.user_id}}) == {cast.meeting.pk: {newcomer.user_id}}
    assert may_run(newcomer.user, cast.meeting)
    assert not plannable_teams(newcomer.user, cast.school).exists()
    for first, last in [(-9, -1), (1, 9)]:
        Substitution.objects.filter(pk=made.pk).update(**days(cast, first, last))
        assert rows_of(newcomer.user) == nothing
        assert viewers_of({cast.meeting.pk: {newcomer.user_id}}) == {cast.meeting.pk: set()}


def test_it_follows_the_work_of_the_person_and_ends_with_either(cast, newcomer):
    name(cast, newcomer)
    section = cast.school.sections.create(year=cast.school.years.get(), local_id="N", name="New")
    section.enrollments.create(student=cast.ines, starts_on=cast.school.today())
    cast.school.teams.all().delete()
    assert cast.ines not in students_visible_to(newcomer.user)
    add_teachers(cast.school, actor=cast.ada, rows=[Teaching(section, cast.staff.ana)])
    assert cast.ines in students_visible_to(newcomer.user)
    leave_school(cast.staff.ana, last_day=None, actor=cast.ada)
    assert not students_visible_to(newcomer.user).exists()


def test_a_substitute_of_the_provider_logs_sessions(cast, newcomer):
    assert not may_deliver(newcomer.user, cast.plan)
    name_substitute(cast.plan.provider, substitute=newcomer, actor=cast.ada, **days(cast))
    assert may_deliver(newcomer.user, cast.plan)


def test_a_substitute_of_a_substitute_sees_only_the_one(cast, newcomer):
    name(cast, newcomer)
    other = Staff.objects.create(
        user=type(cast.ana).objects.create_user("ola@lincoln.test"), school=cast.school, role="teacher"
    )
    name_substitute(newcomer, substitute=other, actor=cast.ada, **days(cast))
    assert not students_visible_to(other.user).exists()


def test_the_record_before_the_person_joined_stays_closed(cast, newcomer):
    cast.school.newcomers_read_all = False
    cast.school.save()
    name(cast, newcomer)
    assert first_moments(newcomer.user) == first_moments(cast.ana) != {}


def test_it_is_recorded_for_both_and_a_security_event(cast, newcomer, caplog):
    with caplog.at_level(logging.INFO, "collab.security"):
        made = name(cast, newcomer)
        end_substitution(made, actor=cast.ada)
        end_substitution(made, actor=cast.ada)
    said = [record.getMessage() for record in caplog.records]
    assert [one for one in said if "substitut" in one] == ["substitute named", "substitution ended"]
    verbs = {
        person: list(AuditEvent.objects.filter(subject_uuid=person.uuid).values_list("verb", flat=True))
        for person in (cast.staff.ana, newcomer)
    }
    assert sorted(verbs[cast.staff.ana]) == ["ended-substitution", "named-substitute"]
    assert sorted(verbs[newcomer]) == ["became-substitute", "ended-substitution"]
    assert not students_visible_to(newcomer.user).exists()


def test_a_role_that_joins_no_teams_ends_it(cast, newcomer):
    name(cast, newcomer, **days(cast, -2, 5))
    change_roles(cast.school, [newcomer], role="administrator", actor=cast.ada)
    yesterday = cast.school.today() - dt.timedelta(days=1)
    assert Substitution.objects.get().ends_on == yesterday
    events = AuditEvent.objects.filter(verb="ended-substitution")
    assert [event.actor for event in events] == [cast.ada, cast.ada]


@pytest.mark.parametrize("who", ["substitute", "replaced"])
@pytest.mark.parametrize("at_once", [True, False])
def test_who_left_and_returns_has_no_former_substitution(cast, newcomer, who, at_once):
    name(cast, newcomer, **days(cast, -2, 5))
    leaver = {"substitute": newcomer, "replaced": cast.staff.ana}[who]
    if at_once:
        leave_school(leaver, last_day=None, actor=cast.ada)
        assert not Substitution.objects.active(cast.school.today()).exists()
    else:
        Staff.objects.filter(pk=leaver.pk).update(ends_on=cast.school.today() - dt.timedelta(days=1))
    leaver.refresh_from_db()
    return_person(leaver, role=leaver.role, actor=cast.ada)
    assert not Substitution.objects.active(cast.school.today()).exists()
    assert not students_visible_to(newcomer.user).exists()
    events = AuditEvent.objects.filter(verb="ended-substitution")
    assert {event.actor for event in events} == {cast.ada}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first": 3, "last": 1}, "The last day is before the first"),
        ({"first": -9, "last": -1}, "These days are over"),
        ({"first": 0, "last": 400}, "up to a year"),
    ],
)
def test_impossible_days_are_refused(cast, newcomer, changes, sentence):
    with pytest.raises(DomainError, match=sentence):
        name(cast, newcomer, **days(cast, **changes))
    assert not Substitution.objects.exists()


def test_only_colleagues_in_teams_and_only_one_at_a_time(cast, newcomer):
    with pytest.raises(DomainError, match="Only teachers and specialists"):
        name(cast, cast.staff.pia)
    with pytest.raises(DomainError, match="Only teachers and specialists"):
        name_substitute(cast.staff.pia, substitute=newcomer, actor=cast.ada, **days(cast))
    with pytest.raises(DomainError, match="Choose a colleague"):
        name(cast, cast.staff.ana)
    with pytest.raises(DomainError, match="Choose a colleague"):
        name(cast, Staff.objects.get(user=cast.zed))
    name(cast, newcomer)
    with pytest.raises(DomainError, match="Neva Lane is the substitute on some of these days"):
        name(cast, cast.staff.tom, **days(cast, 2, 9))


def test_a_substitute_is_named_on_both_people_s_pages_and_on_team_and_class(cast, newcomer, as_user):
    ada = as_user(cast.ada)
    address = reverse("teams:substitute-name", args=[cast.staff.ana.uuid])
    typed = {"substitute": str(newcomer.uuid), **{key: one.isoformat() for key, one in days(cast).items()}}
    refused = ada.post(address, {**typed, "ends_on": ""})
    assert (refused.status_code, str(newcomer.uuid) in refused.content.decode()) == (422, True)
    assert ada.post(address, typed).status_code == 302
    pages = [
        reverse("teams:person-detail", args=[cast.staff.ana.uuid]),
        reverse("teams:person-detail", args=[newcomer.uuid]),
        reverse("datareview:section-detail", args=[cast.section.uuid]),
        reverse("collab:team-detail", args=[cast.team.uuid]),
    ]
    for page in pages:
        client = as_user(cast.cora) if page == pages[-1] else as_user(cast.ada)
        assert "Neva Lane, substitute for Ana" in client.get(page).content.decode(), page
    made = Substitution.objects.get()
    as_user(cast.ada).post(reverse("teams:substitution-end", args=[made.uuid]))
    assert "substitute for" not in as_user(cast.ada).get(pages[2]).content.decode()


def test_a_substitute_is_named_in_attendance_minutes_and_plan_rows_of_those_days(cast, newcomer, as_user):
    name_substitute(cast.staff.sol, substitute=newcomer, actor=cast.ada, **days(cast))
    made = name(cast, newcomer)
    both = "Neva Lane for Ana Ruiz"
    assert [person.name for person in participants_of(cast.meeting)] == [both, "Tom Berg"]
    day = cast.meeting.starts_at.astimezone(cast.school.tz).date()
    Substitution.objects.filter(pk=made.pk).update(starts_on=day, ends_on=day)
    here, away = people_at(cast.meeting)
    assert [person.short_name for person in [*here, *away]] == ["Neva L for Ana R", "Tom B"]
    Substitution.objects.filter(pk=made.pk).update(
        starts_on=day + dt.timedelta(days=1), ends_on=day + dt.timedelta(days=1)
    )
    assert [person.name for part in people_at(cast.meeting) for person in part] == ["Ana Ruiz", "Tom Berg"]
    for reader in (cast.cora, newcomer.user):
        page = as_user(reader).get(reverse("datareview:plan-list")).content.decode()
        assert "Neva Lane for Sol Vega" in page
    Substitution.objects.all().delete()
    assert [person.name for person in participants_of(cast.meeting)] == ["Ana Ruiz", "Tom Berg"]
    assert " for Sol Vega" not in as_user(cast.cora).get(reverse("datareview:plan-list")).content.decode()
