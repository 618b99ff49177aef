"""A link for a new password, made by an administrator on a server without email."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from teams.audit.models import AuditEvent
from teams.directory.models import District, Staff, User
from teams.lib.errors import DomainError
from teams.people.queries.person import history_of
from teams.people.services.changing import leave_school
from teams.people.services.password_link import make_password_link
from tests.factories.mail import sent_mail
from tests.factories.sign_in import sign_in_once

PASSWORD = "a heron stands on one leg"
NEW = "the kettle sings at half past four"


@pytest.fixture
def tom(cast):
    """Tom, who signs in here with a password."""
    sign_in_once(cast.tom)
    return Staff.objects.select_related("user", "school").get(pk=cast.staff.tom.pk)


def choose(address, password=NEW):
    """Open the link in a new browser and choose a password. Returns the answer."""
    client = Client()
    page = client.get(address.removeprefix("http://127.0.0.1:8000"), follow=True)
    if not page.redirect_chain:
        return page
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_the_link_sets_a_password_once_and_proves_no_address(cast, tom):
    address = make_password_link(tom, actor=cast.ada)
    assert choose(address).status_code == 302
    user = User.objects.get(pk=tom.user_id)
    assert (user.check_password(NEW), user.has_unproven_address) == (True, True)
    assert "too old, or it was used before" in choose(address, PASSWORD).content.decode()
    assert User.objects.get(pk=tom.user_id).check_password(NEW)


def test_an_emailed_link_proves_the_address(cast, tom):
    Client().post("/accounts/password/reset/", {"email": tom.user.email})
    [line] = [line for line in sent_mail()[0].body.splitlines() if "/password/reset/key/" in line]
    assert choose(line).status_code == 302
    assert User.objects.get(pk=tom.user_id).has_unproven_address is False


def test_a_link_ends_with_the_next_sign_in_and_with_the_access(cast, tom):
    for end in (lambda: sign_in_once(tom.user), lambda: leave_school(tom, last_day=None, actor=cast.ada)):
        address = make_password_link(tom, actor=cast.ada)
        end()
        assert "too old, or it was used before" in choose(address).content.decode()


def test_it_is_recorded(cast, tom, caplog):
    caplog.set_level(logging.INFO)
    make_password_link(tom, actor=cast.ada)
    [event] = AuditEvent.objects.filter(verb="made-password-link")
    assert (event.actor, event.subject_uuid) == (cast.ada, tom.uuid)
    assert history_of(tom)[0].what == "Link for a new password made"
    assert "password link made" in [record.message for record in caplog.records]


def test_only_administrators_of_the_school_make_one(cast, tom):
    for actor in (cast.cora, cast.pia, cast.tom, cast.zed):
        with pytest.raises(PermissionDenied):
            make_password_link(tom, actor=actor)


def test_not_ones_own(cast):
    sign_in_once(cast.ada)
    with pytest.raises(DomainError, match="your own"):
        make_password_link(cast.staff.ada, actor=cast.ada)


@pytest.mark.parametrize("why", ["elsewhere", "district", "operator", "never", "left", "email"])
def test_not_for_accounts_that_the_school_may_not_open(cast, tom, why, monkeypatch, as_user):
    if why == "elsewhere":
        Staff.objects.create(user=tom.user, school=cast.other_school, role="teacher")
    elif why == "district":
        District.objects.create(name="Riverside").administrators.add(tom.user)
    elif why == "operator":
        User.objects.filter(pk=tom.user_id).update(is_superuser=True)
    elif why == "never":
        User.objects.filter(pk=tom.user_id).update(last_login=None)
    elif why == "left":
        leave_school(tom, last_day=None, actor=cast.ada)
    else:
        monkeypatch.setattr("teams.people.queries.person.mail_is_configured", lambda: True)
    tom = Staff.objects.select_related("user", "school").get(pk=tom.pk)
    with pytest.raises(DomainError, match="operator"):
        make_password_link(tom, actor=cast.ada)
    assert "password-link" not in as_user(cast.ada).get(f"/people/{tom.uuid}/").content.decode()


def test_the_page_asks_for_the_password_again_and_shows_the_link_once(cast, tom, settings, as_user):
    settings.SECOND_FACTOR_FOR_ADMINISTRATORS = False
    cast.ada.set_password(PASSWORD)
    cast.ada.save()
    client, address = as_user(cast.ada), f"/people/{tom.uuid}/password-link/"
    assert address in client.get(f"/people/{tom.uuid}/").content.decode()
    assert client.get(address)["Location"].startswith("/accounts/reauthenticate/")
    client.post(f"/accounts/reauthenticate/?next={address}", {"password": PASSWORD})
    assert client.post(address, {"spoken": ""}).status_code == 422
    page = client.post(address, {"spoken": "on"})
    assert (page.status_code, page["Cache-Control"].count("no-store")) == (200, 1)
    assert "/accounts/password/reset/key/" in page.content.decode()
    assert "/accounts/password/reset/key/" not in client.get(address).content.decode()
    assert client.get(f"/people/{cast.staff.zed.uuid}/password-link/").status_code == 404


def test_who_forgot_the_password_learns_whom_to_ask(client, cast, monkeypatch):
    asked = client.get("/accounts/password/reset/").content.decode()
    done = client.post("/accounts/password/reset/", {"email": "x@y.test"}, follow=True).content.decode()
    for page in (asked, done):
        assert ("Make a link for a new password" in page, "a link is on its way" in page) == (True, False)
    assert 'name="email"' not in asked
    monkeypatch.setattr("teams.account.tags.mail_is_configured", lambda: True)
    asked = client.get("/accounts/password/reset/").content.decode()
    done = client.get("/accounts/password/reset/done/").content.decode()
    assert ('name="email"' in asked, "a link is on its way" in done, "Make a link" in asked + done) == (
        True,
        True,
        False,
    )
