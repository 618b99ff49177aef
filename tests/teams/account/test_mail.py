"""Emails about an account wait for the mail server; nothing that people do waits for it or fails with it."""

import datetime as dt

import pytest
from django.test import Client
from django.utils.translation import get_language

from teams.account.adapter import ClosedAdapter
from teams.directory.models import User
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.mail.services import outbox, sending
from tests.factories.mail import link_in, sent_mail
from tests.factories.second_factors import codes_of

PASSWORD = "a heron stands on one leg"
NEW_PASSWORD = "two herons stand on two legs"
LINK = "/accounts/password/reset/key/"


@pytest.fixture
def ana(cast):
    """Ana, who has a password."""
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


@pytest.fixture
def no_server(settings):
    """Nobody listens where emails are sent to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def ask_reset(email, **headers):
    return Client(headers=headers).post("/accounts/password/reset/", {"email": email})


def ask_as(client, path, data):
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client.post(path, data)


@pytest.mark.django_db(transaction=True)  # some are queued on commit
@pytest.mark.usefixtures("no_server")
def test_without_a_mail_server_every_request_is_answered_and_its_email_waits(ana, as_user):
    screen = as_user(ana)
    answers = [
        ask_reset(ana.email),
        ask_reset("nobody@lincoln.test"),
        ask_as(screen, "/accounts/email/", {"email": "ana@elsewhere.test", "action_add": ""}),
    ]
    secret = screen.get("/accounts/2fa/totp/activate/").context["form"].secret
    answers += [
        screen.post("/accounts/2fa/totp/activate/", {"code": codes_of(secret)[-1]}),
        screen.post("/accounts/2fa/recovery-codes/generate/"),
        screen.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        ),
    ]
    assert [answer.status_code for answer in answers] == [302] * len(answers)
    assert sending.send_waiting() == 0
    to = [mail.address for mail in Mail.objects.waiting().order_by("pk")]
    assert to == [ana.email, "nobody@lincoln.test", "ana@elsewhere.test", *[ana.email] * 3]
    ana.refresh_from_db()
    assert ana.check_password(NEW_PASSWORD)


@pytest.mark.usefixtures("no_server")
def test_the_email_is_sent_once_the_server_is_back(ana, settings):
    ask_reset(ana.email)
    assert sending.send_waiting() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    (message,) = sent_mail()
    assert (message.to, message.subject) == ([ana.email], "Collab: Choose a new password")
    assert Client().get(link_in(message)).status_code == 302


def test_a_link_is_not_kept_once_it_was_sent(ana):
    ask_reset(ana.email)
    row = Mail.objects.get()
    assert (LINK in row.text, row.is_secret) == (True, True)
    (message,) = sent_mail()
    row.refresh_from_db()
    assert (LINK in message.body, row.text, row.sent_at is None) == (True, "", False)


@pytest.mark.usefixtures("no_server")
def test_a_link_that_cannot_be_sent_is_kept_for_a_day(ana, cast, as_user):
    ask_reset(ana.email)
    sending.send_waiting(clock.now() + dt.timedelta(hours=23))
    assert LINK in Mail.objects.waiting().get().text
    sending.send_waiting(clock.now() + dt.timedelta(hours=25))
    row = Mail.objects.get()
    assert (row.text, row.is_lost) == ("", True)
    with pytest.raises(DomainError, match="link in that email is not kept"):
        outbox.try_again(row, actor=cast.ada, school=cast.school)
    assert "Try again" not in as_user(cast.ada).get("/mail/").content.decode()


def test_nothing_is_kept_about_an_address_without_an_account(cast):
    ask_reset("nobody@lincoln.test")
    assert [message.to for message in sent_mail()] == [["nobody@lincoln.test"]]
    assert not Mail.objects.exists()


def test_the_email_is_in_the_language_of_its_reader_not_of_who_asked(ana, monkeypatch):
    render, languages = ClosedAdapter.render_mail, []

    def render_mail(adapter, *args):
        languages.append(get_language())
        return render(adapter, *args)

    monkeypatch.setattr(ClosedAdapter, "render_mail", render_mail)
    for theirs, asked in (("es", "en"), ("en", "es"), ("", "es")):
        User.objects.filter(pk=ana.pk).update(language=theirs)
        ask_reset(ana.email, accept_language=asked)
    ask_reset("nobody@lincoln.test", accept_language="es")
    assert languages == ["es", "en", "en", "es"]


def test_an_email_about_an_account_has_no_choice_of_emails(ana):
    ask_reset(ana.email)
    (message,) = sent_mail()
    assert ("/account/mail/" in message.body, "List-Unsubscribe" in message.extra_headers) == (False, False)
