"""Who gets a role: a new administrator, and someone who comes back."""

import logging

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from teams.account.services.joining import give_role
from teams.account.services.leaving import end_access
from teams.audit.models import AuditEvent
from teams.directory.models import Role, School, Staff, User
from tests.factories.mail import sent_mail
from tests.factories.second_factors import add_totp

PASSWORD = "a heron stands on one leg"


def events(caplog):
    """The security events so far, without those of roles."""
    found = [record.message for record in caplog.records if record.name == "collab.security"]
    return [event for event in found if not event.startswith("role")]


def test_a_school_is_added_with_an_administrator_who_is_not_known_yet(db):
    call_command("add_school", "Adams", admin="New.Person@adams.test")
    assert list(Staff.objects.values_list("user__email", "school__name", "role")) == [
        ("new.person@adams.test", "Adams", Role.ADMINISTRATOR)
    ]


@pytest.mark.parametrize("email", ["not-an-email", "", "a b@adams.test"])
def test_an_administrator_needs_an_email_address(db, email):
    with pytest.raises(CommandError, match="valid email"):
        call_command("add_school", "Adams", admin=email)
    assert (School.objects.count(), User.objects.count()) == (0, 0)


def test_someone_whose_access_ended_administers_another_school(cast, caplog):
    end_access(cast.ada)
    caplog.set_level(logging.INFO)
    call_command("add_school", "Adams", admin="ADA@lincoln.test")
    cast.ada.refresh_from_db()
    assert (cast.ada.is_active, cast.ada.has_usable_password()) == (True, False)
    assert events(caplog) == ["account opened again"]
    assert AuditEvent.objects.get(verb="opened-account").school.name == "Adams"
    Client().post("/accounts/password/reset/", {"email": cast.ada.email})
    assert "/password/reset/key/" in sent_mail()[0].body


def test_a_role_given_again_keeps_the_first_day_and_reopens_the_account(cast):
    before = cast.staff.ana.starts_on
    end_access(cast.ana)
    staff = give_role(cast.ana, school=cast.school, role=Role.COORDINATOR)
    cast.ana.refresh_from_db()
    assert (staff, cast.ana.is_active) == (cast.staff.ana, True)
    staff.refresh_from_db()
    assert (staff.role, staff.starts_on, staff.ends_on) == (Role.COORDINATOR, before, None)


def test_an_account_that_is_open_is_not_opened_again(cast, caplog):
    caplog.set_level(logging.INFO)
    give_role(cast.zed, school=cast.school, role=Role.TEACHER)
    assert (events(caplog), AuditEvent.objects.filter(verb="opened-account").exists()) == ([], False)


# A lost second factor --------------------------------------------------------------------------------------------


def test_a_lost_second_factor_is_removed_and_the_password_signs_in(cast, caplog):
    cast.ada.set_password(PASSWORD)
    cast.ada.save()
    device = Client()
    device.post("/accounts/login/", {"login": cast.ada.email, "password": PASSWORD})
    for user in (cast.ada, cast.ana):
        add_totp(user)
    Authenticator.objects.create(
        user=cast.ada, type="recovery_codes", data={"seed": "B" * 32, "used_mask": 0}
    )
    caplog.set_level(logging.INFO)
    caplog.clear()
    call_command("reset_second_factor", cast.ada.email.upper())
    assert events(caplog) == ["second factor reset"]
    assert [row.user for row in Authenticator.objects.all()] == [cast.ana]
    client = Client()
    client.post("/accounts/login/", {"login": cast.ada.email, "password": PASSWORD})
    assert ("_auth_user_id" in client.session, device.get("/").status_code) == (True, 302)


def test_no_such_person_is_told(cast):
    add_totp(cast.ada)
    with pytest.raises(CommandError, match="No one signs in"):
        call_command("reset_second_factor", "nobody@lincoln.test")
    assert Authenticator.objects.count() == 1
