"""The outbox: emails are queued with their cause, wait out quiet hours, are sent once, retried, or given up."""

import datetime as dt
import email
import email.policy
import smtplib
from types import SimpleNamespace

import pytest
from django.core import mail as django_mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation

from teams.directory.models import Staff, User
from teams.invitations.services import invite_people, withdraw_invitation
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.mail.queries import not_reached
from teams.mail.services import outbox, sending
from teams.people.rows import NewPerson
from teams.people.services.adding import add_people

NOON = dt.datetime(2026, 11, 24, 18, 0, tzinfo=dt.UTC)  # noon in Chicago
ICS = "BEGIN:VCALENDAR\r\nSUMMARY:Reunión del año\r\nEND:VCALENDAR\r\n"


def queued(user, key="one", **fields):
    return outbox.queue_mail(
        user, kind="digest", subject="Due", text="A promise is due.", dedupe_key=key, **fields
    )


def send(after=dt.timedelta(days=1)):
    return sending.send_waiting(clock.now() + after)


def test_the_same_news_is_one_email_and_it_is_sent_once(cast):
    assert queued(cast.ana) == queued(cast.ana)
    assert (send(), send()) == (1, 0)
    (sent,) = django_mail.outbox
    assert (sent.to, sent.subject) == (["ana@lincoln.test"], "Due")
    assert "/account/mail/" in sent.body
    assert "/account/mail/" in sent.extra_headers["List-Unsubscribe"]


def test_the_footer_is_in_the_readers_language_or_the_schools(cast, monkeypatch):
    monkeypatch.setattr(sending, "_", lambda _text: f"in {translation.get_language()} %(address)s")
    cast.ana.language = "es"
    cast.ana.save()
    queued(cast.ana)
    queued(cast.tom, "two")
    send()
    assert ["in es http" in sent.body for sent in django_mail.outbox] == [True, False]
    assert "in en http" in django_mail.outbox[1].body


def test_who_never_signed_in_gets_no_email_before_an_invitation(cast):
    (new,) = add_people(cast.school, [NewPerson("nia@lincoln.test", "Nia", "Moss")], actor=cast.ada)
    assert (queued(new.user), not_reached([new, cast.staff.ana])) == (None, [new])
    (invitation,) = invite_people(cast.school, [new], actor=cast.ada)
    assert (queued(new.user) is None, not_reached([new])) == (False, [])
    withdraw_invitation(invitation, actor=cast.ada)
    assert queued(new.user, "two") is None
    User.objects.filter(pk=new.user_id).update(last_login=clock.now())
    new.refresh_from_db()
    assert queued(new.user, "two") is not None


def test_an_email_goes_with_the_change_that_causes_it(cast):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queued(cast.ana)
        1 / 0  # noqa: B018 (the change fails)
    assert not Mail.objects.exists()


def test_a_change_calls_the_worker_once_for_all_its_emails_and_never_at_night(
    cast, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(outbox, "enqueue", lambda *args: asked.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        for user in (cast.ana, cast.tom, cast.sol):
            with transaction.atomic():
                queued(user, user.email, urgent=True)
    assert asked == [("teams.send_mail", 0)]
    monkeypatch.setattr(outbox, "after_quiet_hours", lambda _user, now: now + dt.timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        queued(cast.gil, "night")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOON, NOON),
        (NOON.replace(hour=23, minute=59), NOON.replace(hour=23, minute=59)),  # 17:59
        (
            dt.datetime(2026, 11, 25, 0, 0, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.UTC),
        ),  # 18:00
        (dt.datetime(2026, 11, 25, 12, 29, tzinfo=dt.UTC), dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.UTC)),
        (dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.UTC), dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.UTC)),
        # 23:00 before daylight saving ends: 6:30 the next morning is an hour later in UTC
        (dt.datetime(2026, 11, 1, 4, 0, tzinfo=dt.UTC), dt.datetime(2026, 11, 1, 12, 30, tzinfo=dt.UTC)),
    ],
)
def test_quiet_hours_are_the_readers_on_the_schools_clock(cast, now, expected):
    assert outbox.after_quiet_hours(cast.ana, now) == expected


def test_quiet_hours_within_a_day_and_none(cast):
    cast.ana.quiet_from, cast.ana.quiet_until = dt.time(11), dt.time(13)
    assert outbox.after_quiet_hours(cast.ana, NOON) == NOON + dt.timedelta(hours=1)
    cast.ana.quiet_from = cast.ana.quiet_until = dt.time(12)
    assert outbox.after_quiet_hours(cast.ana, NOON) == NOON


class Server:
    """A mail server that accepts nothing."""

    def __init__(self, *, send=None, open_=None):
        self.fails, self.is_gone = send, open_

    def __call__(self):
        return self

    def open(self):
        if self.is_gone:
            raise self.is_gone

    def close(self):
        raise smtplib.SMTPServerDisconnected("already closed")

    def send_messages(self, _messages):
        raise self.fails


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected("gone"), ValueError("a broken email")])
def test_a_refused_email_is_tried_five_times_and_then_given_up_with_the_reason(cast, monkeypatch, error):
    first, second = queued(cast.ana, urgent=True), queued(cast.tom, "two", urgent=True)
    monkeypatch.setattr(sending, "get_connection", Server(send=error))
    for attempt in range(1, 6):
        assert send(dt.timedelta(days=attempt)) == 0
        first.refresh_from_db()
        assert (first.attempts, first.error) == (attempt, str(error))
    second.refresh_from_db()
    assert first.given_up_at is not None
    assert second.given_up_at is not None
    assert send(dt.timedelta(days=30)) == 0
    monkeypatch.undo()
    outbox.try_again(first, actor=cast.ada, school=cast.school)
    assert send() == 1


def test_one_broken_email_does_not_stop_the_others(cast):
    Mail.objects.filter(pk=queued(cast.ana, urgent=True).pk).update(subject="two\nlines")
    queued(cast.tom, "two", urgent=True)
    assert send() == 1
    assert "newline" in Mail.objects.get(to=cast.ana).error


def test_without_a_server_emails_wait_with_the_reason_and_no_attempt_is_lost(cast, monkeypatch):
    row = queued(cast.ana, urgent=True)
    monkeypatch.setattr(sending, "get_connection", Server(open_=ConnectionRefusedError("refused")))
    for _minute in range(9):
        assert sending.send_waiting() == 0
    row.refresh_from_db()
    assert (row.attempts, row.error, row.given_up_at) == (0, "refused", None)
    assert sending.send_waiting(clock.now() + sending.KEPT_WITHOUT_SERVER + dt.timedelta(hours=1)) == 0
    row.refresh_from_db()
    assert row.given_up_at is not None


def test_a_claimed_email_is_left_alone_until_the_claim_expires(cast):
    row = queued(cast.ana, urgent=True)
    now = clock.now()
    assert sending._claim(row.pk, now).pk == row.pk
    assert sending._claim(row.pk, now) is None
    assert sending._claim(row.pk, now + sending.CLAIMED_FOR).pk == row.pk


def test_a_claim_counts_from_when_it_is_made_and_not_from_when_the_worker_began(cast, monkeypatch):
    queued(cast.ana, urgent=True)
    queued(cast.tom, "two", urgent=True)
    seconds = iter([0.0, 0.0, 400.0])
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    taken = []
    monkeypatch.setattr(sending, "_claim", lambda _pk, now: taken.append(now))
    sending.send_waiting()
    assert taken[1] - taken[0] == dt.timedelta(seconds=400)


def test_an_email_that_kills_every_worker_is_given_up(cast):
    row = queued(cast.ana, urgent=True)
    for days in range(1, 7):
        sending._claim(row.pk, clock.now() + dt.timedelta(days=days))
    row.refresh_from_db()
    assert row.given_up_at is not None


def test_people_who_left_get_no_email(cast):
    waiting = queued(cast.ana)
    Staff.objects.filter(user=cast.ana).update(ends_on=cast.school.today() - dt.timedelta(days=1))
    assert send() == 0
    waiting.refresh_from_db()
    assert waiting.given_up_at is not None
    cast.tom.is_active = False
    assert queued(cast.tom, "two") is None


def test_an_invitation_is_an_alternative_and_a_file_that_calendars_read(cast):
    queued(cast.ana, calendar=ICS, method="REQUEST")
    send()
    raw = django_mail.outbox[0].message().as_bytes(linesep="\r\n")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    alternative, attached = message.iter_parts()
    plain, calendar = alternative.iter_parts()
    assert [part.get_content_type() for part in (message, alternative, plain, calendar, attached)] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/calendar",
        "application/ics",
    ]
    assert (calendar.get_param("method"), calendar.get_param("charset")) == ("REQUEST", "utf-8")
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content() == ICS.encode()
    assert calendar.get_content().splitlines() == ICS.splitlines()


def test_only_server_operators_can_retry(cast):
    row = queued(cast.ana)
    for name in ("ana", "cora", "pia", "zed"):
        with pytest.raises(PermissionDenied):
            outbox.try_again(row, actor=getattr(cast, name), school=cast.school)
    send()
    with pytest.raises(DomainError):
        outbox.try_again(row, actor=cast.ada, school=cast.school)
