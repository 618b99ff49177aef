"""The page that says whether mail works, and the test email."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.core.exceptions import PermissionDenied

from teams.directory.models import Role, Staff
from teams.invitations.services import invite_people
from teams.lib import clock
from teams.mail.models import Mail
from teams.mail.queries import mail_is_configured, outbox_of
from teams.mail.services import outbox
from tests.factories.mail import sent_mail


def lead(page):
    return " ".join(page.content.decode().split('class="lead"')[1].split("</p>")[0].split(">", 1)[1].split())


def queued(user, key, **fields):
    row = outbox.queue_mail(user, kind="digest", subject=f"Due {key}", text="x", dedupe_key=key, urgent=True)
    Mail.objects.filter(pk=row.pk).update(**fields)
    return row


@pytest.mark.parametrize(
    ("backend", "expected"),
    [("smtp", True), ("console", False), ("dummy", False), ("locmem", False), ("filebased", False)],
)
def test_only_a_server_counts_as_configured(settings, backend, expected):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert mail_is_configured() is expected


def test_an_administrator_sends_a_test_email_to_themselves_once_a_minute(cast, as_user):
    screen = as_user(cast.ada)
    for _click in range(2):
        page = screen.post("/mail/test/", follow=True)
        assert "A test email to ada@lincoln.test is on its way." in page.content.decode()
    assert [(message.to, message.subject) for message in sent_mail()] == [
        (["ada@lincoln.test"], "Email works")
    ]


def test_only_administrators_send_test_emails(cast):
    with pytest.raises(PermissionDenied):
        outbox.send_test_mail(actor=cast.pia, school=cast.school)
    assert not Mail.objects.exists()


def test_the_page_says_what_is_wrong(cast, as_user, monkeypatch):
    screen = as_user(cast.ada)
    assert lead(screen.get("/mail/")) == "No email server is set up."
    monkeypatch.setattr("teams.mail.queries.mail_is_configured", lambda: True)
    assert lead(screen.get("/mail/")).startswith("No email was sent yet.")
    queued(cast.ana, "one", sent_at=clock.now())
    queued(cast.ana, "two")
    assert lead(screen.get("/mail/")) == "Email works."
    queued(cast.tom, "three", error="refused by the server")
    page = screen.get("/mail/")
    assert (lead(page), "refused by the server" in page.content.decode()) == (
        "Some emails don’t get out.",
        True,
    )


def test_the_numbers_are_those_of_the_school(cast):
    sent = clock.now() - dt.timedelta(hours=2)
    queued(cast.ana, "one", sent_at=sent)
    queued(cast.ana, "two", given_up_at=clock.now())
    queued(cast.tom, "three", send_after=clock.now() - dt.timedelta(minutes=16))
    queued(cast.tom, "four", error="refused")
    queued(cast.tom, "five")
    queued(cast.zed, "six", given_up_at=clock.now())
    box = outbox_of(cast.school)
    assert (box.waiting, box.given_up, box.late, box.why_late, box.sent_at) == (3, 1, 2, "refused", sent)


def subjects(school):
    return {row.subject for row in outbox_of(school).emails}


def works_at(user, school, **fields):
    return Staff.objects.create(user=user, school=school, role=Role.TEACHER, **fields)


def test_an_email_about_one_school_is_in_no_other_schools_outbox(cast, as_user):
    works_at(cast.tom, cast.other_school)
    for key, school in {"here": cast.school, "there": cast.other_school, "account": None}.items():
        row = outbox.queue_mail(
            cast.tom, kind="agenda", subject=key, text="x", dedupe_key=key, school=school, urgent=True
        )
        Mail.objects.filter(pk=row.pk).update(given_up_at=clock.now())
    assert (subjects(cast.school), subjects(cast.other_school)) == ({"here"}, {"there"})
    answers = {
        row.subject: as_user(cast.ada).post(f"/mail/{row.uuid}/retry/").status_code
        for row in Mail.objects.all()
    }
    assert answers == {"here": 302, "there": 404, "account": 404}


def test_an_email_about_no_school_is_shown_while_its_reader_works_only_here(cast):
    yesterday = cast.school.today() - dt.timedelta(days=1)
    elsewhere = works_at(cast.ana, cast.other_school, starts_on=yesterday - dt.timedelta(days=9))
    queued(cast.ana, "one")
    queued(cast.tom, "two")
    Staff.objects.filter(pk=cast.staff.tom.pk).update(ends_on=yesterday)
    assert (subjects(cast.school), subjects(cast.other_school)) == (set(), set())
    elsewhere.ends_on = yesterday
    elsewhere.save()
    assert (subjects(cast.school), subjects(cast.other_school)) == ({"Due one"}, set())


def test_an_invitation_is_in_the_outbox_of_the_school_that_sent_it(cast, monkeypatch):
    monkeypatch.setattr("teams.invitations.services.mail_is_configured", lambda: True)
    works_at(cast.ana, cast.other_school)
    invite_people(cast.school, [cast.staff.ana], actor=cast.ada)
    assert (len(subjects(cast.school)), subjects(cast.other_school)) == (1, set())


def test_the_list_shows_one_state_or_all(cast, as_user):
    queued(cast.ana, "sent", sent_at=clock.now())
    queued(cast.ana, "failed", given_up_at=clock.now())
    queued(cast.ana, "waiting")
    shown = {
        state: [
            key
            for key in ("sent", "failed", "waiting")
            if f"Due {key}" in as_user(cast.ada).get("/mail/", {"state": state}).content.decode()
        ]
        for state in ("sent", "failed", "waiting", "", "nonsense")
    }
    everything = ["sent", "failed", "waiting"]
    assert shown == {
        "sent": ["sent"],
        "failed": ["failed"],
        "waiting": ["waiting"],
        "": everything,
        "nonsense": everything,
    }


def test_nobody_is_told_in_an_empty_outbox(cast, as_user):
    assert "No emails." in as_user(cast.ada).get("/mail/").content.decode()
    assert django_mail.outbox == []
