"""What each member of the cast sees on the home page."""

import datetime as dt
import re

import pytest

from collab.actions.models import Action
from collab.home.queries.home import home_of
from datareview.flags.models import Candidate, Change
from datareview.plans.models import Plan
from datareview.progress.models import Session
from teams.directory.models import Holiday, Substitution
from teams.lib import formats


def test_a_teacher_sees_the_next_meeting_and_own_action_items(cast):
    home = home_of(cast.ana, cast.school)
    assert home.next_meeting == cast.meeting
    assert home.actions == [cast.action]
    assert home.overdue == 0
    assert home.triage is None


def test_a_colleague_outside_the_team_sees_neither(cast):
    home = home_of(cast.gil, cast.school)
    assert home.next_meeting is None
    assert home.actions == []


def test_a_stranger_sees_nothing_of_this_school(cast):
    home = home_of(cast.zed, cast.school)
    assert (home.next_meeting, home.actions, home.sessions) == (None, [], [])


def test_an_action_item_due_yesterday_is_overdue(cast):
    cast.action.due_on = cast.school.today() - dt.timedelta(days=1)
    cast.action.save()
    assert home_of(cast.ana, cast.school).overdue == 1


def test_the_coordinator_sees_candidates_by_severity_then_age(cast):
    urgent = Candidate.objects.create(
        student=cast.jonas,
        domain="behavior",
        severity=3,
        reason="2 suspensions.",
        raised_on=cast.school.today(),
    )
    triage = home_of(cast.cora, cast.school).triage
    assert (triage.waiting, triage.urgent, triage.first) == (2, 1, [urgent, cast.candidate])


def test_the_specialist_sees_todays_sessions_and_what_is_logged(cast):
    today = cast.school.today()
    cast.plan.weekdays = [today.weekday()]
    cast.plan.save()
    (entry,) = home_of(cast.sol, cast.school).sessions
    assert (entry.plan, entry.logged) == (cast.plan, None)
    session = Session.objects.create(plan=cast.plan, held_on=today, minutes=20, logged_by=cast.sol)
    assert home_of(cast.sol, cast.school).sessions[0].logged == session
    cast.plan.weekdays = [(today.weekday() + 1) % 7]
    cast.plan.save()
    assert home_of(cast.sol, cast.school).sessions == []


def test_no_session_is_for_today_on_a_holiday_or_before_the_plan_begins(cast):
    today = cast.school.today()
    Plan.objects.filter(pk=cast.plan.pk).update(weekdays=[today.weekday()])
    holiday = Holiday.objects.create(school=cast.school, name="Off", starts_on=today, ends_on=today)
    assert home_of(cast.sol, cast.school).sessions == []
    holiday.delete()
    assert [entry.plan for entry in home_of(cast.sol, cast.school).sessions] == [cast.plan]
    Plan.objects.filter(pk=cast.plan.pk).update(starts_on=today + dt.timedelta(days=1))
    assert home_of(cast.sol, cast.school).sessions == []


def test_the_substitute_of_the_provider_sees_todays_sessions(cast):
    today = cast.school.today()
    Plan.objects.filter(pk=cast.plan.pk).update(weekdays=[today.weekday()])
    assert home_of(cast.gil, cast.school).sessions == []
    made = Substitution.objects.create(
        replaced=cast.staff.sol, substitute=cast.staff.gil, starts_on=today, ends_on=today
    )
    assert [entry.plan for entry in home_of(cast.gil, cast.school).sessions] == [cast.plan]
    made.delete()
    assert home_of(cast.gil, cast.school).sessions == []


def test_home_and_report_say_which_changes_they_count(cast, as_user):
    """A flag that is new on the meeting's day: Home counts it, a report since that day does not."""
    day = cast.school.today() - dt.timedelta(days=8)
    cast.meeting.state = "closed"
    cast.meeting.starts_at = cast.school.at(day, dt.time(10))
    cast.meeting.save()
    Change.objects.create(
        student=cast.maya,
        kind="opened",
        flag=cast.flag,
        before=0,
        after=2,
        seen_at=cast.meeting.starts_at + dt.timedelta(hours=1),
    )
    client = as_user(cast.ana)
    home = client.get("/").content.decode()
    assert "1 new flag, 0 cleared" in home
    assert "all students you can see, from the start of the meeting" in home
    report = client.get("/reports/", {"since": day.isoformat()}).content.decode()
    assert "1 new flag" not in report
    assert f"changes since {formats.day(day)}" in " ".join(report.split())


def test_changes_count_from_the_last_closed_meeting(cast):
    assert home_of(cast.ana, cast.school).changes is None
    cast.meeting.state = "closed"
    cast.meeting.starts_at = cast.school.at(cast.school.today() - dt.timedelta(days=8), dt.time(10))
    cast.meeting.save()
    change = Change.objects.create(
        student=cast.maya,
        kind="opened",
        flag=cast.flag,
        before=0,
        after=2,
        seen_at=cast.meeting.starts_at + dt.timedelta(hours=1),
    )
    changes = home_of(cast.ana, cast.school).changes
    assert (changes.opened, changes.sentence) == ([cast.flag], "1 new flag, 0 cleared.")
    change.seen_at = cast.meeting.starts_at - dt.timedelta(hours=1)
    change.save()
    assert home_of(cast.ana, cast.school).changes.sentence == "Nothing has changed."


def test_without_candidates_the_home_page_counts_none_and_no_days(cast, as_user):
    cora = as_user(cast.cora)
    Candidate.objects.update(raised_on=cast.school.today())
    assert "all new today" in cora.get("/").content.decode()
    Candidate.objects.all().delete()
    text = cora.get("/").content.decode()
    assert [words for words in ("0 candidates", "0 days", "all new") if words in text] == []
    assert "No candidates need a decision." in text


@pytest.mark.parametrize(
    ("due", "starts", "words"),
    [
        (0, dt.timedelta(hours=1), "1 thing to do before you meet at "),
        (1, dt.timedelta(hours=1), "Nothing is left to do before you meet at "),
        (1, dt.timedelta(days=2), "1 thing to do before you meet on "),
        (3, dt.timedelta(days=2), "Nothing is left to do before you meet on "),
    ],
)
def test_the_page_says_first_what_is_due_before_the_next_meeting(cast, due, starts, words):
    today = cast.school.today()
    Action.objects.update(due_on=today + dt.timedelta(days=due))
    begins = cast.school.at(today, dt.time(22)) + starts
    type(cast.meeting).objects.update(starts_at=begins, ends_at=begins + dt.timedelta(minutes=45))
    finding = home_of(cast.ana, cast.school).finding
    assert finding.startswith(words)
    assert finding.endswith(
        formats.day(begins.date()) if starts.days else formats.time(begins, tz=cast.school.tz)
    )


def test_sessions_are_to_be_done_until_they_are_logged(cast):
    Plan.objects.filter(pk=cast.plan.pk).update(weekdays=[cast.school.today().weekday()])
    assert home_of(cast.sol, cast.school).finding == "1 thing to do today"
    Session.objects.create(plan=cast.plan, held_on=cast.school.today(), minutes=20, logged_by=cast.sol)
    assert home_of(cast.sol, cast.school).finding == "Good to see you, Sol"


def test_a_live_meeting_comes_before_all_else(cast):
    type(cast.meeting).objects.update(state="live")
    assert home_of(cast.ana, cast.school).finding == "Your team is meeting now"


def test_items_of_the_next_meeting_have_times_and_short_ones_are_counted(cast, as_user):
    first, *_others = items = list(cast.meeting.items.order_by("position", "pk"))
    for item in items:
        type(first).objects.filter(pk=item.pk).update(minutes=5)
    type(first).objects.filter(pk=first.pk).update(minutes=2)
    home = home_of(cast.ana, cast.school)
    begins = [(row.begins - cast.meeting.starts_at).seconds // 60 for row in home.items]
    assert begins == [0, *(2 + 5 * n for n in range(len(items) - 1))]
    assert home.short_items == 1

    page = as_user(cast.ana).get("/").text
    assert "and 1 short item" in " ".join(page.split())
    widths = [float(width) for width in re.findall(r'<rect x="[\d.]+" y="0" width="([\d.]+)"', page)]
    total = 2 + 5 * (len(items) - 1)
    assert widths == [
        pytest.approx(100 * minutes / total - 0.4, abs=0.01) for minutes in (2, *[5] * (len(items) - 1))
    ]


def test_an_item_that_one_may_not_read_takes_its_time_on_home_and_is_not_named(cast, as_user):
    hidden, after, *_others = cast.meeting.items.order_by("position", "pk")
    type(hidden).objects.filter(pk=hidden.pk).update(
        visibility="restricted", title="Kept quiet", minutes=11, owner=None
    )
    first, *_others = home_of(cast.tom, cast.school).items
    assert (first.item, first.begins - cast.meeting.starts_at) == (after, dt.timedelta(minutes=11))
    assert "Kept quiet" not in as_user(cast.tom).get("/").text


def test_who_triages_or_starts_plans_goes_on_to_the_desk(cast, as_user):
    Plan.objects.update(weekdays=[cast.school.today().weekday()])
    pages = {name: as_user(getattr(cast, name)).get("/").content.decode() for name in ("cora", "sol", "ana")}
    assert {name: page.count("at the desk") for name, page in pages.items()} == {
        "cora": 1,
        "sol": 1,
        "ana": 0,
    }
