"""A role from a later day on: planned, changed, canceled, and done on its day."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from django.core.exceptions import PermissionDenied

from teams.audit.models import AuditEvent
from teams.directory.models import Staff, TeamMember, User
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit
from teams.people.services.changing import leave_school
from teams.role_plans.models import RolePlan
from teams.role_plans.services import cancel_role_plan, do_planned_roles, plan_role
from teams.role_plans.tasks import do_planned_roles as run_task


def planned(cast, name="tom", days=7, role="coordinator", also="", **more):
    day = cast.school.today() + dt.timedelta(days=days)
    staff = getattr(cast.staff, name)
    return plan_role(staff, actor=cast.ada, role=role, also=also, starts_on=day, **more)


def role_of(cast, name):
    return Staff.objects.values_list("role", "also").get(pk=getattr(cast.staff, name).pk)


def in_days(settings, days):
    settings.CLOCK_OFFSET += dt.timedelta(days=days)


def test_a_role_changes_on_its_day_and_not_before(cast, settings, caplog):
    planned(cast)
    assert do_planned_roles() == 0
    in_days(settings, 6)
    assert do_planned_roles() == 0
    assert role_of(cast, "tom") == ("teacher", "")
    in_days(settings, 1)
    with caplog.at_level(logging.INFO, "security"):
        run_task()
    assert role_of(cast, "tom") == ("coordinator", "")
    assert not RolePlan.objects.exists()
    assert AuditEvent.objects.filter(verb="changed-role", subject_uuid=cast.staff.tom.uuid).count() == 1
    assert "role changed" in caplog.text
    assert do_planned_roles() == 0


def test_a_second_role_comes_with_it_and_teams_end_that_day(cast, settings):
    planned(cast, role="principal", also="teacher", days=1)
    in_days(settings, 1)
    assert do_planned_roles() == 1
    assert role_of(cast, "tom") == ("principal", "teacher")
    assert TeamMember.objects.active(cast.school.today()).filter(staff=cast.staff.tom).exists()
    planned(cast, role="administrator", days=1)
    in_days(settings, 1)
    assert do_planned_roles() == 1
    assert role_of(cast, "tom") == ("administrator", "")
    assert not TeamMember.objects.active(cast.school.today()).filter(staff=cast.staff.tom).exists()


def test_it_happens_also_if_who_planned_it_has_left(cast, settings):
    User.objects.filter(pk__in=[cast.ada.pk, cast.cora.pk]).update(last_login=clock.now())
    Staff.objects.filter(pk=cast.staff.cora.pk).update(role="administrator")
    planned(cast)
    leave_school(Staff.objects.get(pk=cast.staff.ada.pk), last_day=None, actor=cast.cora)
    in_days(settings, 7)
    assert do_planned_roles() == 1
    assert role_of(cast, "tom") == ("coordinator", "")


def test_a_plan_is_changed_by_who_has_seen_it_and_shown_to_who_has_not(cast):
    first = planned(cast)
    with pytest.raises(StaleEdit) as stale:
        planned(cast, role="specialist")
    assert stale.value.current == str(first)
    second = planned(cast, role="specialist", days=9, seen=first.state)
    assert (second.pk, second.role) == (first.pk, "specialist")
    cancel_role_plan(second, actor=cast.ada)
    with pytest.raises(StaleEdit) as gone:
        planned(cast, seen=second.state)
    assert gone.value.current == "Canceled"


def test_a_canceled_plan_does_nothing(cast, settings):
    plan = planned(cast)
    with pytest.raises(PermissionDenied):
        cancel_role_plan(plan, actor=cast.cora)
    cancel_role_plan(plan, actor=cast.ada)
    cancel_role_plan(plan, actor=cast.ada)
    in_days(settings, 7)
    assert do_planned_roles() == 0
    assert role_of(cast, "tom") == ("teacher", "")
    assert AuditEvent.objects.filter(verb="canceled-role-plan").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": 0}, "Choose a later day"),
        ({"days": -1}, "Choose a later day"),
        ({"role": "teacher"}, "has this role already"),
        ({"role": "wizard"}, "Choose a role"),
        ({"role": "teacher", "also": "specialist"}, "Only a principal or administrator"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(cast, wrong, words):
    with pytest.raises(DomainError, match=words):
        planned(cast, **wrong)
    assert not RolePlan.objects.exists()


def test_no_role_is_planned_after_the_last_day_and_that_of_someone_who_left_is_dropped(cast, settings):
    planned(cast)
    Staff.objects.filter(pk=cast.staff.tom.pk).update(ends_on=cast.school.today() + dt.timedelta(days=2))
    with pytest.raises(DomainError, match="has left by that day"):
        planned(cast, seen=RolePlan.objects.get().state)
    in_days(settings, 7)
    assert do_planned_roles() == 0
    assert not RolePlan.objects.exists()
    assert role_of(cast, "tom") == ("teacher", "")


def test_the_last_administrator_keeps_the_role_and_the_page_says_why(cast, settings, as_user):
    User.objects.filter(pk=cast.ada.pk).update(last_login=clock.now())
    planned(cast, name="ada", role="teacher")
    in_days(settings, 7)
    assert do_planned_roles() == 0
    assert role_of(cast, "ada") == ("administrator", "")
    page = as_user(cast.ada).get(f"/people/{cast.staff.ada.uuid}/").content.decode()
    assert "The school needs an administrator" in page


def test_nobody_but_who_edits_people_plans(cast):
    with pytest.raises(PermissionDenied):
        plan_role(
            cast.staff.tom,
            actor=cast.cora,
            role="specialist",
            also="",
            starts_on=cast.school.today() + dt.timedelta(days=3),
        )


def test_the_pages_plan_show_and_cancel(cast, as_user):
    ada, address = as_user(cast.ada), f"/people/{cast.staff.tom.uuid}/role/later/"
    day = cast.school.today() + dt.timedelta(days=7)
    refused = ada.post(
        address, {"role": "administrator", "also": "", "starts_on": cast.school.today(), "seen": ""}
    )
    assert refused.status_code == 422
    assert "Choose a later day" in refused.content.decode()
    done = ada.post(address, {"role": "administrator", "also": "", "starts_on": day, "seen": ""}, follow=True)
    page = done.content.decode()
    assert "Planned: Administrator from" in page
    assert "On that day the new role takes away:" in page
    assert "Grade 4" in page
    detail = ada.get(f"/people/{cast.staff.tom.uuid}/").content.decode()
    assert "Administrator from" in detail
    assert "Change or cancel" in detail
    stale = ada.post(address, {"role": "specialist", "also": "", "starts_on": day, "seen": ""})
    assert stale.status_code == 422
    assert "Administrator from" in stale.content.decode()
    ada.post(f"{address}cancel/")
    assert not RolePlan.objects.exists()
    assert ada.post(f"{address}cancel/").status_code == 404
