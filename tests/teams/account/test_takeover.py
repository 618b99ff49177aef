"""Someone at an unlocked screen cannot take over the account: what needs the password, and who is notified."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.test import Client

from collab.meetings.models import CalendarFeed
from collab.room.queries.listeners import Listener, still_in
from teams.directory.models import User
from tests.factories.mail import link_in, sent_mail
from tests.factories.second_factors import add_totp, codes_of

PASSWORD = "a heron stands on one leg"
REAUTHENTICATE = "/accounts/reauthenticate/"
NEW = "ana@elsewhere.test"


@pytest.fixture
def ana(cast):
    """Ana, who has a password."""
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


@pytest.fixture
def screen(ana, as_user):
    """A browser that Ana left signed in; the password was typed long ago."""
    return as_user(ana)


def asks_again(answer):
    """Whether the response redirects to a page that asks for the password again."""
    return answer.status_code == 302 and answer["Location"].startswith(REAUTHENTICATE)


def type_password(client, password=PASSWORD):
    return client.post(REAUTHENTICATE, {"password": password})


def change_to(client, email):
    return client.post("/accounts/email/", {"email": email, "action_add": ""})


def signs_in(email, password=PASSWORD):
    """Whether a sign-in from a new browser succeeds."""
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


# The address ---------------------------------------------------------------------------------------------------


def test_another_address_is_not_stored_without_the_password(screen, ana):
    assert asks_again(change_to(screen, NEW))
    assert [row.email for row in EmailAddress.objects.filter(user=ana)] == [ana.email]
    assert sent_mail() == []


@pytest.mark.parametrize("action", ["action_primary", "action_remove"])
def test_an_address_is_not_made_primary_or_removed_without_the_password(screen, ana, action):
    EmailAddress.objects.create(user=ana, email=NEW)
    assert asks_again(screen.post("/accounts/email/", {"email": NEW, action: ""}))
    ana.refresh_from_db()
    assert (ana.email, EmailAddress.objects.filter(user=ana).count()) == ("ana@lincoln.test", 2)


def test_an_address_that_was_not_verified_never_signs_in(screen, ana):
    type_password(screen)
    change_to(screen, NEW)
    screen.post("/accounts/email/", {"email": NEW, "action_primary": ""})
    ana.refresh_from_db()
    assert ana.email == "ana@lincoln.test"
    assert (signs_in(NEW), signs_in("ana@lincoln.test")) == (False, True)


def test_a_verified_address_replaces_the_old_one_which_is_told(screen, ana):
    type_password(screen)
    change_to(screen, NEW)
    (question,) = sent_mail()
    assert question.to == [NEW]
    screen.post(link_in(question))
    ana.refresh_from_db()
    assert (ana.email, [row.email for row in EmailAddress.objects.filter(user=ana)]) == (NEW, [NEW])
    assert sent_mail()[1].to == ["ana@lincoln.test"]
    assert "with ana@lincoln.test until now. From now on it is ana@elsewhere.test." in sent_mail()[1].body
    assert (signs_in(NEW), signs_in("ana@lincoln.test")) == (True, False)


def test_an_address_is_changed_by_someone_with_a_second_factor(screen, ana):
    secret = add_totp(ana)
    assert asks_again(change_to(screen, NEW))
    type_password(screen)
    change_to(screen, NEW)
    ana.refresh_from_db()
    assert (ana.email, sent_mail()[0].to) == ("ana@lincoln.test", [NEW])
    screen.post(link_in(sent_mail()[0]))
    ana.refresh_from_db()
    assert (ana.email, [row.email for row in EmailAddress.objects.filter(user=ana)]) == (NEW, [NEW])
    client = Client()
    client.post("/accounts/login/", {"login": NEW, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": codes_of(secret)[-1]})
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_someone_elses_address_gets_the_same_answer_as_a_free_one(screen, cast):
    type_password(screen)
    free, taken = change_to(screen, NEW), change_to(screen, cast.tom.email)
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert [message.to for message in sent_mail()] == [[NEW], [cast.tom.email]]
    screen.post(link_in(sent_mail()[1]))
    ana = User.objects.get(pk=cast.ana.pk)
    assert (ana.email, EmailAddress.objects.get(email=cast.tom.email, verified=True).user) == (
        "ana@lincoln.test",
        cast.tom,
    )


def test_the_password_cannot_be_guessed_at_an_unlocked_screen(screen, ana):
    for _try in range(5):
        type_password(screen, "wrong")
    type_password(screen)
    assert asks_again(change_to(screen, NEW))


# Passkeys, second factor, recovery codes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"],
)
def test_a_factor_is_not_added_without_the_password(screen, ana, path):
    assert (asks_again(screen.get(path)), asks_again(screen.post(path, {"code": "000000"}))) == (True, True)
    assert not Authenticator.objects.filter(user=ana).exists()


@pytest.mark.django_db(transaction=True)  # the mail is queued on commit
def test_opening_the_page_of_the_address_does_not_block_the_second_factor(screen, ana):
    assert screen.get("/accounts/email/").status_code == 200
    type_password(screen)
    page = screen.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    screen.post("/accounts/2fa/totp/activate/", {"code": codes_of(secret)[-1]})
    types = Authenticator.objects.filter(user=ana).values_list("type", flat=True)
    assert set(types) == {"totp", "recovery_codes"}
    assert {tuple(message.to) for message in sent_mail()} == {(ana.email,)}


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "totp/deactivate/"), ("get", "recovery-codes/"), ("post", "recovery-codes/generate/")],
)
def test_a_factor_is_not_removed_or_read_without_the_password(screen, ana, method, path):
    Authenticator.objects.create(user=ana, type="totp", data={"secret": "A" * 32})
    Authenticator.objects.create(user=ana, type="recovery_codes", data={"seed": "B" * 32, "used_mask": 0})
    before = list(Authenticator.objects.values())
    assert asks_again(getattr(screen, method)(f"/accounts/2fa/{path}"))
    assert list(Authenticator.objects.values()) == before


# The password ----------------------------------------------------------------------------------------------------


def test_a_password_is_not_changed_without_the_old_one(screen, ana):
    new = "two herons stand on two legs"
    screen.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new})
    assert (signs_in(ana.email), signs_in(ana.email, new)) == (True, False)


def test_a_new_password_ends_other_sessions_and_streams_and_is_reported(screen, ana, cast):
    elsewhere = Client()
    elsewhere.force_login(ana, backend="teams.account.backends.ScopeBackend")
    listener = Listener.of(elsewhere.session)
    assert still_in({cast.meeting.pk: [listener]}) == {cast.meeting.pk: {listener}}
    new = "two herons stand on two legs"
    screen.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (elsewhere.get("/").status_code, still_in({cast.meeting.pk: [listener]})) == (
        302,
        {cast.meeting.pk: set()},
    )
    assert [message.to for message in sent_mail()] == [[ana.email]]


def test_a_new_password_keeps_the_own_session_and_says_so(screen):
    new = "two herons stand on two legs"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    page = screen.post("/accounts/password/change/", data, follow=True)
    assert (page.redirect_chain, page.status_code) == ([("/", 302)], 200)
    assert [str(message) for message in page.context["messages"]] == [
        "Your password is changed; other devices are signed out."
    ]


def test_an_address_without_an_account_is_not_invited_to_sign_up(cast):
    Client().post("/accounts/password/reset/", {"email": "nobody@lincoln.test"})
    (message,) = sent_mail()
    assert (message.to, message.subject) == (["nobody@lincoln.test"], "Collab: No account with this address")
    assert ("sign" in message.body, "/accounts/" in message.body) == (False, False)
    assert "Collab has no account with the address nobody@lincoln.test" in message.body


# Calendar links --------------------------------------------------------------------------------------------------


def test_calendar_links_are_not_shown_or_made_without_the_password(screen, ana):
    assert asks_again(screen.get("/calendar/feeds/"))
    assert asks_again(screen.post("/calendar/feeds/make/"))
    assert not CalendarFeed.objects.exists()


def test_a_calendar_link_that_was_asked_for_is_made_after_the_password(screen, ana):
    again = screen.post("/calendar/feeds/make/")["Location"]
    assert (
        screen.post(again, {"password": PASSWORD, "next": "/calendar/feeds/make/"})["Location"]
        == "/calendar/feeds/"
    )
    feed = CalendarFeed.objects.get(user=ana)
    assert feed.token in screen.get("/calendar/feeds/").content.decode()


def test_a_demo_does_not_ask_for_its_public_password(screen, settings):
    settings.DEMO = True
    assert screen.get("/calendar/feeds/").status_code == 200


# Accounts from before --------------------------------------------------------------------------------------------


def test_accounts_from_before_keep_the_address_they_sign_in_with(ana, cast):
    EmailAddress.objects.all().delete()
    EmailAddress.objects.create(user=ana, email=ana.email)  # as the page made it
    EmailAddress.objects.create(user=ana, email=cast.tom.email, verified=True)
    import_module("teams.migrations.0014_verified_addresses").verify_addresses(apps, None)
    rows = set(EmailAddress.objects.values_list("user__email", "email", "verified", "primary"))
    assert rows == {(user.email, user.email, True, True) for user in User.objects.all()}
