"""Ending access ends everything that a person could still use, at once."""

import datetime as dt
import uuid

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from collab.agendas.models import AgendaItem
from collab.followup.models import TeachingChange
from collab.meetings.models import CalendarFeed
from collab.meetings.services.feeds import make_feed
from collab.room.queries.listeners import Listener, still_in
from teams.account.services.leaving import end_access
from teams.audit.models import AuditEvent
from teams.directory.models import Role, Staff, User
from teams.mail.services.outbox import queue_mail
from teams.people.tasks import close_ended_accounts
from tests.conftest import START
from tests.factories.mail import sent_mail

PASSWORD = "a heron stands on one leg"


@pytest.fixture
def ana(cast):
    """Ana, who is signed in nowhere yet and has a password and two calendar links."""
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    make_feed(cast.ana, team=None)
    make_feed(cast.ana, team=cast.team)
    return cast.ana


@pytest.fixture
def browser(ana):
    client = Client()
    client.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
    assert client.get("/").status_code == 200
    return client


def leave(user, **options):
    call_command("end_access", user.email.upper(), **options)
    user.refresh_from_db()


def reads(feed):
    return Client().get(f"/feeds/{feed.token}.ics").status_code


def also_at_the_other_school(cast):
    Staff.objects.create(user=cast.ana, school=cast.other_school, role=Role.TEACHER, starts_on=START)


def test_sessions_and_streams_end_and_sign_in_is_refused(ana, browser, cast):
    listener = Listener.of(browser.session)
    assert still_in({cast.meeting.pk: [listener]}) == {cast.meeting.pk: {listener}}
    leave(ana)
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"
    assert still_in({cast.meeting.pk: [listener]}) == {cast.meeting.pk: set()}
    again = Client()
    again.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
    assert "_auth_user_id" not in again.session


def test_an_account_that_is_opened_again_does_not_bring_back_old_sessions(ana, browser):
    client = Client()
    client.force_login(ana, backend="teams.account.backends.ScopeBackend")  # in no list of devices
    leave(ana)
    ana.is_active = True
    ana.save()
    assert [one.get("/").status_code for one in (browser, client)] == [302, 302]


def test_calendar_links_are_revoked(ana):
    feeds = list(CalendarFeed.objects.filter(user=ana))
    assert [reads(feed) for feed in feeds] == [200, 200]
    leave(ana)
    assert [reads(feed) for feed in feeds] == [404, 404]
    assert not CalendarFeed.objects.filter(user=ana, revoked_at=None).exists()


def test_a_new_password_cannot_be_asked_for(ana):
    leave(ana)
    Client().post("/accounts/password/reset/", {"email": ana.email})
    assert not any("/password/reset/key/" in message.body for message in sent_mail())


def test_second_factors_and_pending_addresses_are_removed(ana):
    Authenticator.objects.create(user=ana, type="webauthn", data={})
    EmailAddress.objects.create(user=ana, email="ana@elsewhere.test")
    leave(ana)
    assert not Authenticator.objects.filter(user=ana).exists()
    assert [row.email for row in EmailAddress.objects.filter(user=ana)] == [ana.email]


def test_mail_that_waits_is_not_sent(ana):
    queue_mail(ana, kind="digest", subject="Due", text="Due", dedupe_key="due", urgent=True)
    leave(ana)
    assert sent_mail() == []


def test_the_link_to_an_own_teaching_change_is_closed_at_the_school_that_was_left(ana, cast, as_user):
    also_at_the_other_school(cast)
    item = AgendaItem.objects.filter(meeting=cast.meeting).first()
    change = TeachingChange.objects.create(
        item=item, teacher=cast.staff.ana, text="Pairs read aloud", client_key=uuid.uuid4()
    )
    client = as_user(ana)
    assert client.get(f"/changes/{change.uuid}/").status_code == 200
    leave(ana, school="Lincoln Elementary")
    assert client.get(f"/changes/{change.uuid}/").status_code == 404


def test_at_one_school_only_what_is_there_ends(ana, browser, cast):
    also_at_the_other_school(cast)
    own, team = (CalendarFeed.objects.get(user=ana, team=team) for team in (None, cast.team))
    leave(ana, school="Lincoln Elementary")
    assert (ana.is_active, browser.get("/").wsgi_request.school) == (True, cast.other_school)
    assert browser.get(f"/meetings/{cast.meeting.uuid}/").status_code == 404
    assert (reads(own), reads(team)) == (200, 404)
    assert cast.team.name not in Client().get(f"/feeds/{own.token}.ics").content.decode()


def test_the_last_school_that_is_left_closes_the_account(ana, cast):
    leave(ana, school="Lincoln Elementary")
    assert (ana.is_active, ana.has_usable_password()) == (False, False)
    assert not CalendarFeed.objects.filter(user=ana, revoked_at=None).exists()


def test_what_they_wrote_stays_and_it_is_recorded(ana, cast):
    leave(ana)
    cast.action.refresh_from_db()
    assert cast.action.owner == cast.staff.ana
    event = AuditEvent.objects.get(verb="ended-access")
    assert (event.school, event.subject_uuid) == (cast.school, cast.staff.ana.uuid)


def test_ending_twice_changes_nothing(ana, cast):
    assert end_access(ana) == [cast.school]
    assert end_access(ana) == []


@pytest.mark.parametrize("options", [{}, {"school": "Roosevelt Elementary"}])
def test_no_such_person_or_school_is_told(ana, options):
    with pytest.raises(CommandError):
        call_command("end_access", ana.email if options else "nobody@lincoln.test", **options)
    ana.refresh_from_db()
    assert ana.is_active


def test_no_one_else_is_touched(ana, cast):
    before = list(Staff.objects.exclude(user=ana).values())
    leave(ana)
    assert list(Staff.objects.exclude(user=ana).values()) == before
    cast.tom.refresh_from_db()
    assert cast.tom.is_active


# A last day that has passed --------------------------------------------------------------------------------------


def test_the_accounts_of_those_whose_last_day_passed_are_closed(ana, browser, cast):
    day = dt.timedelta(days=1)
    last_days = {"ana": 2, "tom": 1, "gil": 0}
    for name, days in last_days.items():
        Staff.objects.filter(user=getattr(cast, name)).update(ends_on=cast.school.today() - days * day)
    close_ended_accounts()
    assert list(User.objects.filter(is_active=False)) == [ana]
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"
    assert Staff.objects.get(user=ana).ends_on == cast.school.today() - 2 * day


def test_who_works_elsewhere_or_runs_the_server_keeps_the_account(ana, cast):
    also_at_the_other_school(cast)
    User.objects.filter(pk=cast.tom.pk).update(is_superuser=True)
    long_ago = cast.school.today() - dt.timedelta(days=30)
    Staff.objects.filter(school=cast.school, user__in=[ana, cast.tom]).update(ends_on=long_ago)
    close_ended_accounts()
    assert not User.objects.filter(is_active=False).exists()


def test_they_are_closed_every_hour(settings):
    every = {one["task"]: one["schedule"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert every["teams.close_ended_accounts"] == 3600
