"""A required second factor: set up before anything else, and never removed."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client

from collab.district.services.districts import add_administrator, found_district
from teams.account.queries import second_steps_at
from teams.account.services.preferences import demand_second_factor
from teams.audit.models import AuditEvent
from tests.factories.second_factors import add_totp, codes_of

STEP = "/second-step/"
PASSWORD = "a heron stands on one leg"


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR_FOR_ADMINISTRATORS = True


@pytest.fixture
def everyone(cast):
    demand_second_factor(cast.school, actor=cast.ada, demands_second_factor=True)


def add_factor(user, type="totp"):
    return Authenticator.objects.create(user=user, type=type, data={"secret": "A" * 32})


def test_an_administrator_without_one_reaches_only_the_pages_that_set_it_up(cast, as_user, demanded):
    client = as_user(cast.ada)
    pages = [
        "/",
        "/students/",
        f"/students/{cast.maya.uuid}/",
        "/imports/",
        f"/meetings/{cast.meeting.uuid}/stream/",
    ]
    assert {client.get(path).headers.get("Location") for path in pages} == {STEP}
    assert [client.get(path).status_code for path in (STEP, "/accounts/2fa/", "/accounts/email/")] == [
        200
    ] * 3


def test_a_post_does_nothing_without_one(cast, as_user, demanded):
    page = as_user(cast.ada).post("/school/sign-in/", {"demands_second_factor": "on"})
    cast.school.refresh_from_db()
    assert (page["Location"], cast.school.demands_second_factor) == (STEP, False)


def test_an_htmx_request_redirects_the_whole_page(cast, as_user, demanded):
    assert as_user(cast.ada).get("/students/", headers={"HX-Request": "true"})["HX-Redirect"] == STEP


@pytest.mark.parametrize("type", ["totp", "webauthn"])
def test_with_a_factor_everything_is_open(cast, as_user, demanded, type):
    add_factor(cast.ada, type)
    assert as_user(cast.ada).get("/students/").status_code == 200


def test_other_roles_are_asked_only_where_the_school_says_so(cast, as_user, demanded):
    assert as_user(cast.ana).get("/").status_code == 200
    demand_second_factor(cast.school, actor=cast.ada, demands_second_factor=True)
    assert as_user(cast.ana).get("/")["Location"] == STEP
    assert as_user(cast.zed).get("/").status_code == 200


def test_administrators_of_a_district_need_one_like_those_of_a_school(cast, as_user, demanded):
    district = found_district(cast.school, actor=cast.ada, name="Riverbend")
    assert as_user(cast.pia).get("/").status_code == 200
    add_administrator(district, actor=cast.ada, email=cast.pia.email)
    assert as_user(cast.pia).get("/district/")["Location"] == STEP
    assert as_user(cast.ana).get("/").status_code == 200


def test_the_server_may_leave_it_to_the_schools(cast, as_user, settings):
    settings.SECOND_FACTOR_FOR_ADMINISTRATORS = False
    assert as_user(cast.ada).get("/").status_code == 200


def test_a_demo_never_asks(cast, as_user, settings, demanded, everyone):
    settings.DEMO = True
    assert [as_user(user).get("/").status_code for user in (cast.ada, cast.ana)] == [200, 200]


def test_the_password_alone_does_not_sign_in_people_with_a_factor(cast):
    add_factor(cast.ana)
    assert "_auth_user_id" not in with_password(cast.ana).session


def with_password(user):
    """A browser in which ``user`` has typed the password and is asked for the second factor."""
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def answers(client, code):
    """Whether ``code`` signs in."""
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return "_auth_user_id" in client.session


def test_the_code_that_set_up_the_app_does_not_sign_in(cast):
    client = with_password(cast.ana)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    used, other = codes_of(page.context["form"].secret)[-2:]
    client.post("/accounts/2fa/totp/activate/", {"code": used})
    assert Authenticator.objects.filter(user=cast.ana, type="totp").exists()
    assert (
        answers(with_password(cast.ana), f"{used[:3]} {used[3:]}"),
        answers(with_password(cast.ana), other),
    ) == (
        False,
        True,
    )


def test_a_code_is_used_once_as_long_as_the_tolerance_accepts_it(cast, monkeypatch):
    code = codes_of(secret := add_totp(cast.ana))[-1]
    assert answers(with_password(cast.ana), code)
    later = time.time() + 45
    monkeypatch.setattr(time, "time", lambda: later)
    assert (code in codes_of(secret), answers(with_password(cast.ana), code)) == (True, False)


def test_the_last_factor_stays_where_it_is_demanded(cast, as_user, everyone):
    add_factor(cast.ana)
    Authenticator.objects.create(
        user=cast.ana, type="recovery_codes", data={"seed": "B" * 32, "used_mask": 0}
    )
    page = as_user(cast.ana).post("/accounts/2fa/totp/deactivate/")
    assert (page.status_code, Authenticator.objects.filter(user=cast.ana, type="totp").count()) == (302, 1)


def test_only_the_schools_administrator_requires_a_factor_and_it_is_recorded(cast, everyone):
    event = AuditEvent.objects.get(verb="set-second-factor")
    assert (event.actor, event.school, event.data) == (cast.ada, cast.school, {"demanded": True})
    for user in (cast.ana, cast.pia, cast.zed):
        with pytest.raises(PermissionDenied):
            demand_second_factor(cast.school, actor=user, demands_second_factor=False)


def test_the_page_lists_people_without_a_factor(cast, as_user, everyone):
    add_factor(cast.ada)
    add_factor(cast.tom)
    found = second_steps_at(cast.school)
    assert (found.ready, [user.first_name for user in found.missing]) == (
        2,
        ["Gil", "Cora", "Pia", "Ana", "Sol"],
    )
    page = as_user(cast.ada).get("/school/sign-in/").content.decode()
    assert ("Gil Hart" in page, "Zed Stone" in page) == (True, False)
