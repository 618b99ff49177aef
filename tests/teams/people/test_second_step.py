"""Removing a lost second step: after a check, by an administrator, never for an account of another school."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied

from teams.directory.models import District, Staff
from teams.lib.errors import DomainError
from teams.people.services.second_step import reset_second_step
from tests.factories.second_factors import add_totp

PASSWORD = "a heron stands on one leg"


@pytest.fixture
def tom(cast):
    add_totp(cast.tom)
    return cast.staff.tom


def test_it_is_removed(cast, tom):
    assert reset_second_step(tom, actor=cast.ada) == 1
    assert not Authenticator.objects.filter(user=cast.tom).exists()


def test_only_administrators_of_the_school_remove_it(cast, tom):
    for actor in (cast.cora, cast.tom, cast.zed):
        with pytest.raises(PermissionDenied):
            reset_second_step(tom, actor=actor)


def test_not_ones_own(cast):
    add_totp(cast.ada)
    with pytest.raises(DomainError, match="your own"):
        reset_second_step(cast.staff.ada, actor=cast.ada)


def test_not_of_an_account_that_another_school_knows(cast, tom, as_user):
    Staff.objects.create(user=cast.tom, school=cast.other_school, role="administrator")
    with pytest.raises(DomainError, match="operator"):
        reset_second_step(tom, actor=cast.ada)
    assert "second-step" not in as_user(cast.ada).get(f"/people/{tom.uuid}/").content.decode()
    assert Authenticator.objects.filter(user=cast.tom).exists()


def test_not_of_an_account_that_administers_a_district(cast, tom, as_user):
    District.objects.create(name="Riverside").administrators.add(cast.tom)
    with pytest.raises(DomainError, match="operator"):
        reset_second_step(tom, actor=cast.ada)
    assert "second-step" not in as_user(cast.ada).get(f"/people/{tom.uuid}/").content.decode()
    assert Authenticator.objects.filter(user=cast.tom).exists()


def test_the_page_asks_for_the_password_again_and_for_the_check(cast, tom, settings, as_user):
    settings.SECOND_FACTOR_FOR_ADMINISTRATORS = False
    cast.ada.set_password(PASSWORD)
    cast.ada.save()
    client, address = as_user(cast.ada), f"/people/{tom.uuid}/second-step/"
    assert client.get(address)["Location"].startswith("/accounts/reauthenticate/")
    client.post(f"/accounts/reauthenticate/?next={address}", {"password": PASSWORD})
    assert client.get(address).status_code == 200
    assert client.post(address, {"spoken": ""}).status_code == 422
    assert Authenticator.objects.filter(user=cast.tom).exists()
    assert client.post(address, {"spoken": "on"})["Location"] == f"/people/{tom.uuid}/"
    assert not Authenticator.objects.filter(user=cast.tom).exists()
