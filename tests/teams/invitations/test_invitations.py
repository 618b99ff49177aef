"""Invitations: sent, shown, accepted once, withdrawn, late, and opened by others."""

import datetime as dt
import logging
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from teams.account.adapter import ProviderAdapter
from teams.account.services.leaving import end_access
from teams.audit.models import AuditEvent
from teams.directory.models import Role, Staff, User
from teams.invitations.models import Invitation
from teams.invitations.queries import find_invitation, invitation_address, sets_password, shown_address
from teams.invitations.services import (
    MOST_A_DAY,
    accept_invitation,
    confirm_invitation,
    describe_invited,
    invite_people,
    withdraw_invitation,
)
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.people.queries.people import described_people, people_list
from teams.people.rows import NewPerson
from teams.people.services.adding import add_people
from teams.people.services.changing import add_to_team, return_person
from tests.factories.mail import link_in, sent_mail
from tests.factories.second_factors import add_totp

PASSWORD = "a heron stands on one leg"
ANSWER = {"first_name": "Eve", "last_name": "Witt", "password": PASSWORD}


@pytest.fixture
def with_server(monkeypatch):
    """A mail server is configured; the test keeps what it gets."""
    for layer in ("services", "queries"):
        monkeypatch.setattr(f"teams.invitations.{layer}.mail_is_configured", lambda: True)


@pytest.fixture
def eve(cast):
    [staff] = add_people(cast.school, [NewPerson("eve@new.test", "Eve", "Witt")], actor=cast.ada)
    return staff


@pytest.fixture
def invitation(cast, eve):
    [found] = invite_people(cast.school, [eve], actor=cast.ada)
    return found


def path_of(invitation):
    return invitation_address(invitation).partition("8000")[2]


def page(invitation, client=None):
    return (client or Client()).get(path_of(invitation))


def late(invitation):
    invitation.expires_at = clock.now() - dt.timedelta(minutes=1)
    invitation.save()


def signed_in_as(client):
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


# Sending ---------------------------------------------------------------------------------------------------


def test_without_a_mail_server_the_link_is_shown_to_the_administrator(cast, eve, invitation, as_user):
    assert Mail.objects.count() == 0
    assert invitation_address(invitation) in as_user(cast.ada).get(f"/people/{eve.uuid}/").content.decode()
    assert "pass on the link" in describe_invited([invitation])


def test_with_a_mail_server_the_link_is_in_an_email_and_nowhere_else(cast, eve, with_server, as_user):
    [invitation] = invite_people(cast.school, [eve], actor=cast.ada)
    address = invitation_address(invitation)
    email = Mail.objects.get()
    assert (email.to, email.is_secret, email.text.count(address)) == (eve.user, True, 1)
    assert "Ada Cole invites you" in email.text
    assert address not in as_user(cast.ada).get(f"/people/{eve.uuid}/").content.decode()
    assert shown_address(invitation) == ""


def test_all_open_links_are_on_one_page_and_showing_them_is_a_security_event(
    cast, eve, invitation, zeds, as_user, caplog, django_assert_max_num_queries
):
    """Not the link of someone whom another school knows, nor one that is late or withdrawn."""
    new = [NewPerson(f"n{number}@new.test", "N", str(number)) for number in range(12)]
    several = invite_people(cast.school, add_people(cast.school, new, actor=cast.ada), actor=cast.ada)
    late(several[0])
    withdraw_invitation(several[1], actor=cast.ada)
    ada = as_user(cast.ada)
    assert "/people/links/" in ada.get("/people/").content.decode()
    with caplog.at_level(logging.INFO, logger="collab.security"), django_assert_max_num_queries(30):
        text = ada.get("/people/links/").content.decode()
    shown = [one for one in [invitation, zeds, *several] if invitation_address(one) in text]
    assert shown == [invitation, *several[2:]]
    events = [
        record.fields["about"] for record in caplog.records if record.message == "invitation link shown"
    ]
    assert sorted(events) == sorted(str(one.staff.user.uuid) for one in shown)


def test_with_a_mail_server_no_links_are_listed(cast, invitation, with_server, as_user):
    ada = as_user(cast.ada)
    assert "/people/links/" not in ada.get("/people/").content.decode()
    assert invitation_address(invitation) not in ada.get("/people/links/").content.decode()


def test_only_administrators_of_the_school_invite_and_withdraw(cast, eve, invitation):
    for user in (cast.cora, cast.tom, cast.zed):
        with pytest.raises(PermissionDenied):
            invite_people(cast.school, [eve], actor=user)
        with pytest.raises(PermissionDenied):
            withdraw_invitation(invitation, actor=user)


def test_people_of_another_school_are_not_invited(cast):
    assert invite_people(cast.school, [cast.staff.zed], actor=cast.ada) == []


def test_a_new_invitation_withdraws_the_one_before(cast, eve, invitation):
    [again] = invite_people(cast.school, [eve], actor=cast.ada)
    invitation.refresh_from_db()
    assert (invitation.state, again.state) == ("withdrawn", "open")
    assert "withdrawn" in page(invitation).content.decode()


def test_who_signed_in_or_left_or_was_invited_often_today_is_left_out(cast, eve, as_user):
    for _time in range(MOST_A_DAY):
        assert len(invite_people(cast.school, [eve], actor=cast.ada)) == 1
    assert invite_people(cast.school, [eve], actor=cast.ada) == []
    end_access(cast.tom)
    cast.staff.tom.refresh_from_db()
    as_user(cast.ana)
    cast.ana.refresh_from_db()
    ana = Staff.objects.select_related("user").get(pk=cast.staff.ana.pk)
    assert invite_people(cast.school, [cast.staff.tom, ana], actor=cast.ada) == []
    assert "No one was invited" in describe_invited([])


def test_sentences_tell_apart_who_got_an_email_a_link_or_signs_in_with_their_account(cast, eve, monkeypatch):
    people = [NewPerson(f"{name}@new.test", name.title()) for name in ("kim", "lou")]
    known = [NewPerson("zed@roosevelt.test")]
    added = add_people(cast.school, people + known, actor=cast.ada)
    invited = invite_people(cast.school, [eve, *added], actor=cast.ada)
    assert describe_invited(invited) == (
        "3 people were invited. This server sends no email: pass on their links, which are on one page."
        " Zed Stone signs in with the account they already have: tell them that they can."
    )
    monkeypatch.setattr("teams.invitations.services.mail_is_configured", lambda: True)
    monkeypatch.setattr("teams.invitations.queries.mail_is_configured", lambda: True)
    again = invite_people(cast.school, [eve, *added], actor=cast.ada)
    assert describe_invited(again) == "4 people were invited by email."
    assert describe_invited(again[:1]) == "Eve Witt was invited by email."


def test_the_list_says_how_far_an_invitation_has_come(cast, eve):
    def need():
        return people_list(cast.school, {"q": "eve"}).rows[0].need

    assert need() == "not invited"
    add_to_team(cast.team, [eve], actor=cast.ada)
    [invitation] = invite_people(cast.school, [eve], actor=cast.ada)
    assert need().startswith("invited ")
    assert people_list(cast.school, {"q": "eve", "tab": "need"}).rows == []
    late(invitation)
    assert need() == "invitation expired"
    invitation.email = Mail.objects.create(
        to=eve.user, kind="account", subject="x", dedupe_key="x", send_after=clock.now(), error="unknown user"
    )
    invitation.save()
    assert need() == "email not delivered"


# Links -----------------------------------------------------------------------------------------------------


def test_no_token_is_stored_or_logged(cast, eve, with_server, caplog):
    caplog.set_level(logging.DEBUG)
    [invitation] = invite_people(cast.school, [eve], actor=cast.ada)
    token = invitation_address(invitation).split("/join/")[1].strip("/")
    signature = token.partition(".")[2]
    [message] = sent_mail()
    assert signature in message.body
    Client().get(path_of(invitation))
    stored = [str(row) for model in (Invitation, Mail, AuditEvent) for row in model.objects.values()]
    assert not any(signature in text for text in stored)
    assert signature not in caplog.text


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "0" * 32 + ".abc"])
def test_a_link_that_was_not_signed_by_us_is_no_invitation(cast, invitation, token):
    assert find_invitation(token) is None
    if token:
        answer = Client().get(f"/join/{token}/")
        assert (answer.status_code, "not an invitation" in answer.content.decode()) == (404, True)


@pytest.mark.sweep
def test_many_unknown_links_from_one_address_are_refused(cast, db):
    client = Client(REMOTE_ADDR="10.1.2.3")
    answers = [client.get(f"/join/{n}/").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


# Accepting -------------------------------------------------------------------------------------------------


def test_an_invited_person_chooses_name_and_password_and_is_signed_in(cast, eve, invitation):
    EmailAddress.objects.filter(user=eve.user).update(verified=False)
    client = Client()
    assert "Welcome to Lincoln Elementary" in page(invitation, client).content.decode()
    answer = client.post(path_of(invitation), {**ANSWER, "first_name": "Evelyn"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = signed_in_as(client)
    assert (user, str(user), user.check_password(PASSWORD)) == (eve.user, "Evelyn Witt", True)
    assert EmailAddress.objects.get(user=user).verified
    invitation.refresh_from_db()
    assert invitation.state == "accepted"


def test_a_link_opens_once(cast, eve, invitation):
    accept_invitation(invitation, **ANSWER)
    client = Client()
    assert "was used" in page(invitation, client).content.decode()
    client.post(path_of(invitation), {**ANSWER, "password": "another heron stands here"})
    eve.user.refresh_from_db()
    assert (signed_in_as(client), eve.user.check_password(PASSWORD)) == (None, True)
    with pytest.raises(DomainError, match="no longer valid"):
        accept_invitation(invitation, **ANSWER)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (late, "has expired"),
        (lambda invitation: withdraw_invitation(invitation, actor=invitation.sent_by), "was withdrawn"),
    ],
    ids=["late", "withdrawn"],
)
def test_a_link_that_is_over_says_what_to_do(invitation, spoil, sentence):
    spoil(invitation)
    client = Client()
    text = page(invitation, client).content.decode()
    assert (sentence in text, "Ask the administrator" in text) == (True, True)
    client.post(path_of(invitation), ANSWER)
    assert signed_in_as(client) is None
    invitation.staff.user.refresh_from_db()
    assert not invitation.staff.user.has_usable_password()


def test_who_left_before_accepting_does_not_get_in(cast, eve, invitation):
    Staff.objects.filter(pk=eve.pk).update(ends_on=cast.school.today() - dt.timedelta(days=1))
    with pytest.raises(DomainError, match="no longer valid"):
        accept_invitation(invitation, **ANSWER)


def withdrawn(invitation):
    withdraw_invitation(invitation, actor=invitation.sent_by)


def provider_says(email):
    """The account that signs in when a provider names the verified ``email``, or None."""
    named = SimpleNamespace(email_addresses=[SimpleNamespace(email=email, verified=True)])
    return ProviderAdapter().authenticate_by_email(named)


@pytest.mark.parametrize("spoil", [late, withdrawn])
def test_without_an_open_invitation_neither_a_reset_nor_a_provider_opens_a_new_account(
    cast, invitation, spoil
):
    email = invitation.staff.user.email
    assert provider_says(email) == (invitation.staff.user, email)
    spoil(invitation)
    assert provider_says(email) is None
    Client().post("/accounts/password/reset/", {"email": email})
    assert [message.subject for message in sent_mail()] == ["Collab: No account with this address"]
    invite_people(cast.school, [invitation.staff], actor=cast.ada)
    Client().post("/accounts/password/reset/", {"email": email})
    assert link_in(sent_mail()[1]).startswith("/accounts/password/reset/key/")


def test_a_reset_that_was_asked_for_before_the_withdrawal_sets_no_password(cast, invitation):
    Client().post("/accounts/password/reset/", {"email": invitation.staff.user.email})
    client = Client()
    form = client.get(link_in(sent_mail()[0]))["Location"]
    withdrawn(invitation)
    page = client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    assert "Your invitation is no longer valid." in page.content.decode()
    invitation.staff.user.refresh_from_db()
    assert not invitation.staff.user.has_usable_password()


def test_a_withdrawn_invitation_ends_neither_accounts_in_use_nor_those_that_another_school_added(
    cast, invitation
):
    withdrawn(invitation)
    user = invitation.staff.user
    call_command("add_school", "Adams", admin=user.email)
    assert provider_says(user.email) == (user, user.email)
    Staff.objects.filter(user=user, school__name="Adams").delete()
    assert provider_says(user.email) is None
    User.objects.filter(pk=user.pk).update(last_login=clock.now())
    assert provider_says(user.email) == (user, user.email)


def test_withdrawing_twice_says_so(cast, invitation):
    withdraw_invitation(invitation, actor=cast.ada)
    with pytest.raises(DomainError, match="in the meantime"):
        withdraw_invitation(invitation, actor=cast.ada)


@pytest.mark.parametrize("password", ["sh0rtest", "password1234", "eve@new.test eve"])
def test_an_easy_password_is_refused_and_the_rest_is_kept(invitation, password):
    answer = Client().post(path_of(invitation), {**ANSWER, "first_name": "Evelyn", "password": password})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert ('value="Evelyn"' in text, password in text) == (True, False)
    with pytest.raises(DomainError):
        accept_invitation(invitation, **{**ANSWER, "password": password})


def test_opened_by_someone_else_it_says_so_and_offers_to_sign_out(cast, invitation, as_user):
    client = as_user(cast.tom)
    text = page(invitation, client).content.decode()
    assert "signed in as Tom Berg" in " ".join(text.split())
    client.post(path_of(invitation), ANSWER)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.staff.user.has_usable_password()) == ("open", False)
    answer = client.post("/accounts/logout/", {"next": path_of(invitation)})
    assert (answer["Location"], "Welcome" in page(invitation, client).content.decode()) == (
        path_of(invitation),
        True,
    )
    with pytest.raises(DomainError, match="someone else"):
        confirm_invitation(invitation, actor=cast.tom)


# An account that another school knows -----------------------------------------------------------------------


@pytest.fixture
def zeds(cast):
    """An invitation of Zed, who works at the other school and has no password yet."""
    [staff] = add_people(cast.school, [NewPerson("zed@roosevelt.test", "Z", "S")], actor=cast.ada)
    [invitation] = invite_people(cast.school, [staff], actor=cast.ada)
    return invitation


def test_a_school_never_gets_a_link_that_sets_the_password_of_another_schools_account(cast, zeds, as_user):
    assert (sets_password(zeds.staff), shown_address(zeds)) == (False, "")
    text = page(zeds).content.decode()
    assert "You have an account already" in text
    client = Client()
    client.post(path_of(zeds), ANSWER)
    cast.zed.refresh_from_db()
    assert (signed_in_as(client), cast.zed.has_usable_password(), str(cast.zed)) == (None, False, "Zed Stone")
    with pytest.raises(DomainError, match="has a password already"):
        accept_invitation(zeds, **ANSWER)
    assert "Roosevelt" not in as_user(cast.ada).get(f"/people/{zeds.staff.uuid}/").content.decode()


def test_they_join_with_the_account_they_have(cast, as_user):
    client = as_user(cast.zed)
    [staff] = add_people(cast.school, [NewPerson("zed@roosevelt.test", "Z", "S")], actor=cast.ada)
    zeds = invite_people(cast.school, [staff], actor=cast.ada)[0]
    assert "Join Lincoln Elementary" in page(zeds, client).content.decode()
    client.post(path_of(zeds))
    zeds.refresh_from_db()
    assert zeds.state == "accepted"
    assert client.get("/").wsgi_request.school is not None


def test_signing_in_accepts_open_invitations_and_their_links_lead_home(cast, zeds, as_user):
    client = as_user(cast.zed)
    zeds.refresh_from_db()
    assert zeds.state == "accepted"
    assert client.get(path_of(zeds))["Location"] == "/"
    assert "was used" in page(zeds).content.decode()


@pytest.mark.parametrize("used", ["signed in", "second factor"])
def test_an_open_invitation_sets_no_password_of_an_account_in_use(cast, eve, used):
    if used == "signed in":
        User.objects.filter(pk=eve.user.pk).update(last_login=clock.now())
    else:
        add_totp(eve.user)
    [invitation] = (
        invite_people(cast.school, [eve], actor=cast.ada)
        if used == "second factor"
        else [Invitation.objects.create(staff=eve, expires_at=clock.now() + dt.timedelta(days=1))]
    )
    client = Client()
    assert "You have an account already" in page(invitation, client).content.decode()
    client.post(path_of(invitation), ANSWER)
    eve.user.refresh_from_db()
    assert (signed_in_as(client), eve.user.has_usable_password()) == (None, False)
    staff = Staff.objects.select_related("user").get(pk=eve.pk)
    assert (sets_password(staff), shown_address(invitation)) == (False, "")


def test_who_returns_is_invited_again_and_chooses_a_password(cast, eve, invitation, as_user):
    accept_invitation(invitation, **ANSWER)
    as_user(eve.user)
    end_access(eve.user, school=cast.school)
    staff = return_person(eve, role=Role.TEACHER, actor=cast.ada)
    [described] = described_people(cast.school).filter(pk=staff.pk)
    assert (described.seen_at, described.user.is_active) == (None, True)
    assert "Invite again" in as_user(cast.ada).get(f"/people/{eve.uuid}/").content.decode()
    [again] = invite_people(cast.school, [staff], actor=cast.ada)
    client = Client()
    client.post(path_of(again), {**ANSWER, "password": "two herons stand on two legs"})
    assert signed_in_as(client) == eve.user
    assert described_people(cast.school).get(pk=staff.pk).seen_at is not None


# An address that nobody has proven --------------------------------------------------------------------------


@pytest.fixture
def squatter(cast):
    """The account of an address of Roosevelt whose password was set by the link that Lincoln saw."""
    [staff] = add_people(cast.school, [NewPerson("head@roosevelt.test", "H", "R")], actor=cast.ada)
    [invitation] = invite_people(cast.school, [staff], actor=cast.ada)
    return accept_invitation(invitation, **ANSWER)


def add_to_roosevelt(cast):
    Staff.objects.filter(pk=cast.staff.zed.pk).update(role=Role.ADMINISTRATOR)
    return add_people(cast.other_school, [NewPerson("head@roosevelt.test", "H", "R")], actor=cast.zed)


def test_an_account_whose_password_came_from_a_shown_link_is_not_added_to_another_school(cast, squatter):
    with pytest.raises(DomainError, match="no one has proven"):
        add_to_roosevelt(cast)
    with pytest.raises(CommandError, match="no one has proven"):
        call_command("add_school", "Adams", admin="head@roosevelt.test")
    assert set(Staff.objects.filter(user=squatter).values_list("school", flat=True)) == {cast.school.pk}


def test_after_a_password_by_email_it_is_added_without_the_factors_from_before(cast, squatter):
    add_totp(squatter)
    Client().post("/accounts/password/reset/", {"email": squatter.email})
    client, new = Client(), "two herons stand on two legs"
    form = client.get(link_in(sent_mail()[0]))["Location"]
    client.post(form, {"password1": new, "password2": new})
    squatter.refresh_from_db()
    assert (squatter.check_password(new), Authenticator.objects.filter(user=squatter).exists()) == (
        True,
        False,
    )
    assert [staff.user for staff in add_to_roosevelt(cast)] == [squatter]


def test_an_operator_confirms_an_address_which_ends_password_factors_and_sessions(cast, squatter, as_user):
    client = as_user(squatter)
    add_totp(squatter)
    call_command("confirm_address", "Head@Roosevelt.test")
    squatter.refresh_from_db()
    assert (squatter.has_usable_password(), Authenticator.objects.filter(user=squatter).exists()) == (
        False,
        False,
    )
    assert client.get("/").status_code == 302
    assert [staff.user for staff in add_to_roosevelt(cast)] == [squatter]
    with pytest.raises(CommandError, match="proven already"):
        call_command("confirm_address", squatter.email)


def test_an_emailed_link_proves_the_address(cast, eve, with_server):
    [invitation] = invite_people(cast.school, [eve], actor=cast.ada)
    assert accept_invitation(invitation, **ANSWER).has_unproven_address is False


def test_an_invitation_never_sets_the_password_of_an_operator(cast, eve, invitation):
    User.objects.filter(pk=eve.user.pk).update(is_superuser=True)
    with pytest.raises(DomainError, match="has a password already"):
        accept_invitation(invitation, **ANSWER)
