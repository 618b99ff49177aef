"""People who guess passwords are stopped, per address and per account, and no one else is."""

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from teams.account.devices import known_device, remember_device
from tests.factories.mail import link_in, sent_mail

PASSWORD = "a heron stands on one leg"
LOGIN = "/accounts/login/"
PROXY = "172.18.0.1"


@pytest.fixture
def ana(cast):
    """Ana, who has a password."""
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


def browser_at(address, said=""):
    """A new browser at ``address``, through our proxy; ``said``: addresses it claims."""
    return Client(headers={"X-Forwarded-For": f"{said}{address}"}, REMOTE_ADDR=PROXY)


def try_password(email, password, *, at):
    """The page that answers a sign-in from the address ``at``."""
    return browser_at(at).post(LOGIN, {"login": email, "password": password})


def ask_reset(email, *, at):
    """The status of the answer to a request for a new password."""
    return browser_at(at).post("/accounts/password/reset/", {"email": email}).status_code


def signs_in(email, password=PASSWORD, *, at="203.0.113.7", said=""):
    """Whether a new browser at the address ``at`` gets in; ``said``: addresses it claims."""
    client = browser_at(at, said)
    client.post(LOGIN, {"login": email, "password": password})
    return "_auth_user_id" in client.session


@pytest.fixture
def one_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


@pytest.mark.sweep
def test_thirty_wrong_tries_of_one_address_stop_that_address_only(ana, one_proxy):
    for number in range(30):
        assert not signs_in(f"nobody{number}@lincoln.test", "wrong", at="203.0.113.66")
    assert (signs_in(ana.email, at="203.0.113.66"), signs_in(ana.email, at="203.0.113.7")) == (False, True)


@pytest.mark.sweep
def test_without_the_setting_the_header_is_not_believed(ana, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for number in range(30):
        signs_in(f"nobody{number}@lincoln.test", "wrong", at=f"203.0.113.{number}")
    assert not signs_in(ana.email)


@pytest.mark.sweep
def test_an_address_that_the_browser_made_up_does_not_count(ana, one_proxy):
    for number in range(30):
        signs_in(f"nobody{number}@lincoln.test", "wrong", at="203.0.113.66", said=f"198.51.100.{number}, ")
    assert not signs_in(ana.email, at="203.0.113.66", said="198.51.100.200, ")


def test_ten_people_of_a_school_who_mistype_do_not_lock_out_the_others(ana, one_proxy):
    for number in range(10):
        signs_in(f"colleague{number}@lincoln.test", "wrong")
    assert signs_in(ana.email)


def test_fewer_addresses_than_proxies_are_no_error(ana, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert signs_in(ana.email)


@pytest.mark.sweep
def test_wrong_tries_at_different_accounts_are_stopped_after_thirty(one_proxy, cast):
    pages = [try_password(f"nobody{number}@lincoln.test", "wrong", at="203.0.113.66") for number in range(33)]
    told = ["Too many failed attempts" in page.content.decode() for page in pages]
    assert told == [False] * 30 + [True] * 3


def test_five_wrong_tries_at_an_address_lock_an_account_there_and_nowhere_else(ana, cast, one_proxy):
    cast.tom.set_password(PASSWORD)
    cast.tom.save()
    for _try in range(30):
        signs_in(ana.email, "wrong", at="203.0.113.66")
    assert (signs_in(ana.email.upper(), at="203.0.113.66"), signs_in(cast.tom.email, at="203.0.113.66")) == (
        False,
        True,
    )
    assert signs_in(ana.email)


@pytest.mark.sweep
def test_fifty_wrong_tries_from_many_addresses_lock_an_account_and_no_other(ana, cast, one_proxy):
    cast.tom.set_password(PASSWORD)
    cast.tom.save()
    for number in range(49):
        signs_in(ana.email, "wrong", at=f"203.0.113.{number}")
    assert signs_in(ana.email, at="198.51.100.1")
    signs_in(ana.email, "wrong", at="203.0.113.49")
    assert (signs_in(ana.email, at="198.51.100.1"), signs_in(cast.tom.email, at="198.51.100.1")) == (
        False,
        True,
    )


def test_a_right_password_is_not_counted(ana, one_proxy):
    assert [signs_in(ana.email) for _time in range(6)] == [True] * 6


def test_a_stranger_cannot_use_up_the_owners_requests_for_a_new_password(ana, one_proxy):
    assert [ask_reset(ana.email, at="203.0.113.66") for _time in range(20)] == [302] * 20
    assert ask_reset(ana.email, at="203.0.113.66") == 429
    assert len(sent_mail()) == 5
    assert ask_reset(ana.email, at="203.0.113.7") == 302
    assert (len(sent_mail()), sent_mail()[5].to) == (6, [ana.email])


def test_nobody_is_flooded_with_mail_about_an_account_they_do_not_have(one_proxy, cast):
    for _time in range(7):
        ask_reset("stranger@elsewhere.test", at="203.0.113.66")
    assert [message.to for message in sent_mail()] == [["stranger@elsewhere.test"]] * 5


def test_a_locked_account_says_how_to_unlock_it_whether_it_exists_or_not(ana):
    pages = []
    for email in (ana.email, "nobody@lincoln.test"):
        client = Client()
        for _try in range(6):
            page = client.post(LOGIN, {"login": email, "password": "wrong"})
        pages.append(page.context["form"].non_field_errors())
    assert pages[0] == pages[1]
    assert "a new password unlocks" in str(pages[0])


def test_a_new_password_by_mail_unlocks_an_account_also_where_it_was_locked(ana):
    for _try in range(6):
        signs_in(ana.email, "wrong")
    client, new = Client(), "two herons stand on two legs"
    client.post("/accounts/password/reset/", {"email": ana.email})
    told, message = sent_mail()
    assert told.subject == "Collab: Too many wrong passwords for your account"
    link = link_in(message)
    form = client.get(link)["Location"]
    client.post(form, {"password1": new, "password2": new})
    assert (signs_in(ana.email), signs_in(ana.email, new)) == (False, True)


def test_the_readme_has_these_limits(settings):
    text = " ".join((Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8").split())
    figures = re.search(r"Failed sign-ins are limited: .*? at most\.", text)[0]
    assert re.findall(r"(\d+|five|ten|an hour|a minute|a day)", figures) == [
        *("30", "a minute", "100", "ten"),
        *("5", "five", "20", "a day"),
        *("50", "a day"),
        *("20", "a minute", "5", "an hour"),
    ]
    assert settings.ACCOUNT_RATE_LIMITS == {
        "login": "300/m/ip",
        "login_failed": "30/m/ip,100/10m/ip",
        "login_failed_account": "50/d/key",
        "login_failed_here": "5/5m/key,20/d/key",
        "reset_password": "20/m/ip",
        "reset_mail_here": "5/h/key",
        "unknown_invitation": "30/m/ip",
    }


@pytest.mark.sweep
def test_strangers_do_not_lock_the_owner_out_on_a_device_where_she_signed_in_before(ana, one_proxy):
    own = browser_at("203.0.113.7")
    own.post(LOGIN, {"login": ana.email, "password": PASSWORD})
    own.post("/accounts/logout/")
    for number in range(50):
        signs_in(ana.email, "wrong", at=f"203.0.113.{100 + number}")
    assert not signs_in(ana.email, at="198.51.100.1")
    own.post(LOGIN, {"login": ana.email.upper(), "password": PASSWORD})
    assert own.session["_auth_user_id"] == str(ana.pk)


def test_a_known_device_has_few_tries_too(ana, one_proxy):
    own = browser_at("203.0.113.7")
    own.post(LOGIN, {"login": ana.email, "password": PASSWORD})
    own.post("/accounts/logout/")
    for _try in range(5):
        own.post(LOGIN, {"login": ana.email, "password": "wrong"})
    own.post(LOGIN, {"login": ana.email, "password": PASSWORD})
    assert ("_auth_user_id" in own.session, signs_in(ana.email)) == (False, True)


def test_a_device_is_known_for_those_who_signed_in_on_it_and_cannot_be_made_up(ana, cast, one_proxy):
    cast.tom.set_password(PASSWORD)
    cast.tom.save()
    theirs = browser_at("203.0.113.66")
    theirs.post(LOGIN, {"login": cast.tom.email, "password": PASSWORD})
    theirs.post("/accounts/logout/")
    cookie = theirs.cookies["device"].value
    request = RequestFactory().get("/")
    request.COOKIES["device"] = cookie
    assert (known_device(request, cast.tom.email) != "", known_device(request, ana.email)) == (True, "")
    assert (cast.tom.email in cookie, "tom" in cookie) == (False, False)
    request.COOKIES["device"] = f"{cookie[:-1]}{'A' if cookie[-1] != 'A' else 'B'}"
    assert known_device(request, cast.tom.email) == ""


def test_a_shared_device_knows_several_people(ana, cast):
    response, request = HttpResponse(), RequestFactory().get("/")
    for email in (ana.email, cast.tom.email):
        remember_device(request, response, email)
        request.COOKIES["device"] = response.cookies["device"].value
    ids = {known_device(request, email) for email in (ana.email, cast.tom.email)}
    assert (len(ids), "" in ids) == (1, False)


@pytest.mark.sweep
def test_the_owner_is_told_once_of_a_lock_out_and_nobody_else_is(ana, one_proxy):
    for _try in range(30):
        signs_in(ana.email, "wrong", at="203.0.113.66")
        signs_in("nobody@lincoln.test", "wrong", at="203.0.113.67")
    (message,) = sent_mail()
    assert (message.to, message.subject) == ([ana.email], "Collab: Too many wrong passwords for your account")
    assert "from the address 203.0.113.66" in message.body


@pytest.mark.sweep
def test_the_owner_is_told_of_a_lock_out_by_many_addresses(ana, one_proxy):
    for number in range(51):
        signs_in(ana.email, "wrong", at=f"203.0.113.{number}")
    assert [message.to for message in sent_mail()] == [[ana.email]]


@pytest.mark.sweep
def test_an_address_that_tries_many_accounts_does_not_cause_many_emails(cast, one_proxy):
    for user in (cast.ana, cast.tom, cast.gil, cast.sol):
        for _try in range(4):
            signs_in(user.email, "wrong", at="203.0.113.66")
    for number in range(14):
        signs_in(f"nobody{number}@lincoln.test", "wrong", at="203.0.113.66")
    for user in (cast.ana, cast.tom, cast.gil, cast.sol):
        signs_in(user.email, "wrong", at="203.0.113.66")
    assert sent_mail() == []
