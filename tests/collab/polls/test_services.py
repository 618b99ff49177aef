"""Create, answer and close polls, remind people, and choose a time: once each, by people who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from collab.meetings.models import Meeting
from collab.polls import services as polls
from collab.polls.models import Poll, PollAnswer
from collab.polls.permissions import polls_visible_to
from collab.polls.queries.lists import poll_list_of
from collab.polls.queries.polls import poll_page
from teams.directory.models import Staff, TeamMember
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from tests.factories.polls import ask, at, say


@pytest.fixture
def poll(cast):
    """Ana asks Tom, Gil and herself about three times."""
    return ask(cast)


def test_times_are_sorted_and_everybody_else_gets_an_email(cast, poll):
    hours = [option.starts_at.astimezone(cast.school.tz).hour for option in poll.options.all()]
    assert hours == [9, 10, 8]
    assert sorted(Mail.objects.values_list("to__first_name", flat=True)) == ["Gil", "Tom"]
    email = Mail.objects.get(to=cast.tom)
    assert email.kind == "poll"
    assert str(poll.uuid) in email.text
    assert email.subject == "When can Grade 4 meet?"
    assert "winter" not in email.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"times": []}, "two to ten"),
        ({"people": []}, "people at this school to ask"),
        ({"closes_on": dt.date(2020, 1, 1)}, "answer by"),
    ],
)
def test_an_invalid_poll_is_refused(cast, changes, sentence):
    with pytest.raises(DomainError, match=sentence):
        ask(cast, **changes)
    assert not Poll.objects.exists()


def test_a_time_that_has_passed_and_the_same_time_twice_are_refused(cast):
    with pytest.raises(DomainError, match="has passed"):
        ask(cast, times=[at(cast, -1, 9), at(cast, 2, 9)])
    with pytest.raises(DomainError, match="different times"):
        ask(cast, times=[at(cast, 2, 9), at(cast, 2, 9)])


def test_people_of_another_school_cannot_be_invited(cast):
    with pytest.raises(DomainError, match="at this school"):
        ask(cast, people=[cast.staff.tom, cast.staff.zed])


@pytest.mark.parametrize("person", ["gil", "pia", "ada", "zed"])
def test_only_members_of_the_team_create_its_polls(cast, person):
    with pytest.raises(PermissionDenied):
        ask(cast, actor=getattr(cast, person))


def test_an_answer_is_changed_not_duplicated(cast, poll):
    say(poll, cast.tom, 0, "no")
    say(poll, cast.tom, 0, "yes")
    assert PollAnswer.objects.get().answer == "yes"


@pytest.mark.parametrize(("place", "answer"), [("nowhere", "yes"), ("first", "perhaps"), ("other", "yes")])
def test_an_invalid_answer_is_refused(cast, poll, place, answer):
    other = ask(cast, title="Another")
    uuid = {
        "nowhere": "00000000-0000-0000-0000-000000000000",
        "first": str(poll.options.first().uuid),
        "other": str(other.options.first().uuid),
    }[place]
    with pytest.raises(DomainError, match="if needed"):
        polls.answer_poll(poll, actor=cast.tom, option_uuid=uuid, answer=answer)
    assert not PollAnswer.objects.exists()


def test_people_not_invited_cannot_answer(cast, poll):
    for user in (cast.cora, cast.zed):
        with pytest.raises(PermissionDenied):
            say(poll, user, 0, "yes")


def test_times_rank_by_who_could_come_then_by_yes_then_by_date(cast, poll):
    for user, answers in ((cast.ana, "nym"), (cast.tom, "nmy"), (cast.gil, "ynm")):
        for place, letter in enumerate(answers):
            say(poll, user, place, {"y": "yes", "m": "maybe", "n": "no"}[letter])
    page = poll_page(cast.ana, poll)
    assert [(one.fits, one.yes, one.option.starts_at) for one in page.ranked] == [
        (3, 1, at(cast, 4, 8)),
        (2, 1, at(cast, 3, 10)),
        (1, 1, at(cast, 2, 9)),
    ]
    assert [one.is_best for one in page.ranked] == [True, False, False]
    assert (page.silent, page.answered) == ([], 3)


def test_an_incomplete_answer_is_still_awaited(cast, poll):
    say(poll, cast.tom, 0, "yes")
    assert cast.staff.tom in poll_page(cast.ana, poll).silent


def test_own_meetings_at_a_time_are_shown_to_that_person_only(cast):
    start = cast.meeting.starts_at
    poll = ask(cast, times=[start, start + dt.timedelta(days=1)])
    assert poll_page(cast.tom, poll).times[0].own == [cast.meeting]
    assert poll_page(cast.gil, poll).times[0].own == []


def test_people_who_have_not_answered_are_reminded_once_a_day(cast, poll):
    for place in range(3):
        say(poll, cast.ana, place, "yes")
        say(poll, cast.gil, place, "no")
    Mail.objects.all().delete()
    assert polls.remind_silent(poll, actor=cast.ana) == 1
    with pytest.raises(DomainError, match="already reminded today"):
        polls.remind_silent(poll, actor=cast.ana)
    assert Mail.objects.get().to == cast.tom
    poll.people.update(reminded_at=clock.now() - dt.timedelta(days=1, minutes=1))
    assert polls.remind_silent(poll, actor=cast.cora) == 1
    for place in range(3):
        say(poll, cast.tom, place, "yes")
    with pytest.raises(DomainError, match="Everyone has answered"):
        polls.remind_silent(poll, actor=cast.ana)


def test_invitees_cannot_send_reminders_or_choose_a_time(cast, poll):
    for do in (
        lambda: polls.remind_silent(poll, actor=cast.tom),
        lambda: polls.close_poll(poll, actor=cast.tom),
        lambda: choose(poll, cast.tom),
    ):
        with pytest.raises(PermissionDenied):
            do()


def choose(poll, user, place=0):
    option = list(poll.options.all())[place]
    return polls.choose_time(poll, actor=user, option_uuid=str(option.uuid))


def test_choosing_a_time_plans_the_meeting_once_with_guests(cast, poll):
    meeting = choose(poll, cast.ana, 1)
    assert choose(poll, cast.ana, 1) == meeting
    assert Meeting.objects.exclude(pk=cast.meeting.pk).get() == meeting
    assert (meeting.title, meeting.starts_at, meeting.ends_at - meeting.starts_at) == (
        "How do the winter results look?",
        at(cast, 3, 10),
        dt.timedelta(minutes=45),
    )
    assert [guest.staff for guest in meeting.guests.all()] == [cast.staff.gil]
    poll.refresh_from_db()
    assert poll.chosen.starts_at == meeting.starts_at
    with pytest.raises(DomainError, match="already closed"):
        choose(poll, cast.ana, 0)
    with pytest.raises(DomainError, match="already closed"):
        say(poll, cast.tom, 0, "yes")


def test_a_time_at_which_the_team_meets_already_leaves_the_poll_open(cast):
    start = cast.meeting.starts_at
    poll = ask(cast, times=[start, start + dt.timedelta(days=1)])
    with pytest.raises(DomainError, match="already meets"):
        choose(poll, cast.ana)
    poll.refresh_from_db()
    assert poll.closed_at is None


def test_a_time_that_has_passed_meanwhile_cannot_be_chosen(cast, poll):
    first = poll.options.first()
    first.starts_at = clock.now() - dt.timedelta(hours=1)
    first.save()
    with pytest.raises(DomainError, match="has passed"):
        choose(poll, cast.ana)


def test_a_poll_closes_without_a_time(cast, poll):
    polls.close_poll(poll, actor=cast.cora)
    closed_at = polls.close_poll(poll, actor=cast.ana).closed_at
    assert polls.close_poll(poll, actor=cast.ana).closed_at == closed_at
    assert Meeting.objects.count() == 1


def test_only_invitees_and_the_teams_leads_see_it(cast, poll):
    poll.people.get(staff=cast.staff.ana).delete()
    seen = {
        name
        for name in ("ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed")
        if polls_visible_to(getattr(cast, name)).exists()
    }
    assert seen == {"ana", "tom", "gil", "cora"}
    assert polls_visible_to(cast.ana).count() == 1


def test_people_who_left_no_longer_see_it(cast, poll):
    yesterday = cast.school.today() - dt.timedelta(days=1)
    TeamMember.objects.filter(staff=cast.staff.ana).update(ends_on=yesterday)
    assert polls_visible_to(cast.ana).exists()  # she created it, and still works here
    Staff.objects.filter(pk__in=[cast.staff.ana.pk, cast.staff.tom.pk]).update(ends_on=yesterday)
    assert not polls_visible_to(cast.ana).exists()
    assert not polls_visible_to(cast.tom).exists()


def test_the_same_question_twice_is_one_poll(cast, poll):
    emails = Mail.objects.count()
    assert ask(cast) == poll
    assert (Poll.objects.count(), Mail.objects.count()) == (1, emails)
    for changes in (
        {"title": "Another"},
        {"minutes": 30},
        {"people": [cast.staff.tom]},
        {"times": [at(cast, 3, 10), at(cast, 2, 9)]},
        {"actor": cast.cora},
    ):
        assert ask(cast, **changes) != poll
    polls.close_poll(poll, actor=cast.ana)
    assert ask(cast) != poll


def test_the_deadline_is_at_most_the_last_time(cast):
    poll = ask(cast, times=[at(cast, 1, 9), at(cast, 1, 10)])
    assert poll.closes_on == cast.school.today() + dt.timedelta(days=1)


def test_a_time_years_away_is_refused(cast):
    with pytest.raises(DomainError, match="more than a year away"):
        ask(cast, times=[at(cast, 1, 9), at(cast, 500, 9)])


def test_people_who_left_are_not_awaited_and_not_invited(cast, poll):
    say(poll, cast.gil, 0, "yes")
    cast.staff.gil.ends_on = cast.school.today() - dt.timedelta(days=1)
    cast.staff.gil.save()
    page = poll_page(cast.ana, poll)
    assert (page.people, page.times[0].yes) == ([cast.staff.tom, cast.staff.ana], 0)
    (row,) = poll_list_of(cast.ana, cast.school).to_answer
    assert (row.answered, row.asked) == (0, 2)
    assert not choose(poll, cast.ana).guests.exists()
    poll.refresh_from_db()
    assert cast.staff.gil in poll_page(cast.ana, poll).people  # a closed poll does not change


def test_a_past_or_taken_time_is_not_the_best(cast):
    start = cast.meeting.starts_at
    poll = ask(cast, times=[start, start + dt.timedelta(minutes=45), start + dt.timedelta(days=1)])
    for user in (cast.ana, cast.tom):
        say(poll, user, 0, "yes")
        say(poll, user, 1, "maybe")
    first, second, third = poll_page(cast.ana, poll).times
    # the meeting takes 45 minutes: back to back is no conflict
    assert [one.is_taken for one in (first, second, third)] == [True, False, False]
    assert [one.is_best for one in (first, second, third)] == [False, True, False]
    assert [one.option for one in poll_page(cast.ana, poll).ranked] == [
        second.option,
        third.option,
        first.option,
    ]


def test_the_creator_can_close_the_poll_but_not_choose_a_time(cast):
    poll = ask(cast, actor=cast.tom)
    page = poll_page(cast.tom, poll)
    assert (page.may_close, page.may_choose) == (True, False)
    with pytest.raises(PermissionDenied):
        choose(poll, cast.tom)
    assert polls.close_poll(poll, actor=cast.tom).closed_at


def test_a_time_stays_at_school_time_over_the_change_of_clocks(cast):
    """08:00 on both sides of the change is 08:00 at school, and an hour apart in UTC."""
    zone = cast.school.tz
    year = cast.school.today().year + (cast.school.today().month >= 3)
    change = next(
        day
        for day in (dt.date(year, 3, 1) + dt.timedelta(days=n) for n in range(40))
        if cast.school.at(day, dt.time(12)).utcoffset()
        != cast.school.at(day - dt.timedelta(1), dt.time(12)).utcoffset()
    )
    times = [cast.school.at(change + dt.timedelta(days=n), dt.time(8)) for n in (-1, 1)]
    poll = ask(cast, times=times)
    options = list(poll.options.all())
    assert [one.starts_at.astimezone(zone).hour for one in options] == [8, 8]
    assert options[1].starts_at - options[0].starts_at == dt.timedelta(hours=47)
    email = Mail.objects.get(to=cast.tom).text
    assert email.count(", 8:00\xa0AM\n") == 2
