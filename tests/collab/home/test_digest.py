"""Automatic emails: one per person, in the morning; one that fails stops no other."""

import datetime as dt

from collab.decisions.models import Decision
from collab.home import services as digests
from collab.meetings.models import Meeting
from collab.meetings.services import invitations
from collab.planning.services import meetings
from collab.publishing import services as publishing
from collab.tasks import send_letters
from datareview.plans.models import Plan
from datareview.requests.services import request_assistance
from teams.directory.models import Role, Staff, TeamMember
from teams.directory.queries.days import cycle_days
from teams.jobs.models import Job
from teams.lib import clock
from teams.mail.models import Mail


def test_people_at_two_schools_get_one_email_for_both(cast, morning):
    staff = Staff.objects.create(
        user=cast.tom, school=cast.other_school, role=Role.TEACHER, starts_on=cast.staff.tom.starts_on
    )
    TeamMember.objects.create(team=cast.other_team, staff=staff, starts_on=staff.starts_on)
    Meeting.objects.create(
        team=cast.other_team,
        title="x",
        starts_at=morning + dt.timedelta(hours=30),
        ends_at=morning + dt.timedelta(hours=31),
    )
    digests.send_digests(morning)
    email = Mail.objects.get(kind="digest", to=cast.tom)
    first, second = email.text.split("Roosevelt Elementary:")
    assert first.startswith("Lincoln Elementary:")
    assert (first.count("meets"), second.count("meets")) == (1, 1)


def test_without_quiet_hours_it_is_still_sent_in_the_morning(cast, morning):
    type(cast.ana).objects.update(quiet_from=dt.time(0), quiet_until=dt.time(0))
    assert digests.send_digests(morning.replace(hour=0, minute=15)) == 0
    assert digests.send_digests(morning) == 4


def test_one_failing_digest_does_not_stop_the_others(cast, morning, monkeypatch):
    digest_lines = digests.digest_lines

    def broken(staff, now):
        if staff == cast.staff.ana:
            raise ValueError
        return digest_lines(staff, now)

    monkeypatch.setattr(digests, "digest_lines", broken)
    assert digests.send_digests(morning) == 3
    assert Job.objects.get().school == cast.school


def test_weekend_checks_are_in_mondays_digest(cast, morning):
    monday = cast.school.today()
    while monday.weekday():
        monday += dt.timedelta(days=1)
    from collab.home.queries.digest import _since

    assert _since(cast.school, monday) == monday - dt.timedelta(days=2)
    assert Decision.objects.count() == 0


def test_who_decides_reads_how_many_wait_and_others_only_their_own_plans(cast, morning):
    from collab.home.queries.digest import digest_lines

    request_assistance(cast.jonas, actor=cast.ana, domain="behavior", worry="Cries at noon")
    Plan.objects.update(review_on=morning.date())
    mine = "1 plan is due for a review."
    waiting = [
        "2 students are waiting for a first decision.",
        "1 request for help with a student has no answer yet.",
    ]
    assert digest_lines(cast.staff.cora, morning) == [*waiting, mine]
    assert [line for line in digest_lines(cast.staff.sol, morning) if "plan" in line] == [mine]
    for person in (cast.staff.tom, cast.staff.zed):
        assert [line for line in digest_lines(person, morning) if "plan" in line or "wait" in line] == []


def test_who_reads_it_weekly_gets_it_on_the_first_school_day_of_the_week(cast, morning):
    type(cast.cora).objects.filter(pk=cast.cora.pk).update(digest_is_weekly=True)
    days = [morning + dt.timedelta(days=n) for n in range(-morning.weekday(), 7 - morning.weekday())]
    school_days = cycle_days(cast.school, days[0].date(), days[-1].date())
    for day in days:
        digests.send_digests(day)
    sent = Mail.objects.filter(kind="digest", to=cast.cora).values_list("dedupe_key", flat=True)
    first = next(iter(school_days), None)
    assert list(sent) == ([f"digest:{cast.cora.pk}:{first.isoformat()}"] if first else [])


def test_a_meeting_whose_emails_fail_stops_no_other_meeting_or_later_step(cast, monkeypatch):
    Meeting.objects.create(
        team=cast.other_team, title="x", starts_at=cast.meeting.starts_at, ends_at=cast.meeting.ends_at
    )
    Meeting.objects.update(starts_at=clock.now() + dt.timedelta(hours=5))
    entry_of, send_agenda = invitations.entry_of, publishing.send_agenda

    def broken(meeting, **fields):
        if meeting.team == cast.team:
            raise ValueError
        return entry_of(meeting, **fields)

    def broken_agenda(meeting):
        if meeting.team == cast.team:
            raise ValueError
        send_agenda(meeting)

    monkeypatch.setattr(invitations, "entry_of", broken)
    monkeypatch.setattr(publishing, "send_agenda", broken_agenda)
    send_letters()
    assert set(Mail.objects.exclude(kind="digest").values_list("to__email", "kind")) == {
        ("zed@roosevelt.test", "invitation"),
        ("zed@roosevelt.test", "agenda"),
    }
    assert set(Job.objects.values_list("kind", "school__name")) == {
        ("collab.invite_coming", "Lincoln Elementary"),
        ("collab.publish_agendas", "Lincoln Elementary"),
    }
    assert Meeting.objects.get(pk=cast.meeting.pk).agenda_sent_for is None


def test_an_agenda_is_published_again_a_day_before_the_later_day(cast):
    now = cast.meeting.starts_at - dt.timedelta(hours=20)
    assert publishing.publish_agendas(now) == 1
    later = cast.meeting.starts_at + dt.timedelta(days=7)
    meetings.move_meeting(cast.meeting, actor=cast.ana, starts_at=later, minutes=45, place="")
    assert publishing.publish_agendas(now) == 0
    assert [publishing.publish_agendas(later - dt.timedelta(hours=hours)) for hours in (25, 23, 22)] == [
        0,
        1,
        0,
    ]
    assert Mail.objects.filter(kind="agenda", to=cast.tom).count() == 2


def test_former_members_get_the_meeting_removed_from_their_calendar(cast):
    Mail.objects.all().delete()
    invitations.invite_coming()
    Mail.objects.update(sent_at=clock.now())
    TeamMember.objects.filter(staff=cast.staff.tom).update(ends_on=cast.school.today() - dt.timedelta(days=2))
    assert (invitations.invite_coming(), invitations.invite_coming()) == (1, 0)
    last = Mail.objects.latest("pk")
    assert (last.to, last.calendar_method) == (cast.tom, "CANCEL")
    assert "STATUS:CANCELLED" in last.calendar


def test_quiet_hours_are_kept_unless_the_email_would_be_too_late(cast, monkeypatch):
    starts = cast.meeting.starts_at
    for end, urgent in [(starts - dt.timedelta(hours=3), False), (starts - dt.timedelta(minutes=30), True)]:
        monkeypatch.setattr(invitations, "after_quiet_hours", lambda _user, _now, end=end: end)
        assert invitations.would_be_late(cast.tom, cast.meeting) is urgent
