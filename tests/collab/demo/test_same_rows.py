"""What the demo writes without a service are the rows that the product's services leave."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import update_last_login

from collab.demo.district import count_as_sent
from collab.demo.people import let_sign_in, make_administrator, note_sign_in
from collab.setup.services.begin import begin, make_setup_code
from teams.invitations.services import accept_invitation, invite_people
from teams.lib import clock
from teams.mail.models import Mail
from teams.mail.services.outbox import AccountText, queue_account_mails
from teams.mail.services.sending import send_waiting
from teams.people.rows import NewPerson
from teams.people.services.adding import add_people

pytestmark = pytest.mark.django_db
PASSWORD = "a heron stands on one leg"


@pytest.fixture(autouse=True)
def of_a_demo(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DEMO_PASSWORD = PASSWORD


def fields_of(row, *apart):
    """The values of a row, without its keys and those ``apart``."""
    names = {field.attname for field in row._meta.concrete_fields} - {"id", "uuid", "created_at", *apart}
    return {name: getattr(row, name) for name in names}


def user_row(user):
    user.refresh_from_db()
    addresses = list(EmailAddress.objects.filter(user=user).values_list("verified", "primary"))
    assert user.check_password(PASSWORD)
    return fields_of(user, "email", "password", "date_joined", "last_login", "language"), addresses


def test_the_first_account_is_as_whoever_begins_makes_it():
    made, _school = begin(
        code=make_setup_code(),
        school_name="Riverbend",
        time_zone="America/Chicago",
        language="en",
        first_name="Adam",
        last_name="Okoro",
        email="first@demo.test",
        password=PASSWORD,
    )
    assert user_row(make_administrator()) == user_row(made)


def test_who_may_sign_in_is_as_if_they_had_accepted_an_invitation_and_signed_in(cast):
    people = [NewPerson(f"{name}@new.test", "Eve", "Witt") for name in ("one", "two")]
    one, two = add_people(cast.school, people, actor=cast.ada)
    (invitation,) = invite_people(cast.school, [one], actor=cast.ada)
    accept_invitation(invitation, first_name="Eve", last_name="Witt", password=PASSWORD)
    update_last_login(None, one.user)
    let_sign_in([two])
    note_sign_in([two], clock.now())
    theirs, ours = user_row(one.user), user_row(two.user)
    # without an email, an administrator has seen the link
    assert (theirs[0].pop("has_unproven_address"), ours[0].pop("has_unproven_address")) == (True, False)
    assert ours == theirs
    assert None not in (one.user.last_login, two.user.last_login)


def test_emails_of_the_past_are_as_sending_leaves_them(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def queued():
        Mail.objects.all().delete()
        texts = [AccountText(cast.ana, "Hello", "A link", is_secret=secret) for secret in (True, False)]
        queue_account_mails([*texts, AccountText(cast.tom, "Later", "Not yet")])
        Mail.objects.filter(subject="Later").update(send_after=clock.now() + dt.timedelta(days=1))

    def rows():
        found = Mail.objects.order_by("pk")
        return [(fields_of(one, "dedupe_key", "send_after", "sent_at"), one.sent_at is None) for one in found]

    queued()
    send_waiting()
    theirs = rows()
    queued()
    count_as_sent()
    assert rows() == theirs
    assert [is_waiting for _row, is_waiting in theirs] == [False, False, True]
