"""People who guess passwords are stopped, per address and per account, and no one else is."""

import re

import pytest
from django.core import mail
from django.test import Client

PASSWORD = "a heron stands on one leg"
LOGIN = "/accounts/login/"
PROXY = "172.18.0.1"


@pytest.fixture
def ana(cast):
    """Ana, who has a password."""
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


def signs_in(email, password=PASSWORD, *, at="203.0.113.7", said=""):
    """Whether a new browser at the address ``at`` gets in, through our proxy; ``said``: addresses it claims."""
    client = Client(headers={"X-Forwarded-For": f"{said}{at}"}, REMOTE_ADDR=PROXY)
    client.post(LOGIN, {"login": email, "password": password})
    return "_auth_user_id" in client.session


@pytest.fixture
def one_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def test_a_hundred_wrong_tries_of_one_address_stop_that_address_only(ana, one_proxy):
    for number in range(100):
        assert not signs_in(f"nobody{number}@lincoln.test", "wrong", at="203.0.113.66")
    assert (signs_in(ana.email, at="203.0.113.66"), signs_in(ana.email, at="203.0.113.7")) == (False, True)


def test_without_the_setting_the_header_is_not_believed(ana, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for number in range(100):
        signs_in(f"nobody{number}@lincoln.test", "wrong", at=f"203.0.113.{number}")
    assert not signs_in(ana.email)


def test_an_address_that_the_browser_made_up_does_not_count(ana, one_proxy):
    for number in range(100):
        signs_in(f"nobody{number}@lincoln.test", "wrong", at="203.0.113.66", said=f"198.51.100.{number}, ")
    assert not signs_in(ana.email, at="203.0.113.66", said="198.51.100.200, ")


def test_ten_people_of_a_school_who_mistype_do_not_lock_out_the_others(ana, one_proxy):
    for number in range(10):
        signs_in(f"colleague{number}@lincoln.test", "wrong")
    assert signs_in(ana.email)


def test_fewer_addresses_than_proxies_are_no_error(ana, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert signs_in(ana.email)


def test_five_wrong_tries_from_anywhere_lock_an_account_and_no_other(ana, cast, one_proxy):
    cast.tom.set_password(PASSWORD)
    cast.tom.save()
    for number in range(5):
        signs_in(ana.email, "wrong", at=f"203.0.113.{number}")
    assert (signs_in(ana.email), signs_in(cast.tom.email)) == (False, True)


def test_a_locked_account_says_how_to_unlock_it_whether_it_exists_or_not(ana):
    pages = []
    for email in (ana.email, "nobody@lincoln.test"):
        client = Client()
        for _try in range(6):
            page = client.post(LOGIN, {"login": email, "password": "wrong"})
        pages.append(page.context["form"].non_field_errors())
    assert pages[0] == pages[1]
    assert "a new password unlocks" in str(pages[0])


def test_a_new_password_by_mail_unlocks_an_account(ana):
    for _try in range(6):
        signs_in(ana.email, "wrong")
    client, new = Client(), "two herons stand on two legs"
    client.post("/accounts/password/reset/", {"email": ana.email})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    form = client.get(link)["Location"]
    client.post(form, {"password1": new, "password2": new})
    assert (signs_in(ana.email), signs_in(ana.email, new)) == (False, True)
