"""Meeting feedback."""

import datetime as dt

import pytest

from collab.feedback import services as feedback
from collab.feedback.models import PulseVoter
from collab.feedback.queries import feedback_of
from collab.meetings.services import roles
from collab.room.services import lifecycle
from teams.lib.errors import DomainError


def test_counts_are_shown_from_four_answers_once_everyone_has_answered(cast, live):
    for staff in (cast.staff.sol, cast.staff.gil, cast.staff.pia):
        roles.invite_guest(live, actor=cast.ana, staff=staff)
        lifecycle.join_meeting(live, actor=staff.user)
    people = [cast.ana, cast.tom, cast.sol, cast.gil, cast.pia]
    for count, user in enumerate(people, start=1):
        feedback.rate_meeting(
            live, actor=user, answers={"time": "yes" if count % 2 else "no", "nonsense": "yes"}
        )
        (time, *_others) = feedback_of(cast.ana, live).questions
        assert bool(time.counts) is (count == 5)
    assert list(time.counts) == [("Yes", 3), ("So-so", 0), ("No", 2)]
    with pytest.raises(DomainError, match="already answered"):
        feedback.rate_meeting(live, actor=cast.ana, answers={"time": "no"})
    assert {field.name for field in PulseVoter._meta.get_fields()} == {"id", "meeting", "user"}


def test_it_is_asked_only_where_enough_people_can_answer_for_results_to_appear(cast, live, as_user):
    """Two members and two guests, of whom one was absent after all."""
    address, question = live.get_absolute_url(), "How was this meeting?"
    assert question not in as_user(cast.ana).get(address).content.decode()
    for staff in (cast.staff.sol, cast.staff.gil):
        assert not feedback_of(cast.ana, live).is_asked
        roles.invite_guest(live, actor=cast.ana, staff=staff)
        lifecycle.join_meeting(live, actor=staff.user)
    assert feedback_of(cast.ana, live).is_asked
    assert question in as_user(cast.ana).get(address).content.decode()
    lifecycle.join_meeting(live, actor=cast.tom)
    live.attendance.filter(staff=cast.staff.sol).update(mark="absent")
    live = lifecycle.close_meeting(live, actor=cast.ana)
    assert not feedback_of(cast.ana, live).is_asked
    assert "Meeting feedback" not in as_user(cast.ana).get(address).content.decode()


def test_absent_people_cannot_rate_and_a_late_answer_is_shown_only_with_all_others(cast, live):
    for staff in (cast.staff.sol, cast.staff.gil, cast.staff.pia):
        roles.invite_guest(live, actor=cast.ana, staff=staff)
        lifecycle.join_meeting(live, actor=staff.user)
    for user in (cast.ana, cast.sol, cast.gil, cast.pia):
        feedback.rate_meeting(live, actor=user, answers={"time": "yes"})
    live.attendance.filter(staff=cast.staff.tom).delete()
    assert feedback_of(cast.ana, live).questions[0].counts
    lifecycle.join_meeting(live, actor=cast.tom)
    live = lifecycle.close_meeting(live, actor=cast.ana)
    assert feedback_of(cast.ana, live).questions[0].counts == []
    live.attendance.filter(staff=cast.staff.tom).update(mark="absent")
    with pytest.raises(DomainError, match="Only people who attended"):
        feedback.rate_meeting(live, actor=cast.tom, answers={"time": "no"})
    live.attendance.filter(staff=cast.staff.tom).update(mark="present")
    live.closed_at -= dt.timedelta(days=7)
    live.save()
    assert feedback_of(cast.ana, live).questions[0].counts
