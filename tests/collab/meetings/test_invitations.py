"""Invitations that calendar programs accept; agendas and minutes by email; no student's name in any of them."""

import datetime as dt

import icalendar
import pytest
from django.utils import translation

from collab.agendas.services import items
from collab.home import services as digests
from collab.meetings.models import Meeting, Series
from collab.meetings.services import invitations, roles
from collab.minutes import services as minutes_services
from collab.minutes.services import approve_minutes
from collab.planning.services import meetings
from collab.proposals import services as proposals
from collab.publishing import services as publishing
from collab.room.services import clock, lifecycle
from teams.directory.models import Holiday, School, User
from teams.invitations.services import invite_people
from teams.lib import formats
from teams.lib.clock import now
from teams.mail.models import Mail
from teams.people.rows import NewPerson
from teams.people.services.adding import add_people
from teams.team_admin.services.members import add_members
from tests.factories.meetings import add_action, say

NAMES = ("Maya", "Okafor", "Jonas", "Weber", "Ines", "Duarte")


@pytest.fixture
def planned(cast):
    """A meeting in five days whose title names a student."""
    Meeting.objects.all().delete()
    User.objects.update(quiet_from=dt.time(0), quiet_until=dt.time(0))  # so that no email waits
    return meetings.plan_meeting(
        cast.team,
        actor=cast.ana,
        title="What does Maya Okafor need?",
        minutes=45,
        place="Room 12, upstairs; left",
        starts_at=cast.school.at(cast.school.today() + dt.timedelta(days=5), dt.time(10, 10)),
    )


def emails(kind="invitation"):
    return list(Mail.objects.filter(kind=kind).order_by("pk"))


def event(mail):
    (found,) = icalendar.Calendar.from_ical(mail.calendar).walk("VEVENT")
    return found


def test_every_participant_who_wants_one_is_invited_once(cast, planned):
    assert {mail.to for mail in emails()} == {cast.ana, cast.tom}
    assert invitations.send_invitations(planned) == 0
    cast.sol.wants_invitations = False
    cast.sol.save()
    for staff in (cast.staff.sol, cast.staff.gil):
        roles.invite_guest(planned, actor=cast.ana, staff=staff)
    assert {mail.to for mail in emails()} == {cast.ana, cast.tom, cast.gil}


def test_a_member_who_is_new_to_collab_gets_emails_of_meetings_once_invited(cast, planned, as_user):
    (nia,) = add_people(cast.school, [NewPerson("nia@lincoln.test", "Nia", "Moss")], actor=cast.ada)
    add_members(cast.team, [nia], actor=cast.cora)
    Mail.objects.all().delete()
    invitations.send_invitations(planned)
    assert {mail.to for mail in emails()} == {cast.ana, cast.tom}
    agenda = as_user(cast.ana).get(planned.get_absolute_url()).content.decode()
    assert ("no one has invited" in agenda, "Nia Moss" in agenda) == (True, True)
    invite_people(cast.school, [nia], actor=cast.ada)
    assert invitations.invite_coming() == 1
    assert {mail.to for mail in emails()} == {cast.ana, cast.tom, nia.user}
    assert "no one has invited" not in as_user(cast.ana).get(planned.get_absolute_url()).content.decode()


def test_the_calendar_has_what_the_standard_requires(cast, planned):
    text = emails()[0].calendar
    calendar = icalendar.Calendar.from_ical(text)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    found = event(emails()[0])
    for name in (
        "UID",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "ORGANIZER",
        "ATTENDEE",
        "SEQUENCE",
        "SUMMARY",
        "STATUS",
    ):
        assert name in found, name
    assert str(found["DTSTART"].params["TZID"]) == "America/Chicago"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/Chicago"]
    assert found["DTSTART"].dt == planned.starts_at
    assert str(found["LOCATION"]) == "Room 12, upstairs; left"
    assert text.count("\r\n") == text.count("\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert found["ATTENDEE"][0].params["RSVP"] == "FALSE"  # replies by email are not read


def test_a_change_raises_the_sequence_of_the_same_entry_and_a_cancellation_ends_it(cast, planned):
    later = planned.starts_at + dt.timedelta(hours=1)
    meetings.move_meeting(planned, actor=cast.ana, starts_at=later, minutes=30, place="")
    meetings.cancel_meeting(planned, actor=cast.ana, reason="Snow")
    mine = [event(mail) for mail in emails() if mail.to == cast.tom]
    assert len({str(found["UID"]) for found in mine}) == 1
    assert [int(found["SEQUENCE"]) for found in mine] == [0, 1, 2]
    assert [str(found["STATUS"]) for found in mine] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    last = emails()[-1]
    assert (last.calendar_method, "Snow" in last.text) == ("CANCEL", False)


@pytest.mark.parametrize(
    ("sender", "name"),
    [("Lincoln Teams <teams@school.test>", "Lincoln Teams"), ("teams@school.test", "Collab")],
)
def test_the_organizer_is_the_sender_of_emails(cast, planned, settings, sender, name):
    settings.DEFAULT_FROM_EMAIL = sender
    Mail.objects.all().delete()
    invitations.send_invitations(planned)
    organizer = event(emails()[0])["ORGANIZER"]
    assert (str(organizer), organizer.params["CN"]) == ("mailto:teams@school.test", name)


def test_an_update_keeps_the_organizer_of_the_invitation(cast, planned):
    first = event(emails()[0])["ORGANIZER"]
    roles.set_role(planned, actor=cast.ana, role="facilitator", staff=cast.staff.tom)
    meetings.cancel_meeting(planned, actor=cast.ana)
    assert event(emails()[-1])["ORGANIZER"] == first


def test_a_pending_invitation_is_replaced_and_never_sent_after_a_cancellation(cast, planned):
    Mail.objects.update(send_after=now() + dt.timedelta(hours=5))
    later = planned.starts_at + dt.timedelta(hours=1)
    meetings.move_meeting(planned, actor=cast.ana, starts_at=later, minutes=30, place="")
    assert [mail.subject.split(":")[0] for mail in emails()] == ["Invitation", "Invitation"]
    assert {int(event(mail)["SEQUENCE"]) for mail in emails()} == {1}
    Mail.objects.update(send_after=now() + dt.timedelta(hours=5))
    meetings.cancel_meeting(planned, actor=cast.ana)
    assert emails() == []


def test_a_guest_removed_and_invited_again_gets_a_new_invitation(cast, planned):
    cast.staff.gil.refresh_from_db()
    for _time in range(2):
        roles.invite_guest(planned, actor=cast.ana, staff=cast.staff.gil)
        roles.remove_guest(planned, actor=cast.ana, staff=cast.staff.gil)
    roles.invite_guest(planned, actor=cast.ana, staff=cast.staff.gil)
    to_gil = [mail for mail in emails() if mail.to == cast.gil]
    assert [mail.calendar_method for mail in to_gil] == ["REQUEST", "CANCEL", "REQUEST", "CANCEL", "REQUEST"]
    assert [int(event(mail)["SEQUENCE"]) for mail in to_gil] == [0, 1, 2, 3, 4]
    assert invitations.send_invitations(planned) == 0
    meetings.cancel_meeting(planned, actor=cast.ana)
    last = {mail.to: int(event(mail)["SEQUENCE"]) for mail in emails()}
    assert last == {cast.ana: 1, cast.tom: 1, cast.gil: 5}


def test_an_email_is_in_the_schools_language_if_the_reader_chose_none(cast, planned):
    School.objects.update(language="es")
    roles.invite_guest(Meeting.objects.get(), actor=cast.ana, staff=cast.staff.gil)
    with translation.override("es"):
        when = formats.moment(planned.starts_at, tz=cast.school.tz)
    assert emails()[-1].subject == f"Invitación: Grade 4, {when}"


def test_people_never_invited_get_no_cancellation(cast, planned):
    Mail.objects.all().delete()
    meetings.cancel_meeting(planned, actor=cast.ana)
    assert emails() == []


def test_a_series_sends_invitations_two_weeks_ahead_not_thirty_at_once(cast, planned):
    Mail.objects.all().delete()
    Meeting.objects.all().delete()
    for weeks in (1, 4):
        Meeting.objects.create(
            team=cast.team,
            title="x",
            starts_at=now() + dt.timedelta(weeks=weeks),
            ends_at=now() + dt.timedelta(weeks=weeks, hours=1),
        )
    assert (invitations.invite_coming(), invitations.invite_coming()) == (2, 0)


def test_the_agenda_goes_out_a_day_before_once_and_names_nobody(cast, planned):
    proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    items.add_item(planned, actor=cast.ana, title="About Jonas", minutes=5, ask="What works for reading?")
    items.add_item(planned, actor=cast.ana, title="Custody", minutes=5, visibility="restricted")
    assert publishing.publish_agendas() == 0
    before = planned.starts_at - dt.timedelta(hours=23)
    assert (publishing.publish_agendas(before), publishing.publish_agendas(before)) == (1, 0)
    mine, toms = emails("agenda")
    assert "a student (open the agenda)" in mine.text
    assert "reading" not in toms.text
    assert "2 questions to answer before" in toms.text
    assert len(mine.text.splitlines()) == len(toms.text.splitlines()) + 1


def test_approved_minutes_reach_absent_members_too_and_no_email_names_a_student(cast, planned):
    proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    live = lifecycle.start_meeting(planned, actor=cast.ana)
    item = live.items.get(topic__candidate=cast.candidate)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    say(item, cast.ana, text="Maya Okafor needs Jonas")
    add_action(cast, live, text="Call Maya Okafor's mother", owner=cast.staff.tom)
    closed = lifecycle.close_meeting(live, actor=cast.ana)
    publishing.publish_agendas(planned.starts_at - dt.timedelta(hours=1))
    approve_minutes(closed, actor=cast.ana)
    sent = emails("minutes")
    assert {mail.to for mail in sent} == {cast.ana, cast.tom}
    assert "You have an action item due" in sent[1].text
    for mail in Mail.objects.all():
        for name in NAMES:
            assert name not in f"{mail.subject} {mail.text} {mail.calendar}", mail.kind


@pytest.mark.parametrize("named", ["Maya Okafor", "Okafor, Maya", "maya's", "JONAS"])
def test_a_place_and_a_series_that_name_a_student_stay_out_of_calendars_and_emails(cast, planned, named):
    title = Series.objects.create(
        team=cast.team,
        title=f"Support for {named}",
        weekday=0,
        starts_at=dt.time(10),
        minutes=45,
        starts_on=cast.school.today(),
        ends_on=cast.school.today(),
    )
    Meeting.objects.update(series=title, place=f"Room of {named}")
    planned.refresh_from_db()
    Mail.objects.all().delete()
    invitations.send_invitations(planned)
    publishing.send_agenda(planned)
    minutes_services.send_minutes(planned)
    entry = event(emails()[0])
    assert (str(entry["SUMMARY"]), "LOCATION" in entry) == ("Grade 4: meeting", False)
    for mail in Mail.objects.all():
        assert named.casefold() not in f"{mail.text} {mail.subject} {mail.calendar}".casefold(), mail.kind
        assert "Room of" not in mail.text


# Digests ---------------------------------------------------------------------------------------------------


def test_one_email_in_the_morning_with_what_is_due_and_none_if_nothing_is(cast, morning):
    assert digests.send_digests(morning - dt.timedelta(minutes=1)) == 0
    assert digests.send_digests(morning) == 4
    assert digests.send_digests(morning + dt.timedelta(hours=1)) == 0
    found = {mail.to: mail.text for mail in emails("digest")}
    assert set(found) == {cast.ana, cast.tom, cast.cora, cast.pia}
    assert [found[one].split("\n")[0] for one in (cast.cora, cast.pia)] == [
        "– 1 student is waiting for a first decision."
    ] * 2
    assert "Grade 4: an action item" in found[cast.ana]
    assert "Grade 4 meets" in found[cast.tom]
    assert "passages" not in found[cast.ana]


def test_no_digest_on_a_holiday_or_for_people_who_opted_out(cast, morning):
    day = morning.astimezone(cast.school.tz).date()
    holiday = Holiday.objects.create(school=cast.school, name="Off", starts_on=day, ends_on=day)
    assert digests.send_digests(morning) == 0
    holiday.delete()
    cast.ana.wants_digest = False
    cast.ana.save()
    assert digests.send_digests(morning) == 3
