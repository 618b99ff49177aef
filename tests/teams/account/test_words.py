"""Every page, message and email of sign-in has the product's frame and words, and none of django-allauth's."""

import re
from functools import cache
from html import unescape
from pathlib import Path

import allauth
import polib
import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from teams.account import sign_in_urls
from teams.account.adapter import ClosedAdapter, DemandedFactorAdapter
from teams.mail.models import Mail
from tests.factories.mail import link_in, sent_mail
from tests.factories.second_factors import add_totp, codes_of

ROOT = Path(__file__).parents[3]
PASSWORD = "a heron stands on one leg"
CATALOG = Path(allauth.__file__).parent / "locale/es/LC_MESSAGES/django.po"

# As whom each page opens: a visitor, someone without or with a second factor, someone between the two steps.
VISITOR, PLAIN, FACTOR, BETWEEN = "visitor", "plain", "factor", "between"
PAGES = {
    "account_login": [VISITOR],
    "account_logout": [PLAIN],
    "account_inactive": [VISITOR],
    "account_signup": [VISITOR],
    "account_reauthenticate": [PLAIN],
    "account_email": [PLAIN],
    "account_email_verification_sent": [VISITOR],
    "account_change_password": [PLAIN],
    "account_reset_password": [VISITOR, PLAIN],
    "account_confirm_email": [VISITOR],
    "account_reset_password_from_key_done": [VISITOR],
    "account_reset_password_from_key": [VISITOR],
    "account_reset_password_done": [VISITOR],
    "mfa_index": [PLAIN, FACTOR],
    "mfa_authenticate": [BETWEEN],
    "mfa_reauthenticate": [FACTOR],
    "mfa_activate_totp": [PLAIN],
    "mfa_deactivate_totp": [FACTOR],
    "mfa_view_recovery_codes": [FACTOR],
    "mfa_generate_recovery_codes": [FACTOR],
    "mfa_list_webauthn": [PLAIN, FACTOR],
    "mfa_add_webauthn": [PLAIN],
    "mfa_reauthenticate_webauthn": [FACTOR],
    "mfa_remove_webauthn": [FACTOR],
    "mfa_edit_webauthn": [FACTOR],
    "usersessions_list": [PLAIN],
    "provider_again": [PLAIN],
}
NO_PAGES = {
    "account_set_password": "leads to the page of a new password",
    "account_confirm_login_code": "nobody signs in with a code by email",
    "mfa_download_recovery_codes": "a file with codes",
    "mfa_login_webauthn": "data for a script",
    "openid_connect_login": "tests/teams/account/test_providers.py",
    "openid_connect_callback": "tests/teams/account/test_providers.py",
}


def names_of(patterns):
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names_of(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield one.name


@pytest.fixture
def ana(cast):
    """Ana, who has a password."""
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


@pytest.fixture
def browser(ana, monkeypatch):
    """A function that returns a browser of each kind of person; the account of the last two has factors."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda _user: [])

    def of(kind):
        client = Client(headers={"host": "localhost"})
        if kind in {FACTOR, BETWEEN}:
            add_totp(ana)
            Authenticator.objects.create(
                user=ana, type="recovery_codes", data={"seed": "B" * 32, "used_mask": 0}
            )
            Authenticator.objects.create(
                user=ana, type="webauthn", data={"name": "Ana’s laptop", "credential": {}}
            )
        if kind == BETWEEN:
            client.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
        elif kind != VISITOR:
            client.force_login(ana, backend=settings.AUTHENTICATION_BACKENDS[0])
            client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return client

    return of


def address_of(name, ana):

    if name == "account_confirm_email":
        address = EmailAddress.objects.create(user=ana, email="ana@elsewhere.test")
        return reverse(name, args=[EmailConfirmationHMAC(address).key])
    if name == "account_reset_password_from_key":
        return reverse(name, args=["0", "wrong-key"])
    if name.endswith(("remove_webauthn", "edit_webauthn")):
        return reverse(name, args=[Authenticator.objects.get(type="webauthn").pk])
    return reverse(name)


def texts_of(html):
    """Every piece of text in a page, and what stands in its attributes."""
    pieces = re.findall(r">([^<]+)<", html) + re.findall(r'"([^"<>]*)"', html)
    return {" ".join(unescape(piece).split()) for piece in pieces}


@cache
def not_ours():
    """Texts of django-allauth that are not also ours."""
    theirs = {" ".join(entry.msgid.split()) for entry in polib.pofile(str(CATALOG)) if "%" not in entry.msgid}
    ours = " ".join(
        path.read_text(encoding="utf-8")
        for folder in ("templates", "teams", "collab", "datareview")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".html", ".txt", ".py"}
    )
    return {text for text in theirs if f'"{text}"' not in ours}


def theirs_in(html):
    return texts_of(html) & not_ours()


def test_every_address_of_sign_in_is_listed():
    assert {*PAGES, *NO_PAGES} == set(names_of(sign_in_urls.urlpatterns))


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kinds in PAGES.items() for kind in kinds])
def test_a_page_has_our_frame_and_words(name, kind, browser, ana, settings):
    settings.SIGN_IN_PROVIDERS = [
        {
            "id": "oidc",
            "name": "Own",
            "client_id": "c",
            "secret": "s",
            "issuer": "https://x.test",
            "domains": [],
        }
    ]
    client = browser(kind)
    page = client.get(address_of(name, ana))
    html = page.content.decode()
    assert page.status_code == 200
    assert re.search(r"<title>[^<]+ · Collab</title>", html)
    assert 'class="entrance-card"' in html or 'aria-label="Your account"' in html
    assert theirs_in(html) == set()


def test_their_words_would_be_found():
    assert theirs_in("<h1>Two-Factor Authentication</h1>") == {"Two-Factor Authentication"}


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("/accounts/login/", {"login": "ana@lincoln.test", "password": "wrong"}, VISITOR),
        ("/accounts/reauthenticate/", {"password": "wrong"}, PLAIN),
        ("/accounts/2fa/authenticate/", {"code": "000000"}, BETWEEN),
        ("/accounts/2fa/totp/activate/", {"code": "000000"}, PLAIN),
        ("/accounts/email/", {"email": "ana@lincoln.test", "action_add": ""}, PLAIN),
        (
            "/accounts/password/change/",
            {"oldpassword": "wrong", "password1": "two herons stand", "password2": "three herons stand"},
            PLAIN,
        ),
    ],
)
def test_a_refused_form_has_our_words(path, data, kind, browser):
    page = browser(kind).post(path, data)
    assert page.context["form"].errors
    assert theirs_in(page.content.decode()) == set()


@pytest.mark.parametrize("adapter", [ClosedAdapter, DemandedFactorAdapter])
def test_errors_that_can_occur_are_ours(adapter):
    theirs = {key for key, text in adapter.error_messages.items() if str(text) in not_ours()}
    assert theirs <= {
        *("cannot_remove_primary_email", "max_email_addresses", "unverified_primary_email", "unknown_email"),
        *("username_blacklisted", "username_password_mismatch", "username_taken", "invalid_login"),
        *("phone_taken", "phone_password_mismatch", "unknown_phone", "select_only_one", "same_as_current"),
        *("invalid_or_expired_key", "incorrect_code", "add_email_blocked", "unverified_email"),
    }
    assert adapter is ClosedAdapter or "incorrect_code" not in theirs


@pytest.mark.django_db(transaction=True)  # some are queued on commit
def test_messages_and_emails_have_our_words(ana, browser):
    client = browser(PLAIN)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret

    said = set()
    for path, data in [
        ("/accounts/2fa/totp/activate/", {"code": codes_of(secret)[-1]}),
        ("/accounts/2fa/recovery-codes/generate/", {}),
        ("/accounts/2fa/totp/deactivate/", {}),
        ("/accounts/email/", {"email": "ana@elsewhere.test", "action_add": ""}),
        (
            "/accounts/password/change/",
            {
                "oldpassword": PASSWORD,
                "password1": "two herons on two legs",
                "password2": "two herons on two legs",
            },
        ),
        ("/accounts/sessions/", {}),
        ("/accounts/logout/", {}),
    ]:
        answer = client.post(path, data)
        assert answer.status_code == 302
        said |= {str(message) for message in get_messages(answer.wsgi_request)}
    assert (len(said), said & not_ours()) == (7, set())
    Client().post("/accounts/password/reset/", {"email": ana.email})
    Client().post("/accounts/password/reset/", {"email": "nobody@lincoln.test"})
    rows = Mail.objects.order_by("pk")
    assert rows.count() == 7
    lines = {
        line.strip()
        for row in rows
        for line in (row.subject.removeprefix("Collab: "), *row.text.splitlines())
    }
    assert lines & not_ours() == set()


@pytest.mark.parametrize(
    ("host", "why", "elsewhere"),
    [
        ("localhost", "", ""),
        ("127.0.0.1", "this page’s address is a number", "http://localhost/accounts/2fa/webauthn/add/"),
    ],
)
def test_passkeys_work_at_localhost_and_elsewhere_the_page_says_why_not(browser, host, why, elsewhere):
    client = browser(PLAIN)
    html = client.get("/accounts/2fa/webauthn/add/", headers={"host": host}).content.decode()
    assert ("mfa_webauthn_add" in html, 'class="notice"' in html.split("<noscript>")[0]) == (
        not why,
        bool(why),
    )
    assert why in html
    assert elsewhere in html
    login = Client().get("/accounts/login/", headers={"host": host}).content.decode()
    assert ("passkey_login" in login) == (not why)


# The address ------------------------------------------------------------------------------------------------------


def test_a_new_password_by_email_verifies_the_address(ana):

    EmailAddress.objects.filter(user=ana).update(verified=False)
    Client().post("/accounts/password/reset/", {"email": ana.email})
    client, new = Client(), "two herons stand on two legs"
    form = client.get(link_in(sent_mail()[0]))["Location"]
    client.post(form, {"password1": new, "password2": new})
    assert list(EmailAddress.objects.filter(user=ana).values_list("email", "verified", "primary")) == [
        (ana.email, True, True)
    ]


def test_an_address_that_was_only_entered_gets_no_link_to_a_new_password(ana):
    EmailAddress.objects.create(user=ana, email="stranger@elsewhere.test")
    Client().post("/accounts/password/reset/", {"email": "stranger@elsewhere.test"})
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (None, "Collab: No account with this address")


def test_a_first_password_is_not_set_at_an_unlocked_screen(cast, as_user):
    cast.ana.set_unusable_password()
    cast.ana.save()
    screen = as_user(cast.ana)
    answer = screen.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert answer["Location"] == "/accounts/password/reset/"
    cast.ana.refresh_from_db()
    assert not cast.ana.has_usable_password()
