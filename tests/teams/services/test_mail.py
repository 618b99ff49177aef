"""The outbox: written with its cause, after quiet hours, sent once, tried again, given up with the reason kept."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone

from teams.models import Mail
from teams.services import mail

NOON = dt.datetime(2026, 11, 24, 18, 0, tzinfo=dt.UTC)  # noon in Chicago


def letter(user, key="one", **fields):
    return mail.post(user, kind="digest", subject="Due", text="A promise is due.", dedupe_key=key, **fields)


def send(after=dt.timedelta(days=1)):
    return mail.send_waiting(timezone.now() + after)


def test_the_same_news_is_one_letter_and_it_is_sent_once(cast):
    assert letter(cast.ana) == letter(cast.ana)
    assert (send(), send()) == (1, 0)
    (sent,) = django_mail.outbox
    assert (sent.to, sent.subject) == (["ana@lincoln.test"], "Due")
    assert "/account/mail/" in sent.body


def test_a_letter_goes_with_the_change_that_causes_it(cast):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        letter(cast.ana)
        1 / 0  # noqa: B018 (the change fails)
    assert not Mail.objects.exists()


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
    ],
)
def test_quiet_hours_are_the_readers_on_the_schools_clock(cast, now, expected):
    assert mail.after_quiet_hours(cast.ana, now) == expected


def test_quiet_hours_within_a_day(cast):
    cast.ana.quiet_from, cast.ana.quiet_until = dt.time(11), dt.time(13)
    assert mail.after_quiet_hours(cast.ana, NOON) == NOON + dt.timedelta(hours=1)


class Refusing:
    """A mail server that takes nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, _messages):
        raise smtplib.SMTPServerDisconnected("gone")


def test_what_is_refused_is_tried_five_times_and_then_given_up_with_the_reason(cast, monkeypatch):
    first, second = letter(cast.ana, urgent=True), letter(cast.tom, "two", urgent=True)
    monkeypatch.setattr(mail, "get_connection", Refusing)
    for attempt in range(1, 6):
        assert send(dt.timedelta(days=attempt)) == 0
        first.refresh_from_db()
        assert (first.attempts, first.error) == (attempt, "gone")
    second.refresh_from_db()
    assert first.given_up_at is not None
    assert second.given_up_at is not None
    assert send(dt.timedelta(days=30)) == 0
    monkeypatch.undo()
    mail.try_again(first, actor=cast.ada, school=cast.school)
    assert send() == 1


def test_a_claimed_letter_is_nobody_elses_until_the_claim_is_over(cast):
    row = letter(cast.ana, urgent=True)
    now = timezone.now()
    assert mail._claim(row.pk, now).pk == row.pk
    assert mail._claim(row.pk, now) is None
    assert mail._claim(row.pk, now + mail.CLAIMED_FOR).pk == row.pk


def test_an_invitation_is_an_alternative_that_calendars_read(cast):
    letter(cast.ana, calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", method="REQUEST")
    send()
    message = django_mail.outbox[0].message()
    parts = {part.get_content_type(): part for part in message.walk()}
    calendar = parts["text/calendar"]
    assert (calendar.get_param("method"), calendar.get_content_charset()) == ("REQUEST", "utf-8")
    assert calendar in parts["multipart/alternative"].get_payload()
    assert parts["application/ics"].get_filename() == "invite.ics"
    assert b"BEGIN:VCALENDAR" in calendar.get_payload(decode=True)
