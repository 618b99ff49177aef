"""Signing in at a real issuer: only people with an account, only by an address that the issuer verified."""

import re
import subprocess
import sys
import urllib.parse

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from teams.account.services.leaving import end_access
from teams.directory.models import User
from tests.factories.second_factors import add_totp, codes_of
from tests.processes import free_port
from tests.servers import PATIENCE, wait_until

LOGIN = "/accounts/provider/oidc/login/"
PASSWORD = "a heron stands on one leg"


@pytest.fixture(scope="module")
def issuer():
    """The address of an OpenID Connect issuer that runs on this machine."""
    port = free_port()
    program = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(f"{address}/.well-known/openid-configuration"), "No issuer.")
    yield address
    program.kill()
    program.wait()


def answers(address):
    try:
        return requests.get(address, timeout=PATIENCE).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def school_login(settings, issuer):
    """The issuer is set up as "Lincoln’s login". Returns its entry in the settings."""
    provider = {
        "id": "oidc",
        "name": "Lincoln’s login",
        "client_id": "collab",
        "secret": "secret",
        "issuer": issuer,
        "domains": [],
    }
    settings.SIGN_IN_PROVIDERS = [provider]
    return provider


def leave_for(client, address=LOGIN, **data):
    """The issuer's page to which the button leads."""
    page = client.post(address, data)
    assert page.status_code == 200
    found = re.search(r'content="0; url=([^"]*)"', page.content.decode())[1].replace("&amp;", "&")
    assert f'href="{found.replace("&", "&amp;")}"' in page.content.decode()
    return found


def come_back(client, issuer, address, claims):
    """The page of ours that the issuer sends a person with ``claims`` to."""
    sub = f"person-{abs(hash(str(sorted(claims.items()))))}"
    requests.put(f"{issuer}/users/{sub}", json=claims, timeout=PATIENCE).raise_for_status()
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=PATIENCE)
    there = urllib.parse.urlsplit(answer.headers["Location"])
    return client.get(f"{there.path}?{there.query}")


def sign_in(client, issuer, email, verified=True, **claims):
    return come_back(
        client, issuer, leave_for(client), {"email": email, "email_verified": verified, **claims}
    )


def who(client):
    """The email address of the person who is signed in, or None."""
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).email if key else None


def text_of(page):
    """What stands in the main part of ``page``."""
    return " ".join(re.search(r"<main.*</main>", page.content.decode(), re.DOTALL)[0].split())


def test_the_sign_in_page_shows_the_providers_that_are_set_up(cast, school_login, settings):
    assert "Sign in with Lincoln’s login" in text_of(Client().get("/accounts/login/"))
    settings.SIGN_IN_PROVIDERS = []
    assert "Sign in with" not in text_of(Client().get("/accounts/login/"))
    assert Client().post(LOGIN).status_code == 404


def test_a_person_signs_in_by_the_address_of_the_account_in_any_case(cast, school_login, issuer):
    client = Client()
    assert sign_in(client, issuer, "ANA@lincoln.test")["Location"] == "/"
    assert who(client) == "ana@lincoln.test"
    assert not SocialAccount.objects.exists()


def test_the_page_that_was_asked_for_is_opened_and_no_page_elsewhere(cast, school_login, issuer):
    claims = {"email": "ana@lincoln.test", "email_verified": True}
    client = Client()
    answer = come_back(client, issuer, leave_for(client, next="/meetings/"), claims)
    assert answer["Location"] == "/meetings/"
    client = Client()
    answer = come_back(client, issuer, leave_for(client, next="https://elsewhere.test/"), claims)
    assert answer["Location"] == "/"


def test_a_stranger_gets_no_account(cast, school_login, issuer):
    people = User.objects.count()
    client = Client()
    page = sign_in(client, issuer, "stranger@lincoln.test")
    assert (page.status_code, who(client), User.objects.count()) == (403, None, people)
    assert "Collab has no account with that address." in text_of(page)


@pytest.mark.parametrize("verified", [False, "false", None, 0, "", [], {"yes": 1}])
def test_an_address_that_the_issuer_did_not_verify_does_not_sign_in(cast, school_login, issuer, verified):
    client = Client()
    page = sign_in(client, issuer, "ana@lincoln.test", verified)
    assert (page.status_code, who(client)) == (403, None)


def test_an_address_that_is_not_verified_does_not_tell_whether_it_has_an_account(cast, school_login, issuer):
    pages = [
        text_of(sign_in(Client(), issuer, email, False))
        for email in ("ana@lincoln.test", "nobody@lincoln.test")
    ]
    assert pages[0] == pages[1]
    assert "Your address is not verified" in pages[0]


def test_an_address_that_someone_here_only_entered_does_not_sign_in(cast, school_login, issuer):
    EmailAddress.objects.create(user=cast.ana, email="stranger@elsewhere.test", verified=False)
    client = Client()
    sign_in(client, issuer, "stranger@elsewhere.test")
    assert who(client) is None


def test_domains_count_as_verified_only_where_the_settings_say_so(cast, school_login, issuer):
    school_login["domains"] = ["Lincoln.test"]
    here, elsewhere = Client(), Client()
    EmailAddress.objects.filter(user=cast.tom).update(email="tom@lincoln.test.elsewhere.test")
    sign_in(here, issuer, "ana@lincoln.test", None)
    sign_in(elsewhere, issuer, "tom@lincoln.test.elsewhere.test", None)
    assert (who(here), who(elsewhere)) == ("ana@lincoln.test", None)


def test_someone_whose_access_ended_does_not_sign_in(cast, school_login, issuer):
    end_access(cast.ana)
    client = Client()
    assert sign_in(client, issuer, "ana@lincoln.test").status_code == 403
    assert who(client) is None


def test_a_second_factor_is_asked_for_here_too(cast, school_login, issuer):
    secret = add_totp(cast.ana)
    client = Client()
    answer = sign_in(client, issuer, "ana@lincoln.test")
    assert (answer["Location"], who(client)) == ("/accounts/2fa/authenticate/", None)
    client.post("/accounts/2fa/authenticate/", {"code": codes_of(secret)[-1]})
    assert who(client) == "ana@lincoln.test"


def test_a_school_that_requires_a_second_factor_requires_it_after_a_provider(cast, school_login, issuer):
    cast.school.demands_second_factor = True
    cast.school.save()
    client = Client()
    sign_in(client, issuer, "ana@lincoln.test")
    assert client.get("/")["Location"] == "/second-step/"


def test_an_answer_that_was_not_asked_for_is_refused(cast, school_login, issuer):
    asked, other = Client(), Client()
    address = leave_for(asked)
    page = come_back(other, issuer, address, {"email": "ana@lincoln.test", "email_verified": True})
    assert (page.status_code, who(other)) == (403, None)
    again = Client().get(f"{LOGIN}callback/?code=x&state=y")
    assert (again.status_code, "You are not signed in" in text_of(again)) == (403, True)


def test_cancelling_at_the_issuer_is_said(cast, school_login, issuer):
    client = Client()
    there = urllib.parse.urlsplit(
        requests.post(
            leave_for(client), data={"action": "deny"}, allow_redirects=False, timeout=PATIENCE
        ).headers["Location"]
    )
    page = client.get(
        f"{LOGIN}callback/?{there.query}&state={client.session['socialaccount_states'].popitem()[0]}"
    )
    assert "You stopped at Lincoln’s login." in text_of(page)


def test_an_issuer_that_is_gone_is_said(cast, school_login):
    school_login["issuer"] = "http://127.0.0.1:1"
    page = Client().post(LOGIN)
    assert (page.status_code, "did not answer" in text_of(page)) == (403, True)


def test_an_issuer_that_answers_with_anything_else_is_said(cast, school_login, issuer):
    for path in ("/jwks", "/", "/nothing"):
        school_login["issuer"] = f"{issuer}{path}?/.well-known/"
        assert Client().post(LOGIN).status_code == 403


def test_an_account_is_not_connected_at_an_unlocked_screen(cast, school_login, issuer, as_user):
    screen = as_user(cast.ana)
    address = leave_for(screen, process="connect")
    come_back(screen, issuer, address, {"email": "stranger@elsewhere.test", "email_verified": True})
    assert not SocialAccount.objects.exists()
    assert screen.get("/accounts/3rdparty/").status_code == 404


def test_people_without_a_password_sign_in_there_again_before_their_account_changes(
    cast, school_login, issuer, monkeypatch
):
    client, path = Client(), "/accounts/2fa/totp/activate/"
    sign_in(client, issuer, "ana@lincoln.test")
    assert client.get(path).status_code == 200
    monkeypatch.setattr("teams.account.adapter.REAUTHENTICATION_TIMEOUT", -1)
    page = client.get(path, follow=True)
    assert page.redirect_chain == [(f"/accounts/provider/?next={urllib.parse.quote(path, safe='')}", 302)]
    assert f'name="next" value="{path}"' in page.content.decode()
    monkeypatch.undo()
    back = come_back(
        client, issuer, leave_for(client, next=path), {"email": "ana@lincoln.test", "email_verified": True}
    )
    assert (back["Location"], client.get(path).status_code) == (path, 200)


def test_a_form_leads_to_our_own_addresses_only(cast, school_login):
    page = Client().post(LOGIN)
    policy = page["Content-Security-Policy"]
    assert (page.status_code, "form-action 'self'" in policy) == (200, True)
