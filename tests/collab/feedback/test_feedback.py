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


def of_three(cast, live, answers):
    """Ana, Tom and Sol attend, answer the first question, and close the meeting."""
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.sol)
    people = (cast.ana, cast.tom, cast.sol)
    for user in people:
        lifecycle.join_meeting(live, actor=user)
    for user, answer in zip(people, answers, strict=False):
        feedback.rate_meeting(live, actor=user, answers={"time": answer})


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (["yes", "yes", "yes"], "Everyone said yes."),
        (["yes", "so-so", "yes"], "No one said no."),
        (["yes", "no", "so-so"], "Someone said no."),
        (["no", "no", "no"], "Someone said no."),
        (["yes", "no"], ""),
    ],
)
def test_of_three_only_the_common_word_is_shown_after_the_meeting(cast, live, as_user, answers, word):
    of_three(cast, live, answers)
    assert (feedback_of(cast.ana, live).questions[0].word, feedback_of(cast.ana, live).is_asked) == ("", True)
    live = lifecycle.close_meeting(live, actor=cast.ana)
    found = feedback_of(cast.ana, live).questions[0]
    assert (found.word, found.counts) == (word, [])
    page = as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    words = ["Everyone said yes.", "No one said no.", "Someone said no."]
    assert [one for one in words if one in page] == ([word] if word else [])


def test_it_is_asked_only_where_enough_people_can_answer_for_results_to_appear(cast, live, as_user):
    """Two members and a guest, who was absent after all."""
    address, question = live.get_absolute_url(), "How was this meeting?"
    assert question not in as_user(cast.ana).get(address).content.decode()
    assert not feedback_of(cast.ana, live).is_asked
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.sol)
    lifecycle.join_meeting(live, actor=cast.sol)
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
