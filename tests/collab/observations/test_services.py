"""Peer observations are private to two colleagues until the host shares them."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from collab.observations import services as observations
from collab.observations.evaluative_words import judging_word
from collab.observations.models import Evidence, PeerObservation
from collab.observations.permissions import observations_visible_to
from collab.observations.queries import observation_page, observations_of
from teams.audit.models import AuditEvent
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.request_cache import request_cache
from teams.mail.models import Mail
from teams.mail.queries import mail_of
from tests.conftest import TODAY

EVERYBODY = ["ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed"]


@pytest.fixture
def asked(cast):
    """Tom asks Gil to observe him."""
    return observations.ask_colleague(
        cast.staff.gil, actor=cast.tom, school=cast.school, as_host=True, message="Would you?"
    )


def agree(cast, row, *, actor=None, hours=1):
    return observations.agree_on(
        row,
        actor=actor or cast.gil,
        starts_at=clock.now() + dt.timedelta(hours=hours),
        focus="Who answers?",
        version=row.version,
    )


@pytest.fixture
def seen(cast, asked):
    """Observed an hour ago, with one line of evidence."""
    row = agree(cast, asked)
    PeerObservation.objects.filter(pk=row.pk).update(starts_at=clock.now() - dt.timedelta(hours=1))
    note(cast, row, "Four hands up")
    return observations.end_visit(row, actor=cast.tom)


def note(cast, row, text, key=None):
    return observations.note_evidence(
        row, actor=cast.gil, kind="seen", text=text, client_key=key or uuid.uuid4()
    )


def who_sees(cast, row):
    return [
        name for name in EVERYBODY if observations_visible_to(getattr(cast, name)).filter(pk=row.pk).exists()
    ]


def test_an_observation_from_request_to_next_step(cast, seen):
    row = observations.write_debrief(
        seen,
        actor=cast.gil,
        debrief="Hands of the first row",
        next_step="Cold calls on Monday",
        version=seen.version,
        is_over=True,
    )
    assert (row.state, row.host, row.observer) == ("talked", cast.staff.tom, cast.staff.gil)
    assert (row.focus, row.debrief, row.next_step) == (
        "Who answers?",
        "Hands of the first row",
        "Cold calls on Monday",
    )
    assert [one.text for one in row.evidence.all()] == ["Four hands up"]


def test_only_the_two_see_it_and_while_shared_the_hosts_teams(cast, seen):
    assert who_sees(cast, seen) == ["tom", "gil"]
    observations.share_observation(seen, actor=cast.tom, is_shared=True)
    assert who_sees(cast, seen) == ["ana", "tom", "gil"]
    observations.share_observation(seen, actor=cast.tom, is_shared=False)
    assert who_sees(cast, seen) == ["tom", "gil"]


def test_people_who_left_the_school_or_the_team_no_longer_see_it(cast, seen):
    observations.share_observation(seen, actor=cast.tom, is_shared=True)
    cast.team.members.filter(staff=cast.staff.ana).update(ends_on=TODAY - dt.timedelta(days=1))
    cast.staff.gil.ends_on = TODAY - dt.timedelta(days=1)
    cast.staff.gil.save()
    assert who_sees(cast, seen) == ["tom"]


def test_only_the_host_shares(cast, seen):
    with pytest.raises(PermissionDenied):
        observations.share_observation(seen, actor=cast.gil, is_shared=True)


def test_readers_it_is_shared_with_cannot_change_it(cast, seen):
    observations.share_observation(seen, actor=cast.tom, is_shared=True)
    for work in (
        lambda: observations.write_debrief(
            seen, actor=cast.ana, debrief="Mine", next_step="", version=seen.version
        ),
        lambda: observations.share_observation(seen, actor=cast.ana, is_shared=False),
        lambda: observations.cancel_observation(seen, actor=cast.ana),
        lambda: observations.note_evidence(
            seen, actor=cast.ana, kind="seen", text="x", client_key=uuid.uuid4()
        ),
    ):
        with pytest.raises(PermissionDenied):
            work()


def test_nothing_is_audited(cast, seen):
    observations.share_observation(seen, actor=cast.tom, is_shared=True)
    assert not AuditEvent.objects.filter(subject_type__contains="observation").exists()


def test_only_the_person_asked_can_accept(cast, asked):
    with pytest.raises(PermissionDenied):
        agree(cast, asked, actor=cast.tom)
    assert agree(cast, asked).state == "agreed"


def test_agreeing_twice_changes_nothing(cast, asked):
    when = clock.now() + dt.timedelta(hours=2)
    for _ in range(2):
        row = observations.agree_on(
            asked, actor=cast.gil, starts_at=when, focus="Who answers?", version=asked.version
        )
    assert row.version == 1
    assert Mail.objects.filter(to=cast.tom, kind="observation").count() == 1


def test_a_day_that_has_passed_is_refused(cast, asked):
    with pytest.raises(DomainError, match="passed"):
        agree(cast, asked, hours=-48)


def test_asking_twice_creates_one_request(cast, asked):
    again = observations.ask_colleague(
        cast.staff.gil, actor=cast.tom, school=cast.school, as_host=True, message="Would you?"
    )
    assert again == asked
    with pytest.raises(DomainError, match="haven’t answered yet"):
        observations.ask_colleague(
            cast.staff.gil, actor=cast.tom, school=cast.school, as_host=True, message="Please"
        )
    with pytest.raises(DomainError, match="Answer their request"):
        observations.ask_colleague(cast.staff.tom, actor=cast.gil, school=cast.school, as_host=False)


@pytest.mark.parametrize("name", ["tom", "ada", "zed"])
def test_one_cannot_ask_oneself_or_somebody_who_does_not_work_in_teams_here(cast, name):
    with pytest.raises(DomainError, match="Choose a colleague"):
        observations.ask_colleague(
            getattr(cast.staff, name), actor=cast.tom, school=cast.school, as_host=True
        )


def test_declining_can_carry_a_kind_message_and_ends_it(cast, asked):
    row = observations.cancel_observation(asked, actor=cast.gil, reply="Ask me again in May.")
    assert (row.state, row.reply) == ("off", "Ask me again in May.")
    assert Mail.objects.get(to=cast.tom).subject == "Gil Hart can’t do the peer observation this time"
    with pytest.raises(DomainError, match="canceled"):
        agree(cast, row)


def test_emails_go_to_the_colleague_and_name_nothing_observed(cast, seen):
    emails = Mail.objects.filter(kind="observation").order_by("pk")
    assert [(one.to, one.subject) for one in emails] == [
        (cast.gil, "Tom Berg asks you to observe a lesson"),
        (cast.tom, "Gil Hart has agreed to a peer observation"),
    ]
    assert not [one for one in emails if "Who answers?" in one.text or "Would you?" in one.text]


def test_the_outbox_does_not_show_them_to_administrators(cast, seen):
    assert Mail.objects.filter(kind="observation").exists()
    assert not mail_of(cast.school).filter(kind="observation").exists()


def test_the_same_line_twice_creates_one(cast, asked):
    row, key = agree(cast, asked), uuid.uuid4()
    assert note(cast, row, "Two boys whisper", key) == note(cast, row, "Two boys whisper", key)
    assert Evidence.objects.count() == 1


def test_only_the_observer_adds_and_removes_evidence(cast, asked):
    row = agree(cast, asked)
    line = note(cast, row, "Two boys whisper")
    with pytest.raises(PermissionDenied):
        observations.note_evidence(
            row, actor=cast.tom, kind="seen", text="I was great", client_key=uuid.uuid4()
        )
    with pytest.raises(PermissionDenied):
        observations.remove_evidence(line, actor=cast.tom)
    observations.remove_evidence(line, actor=cast.gil)
    assert not Evidence.objects.exists()


def test_a_stale_debrief_carries_the_stored_text(cast, seen):
    observations.write_debrief(seen, actor=cast.tom, debrief="Mine first", next_step="", version=seen.version)
    with pytest.raises(StaleEdit) as error:
        observations.write_debrief(
            seen, actor=cast.gil, debrief="Mine too", next_step="", version=seen.version
        )
    assert error.value.current == "Mine first"
    assert PeerObservation.objects.get().debrief == "Mine first"


def test_a_debrief_needs_a_next_step(cast, seen):
    with pytest.raises(DomainError, match="next step"):
        observations.write_debrief(
            seen, actor=cast.tom, debrief="x", next_step=" ", version=seen.version, is_over=True
        )


def test_a_future_visit_cannot_be_over(cast, asked):
    with pytest.raises(DomainError, match="hasn’t happened yet"):
        observations.end_visit(agree(cast, asked, hours=72), actor=cast.tom)


def test_steps_follow_the_state(cast, asked):
    def now(row, user):
        return [step.label for step in observation_page(user, row).steps if step.is_now]

    assert now(asked, cast.tom) == ["Agree on a focus question"]
    row = agree(cast, asked)
    assert now(row, cast.tom) == ["Observe: what is seen and heard"]
    assert [step.minutes for step in observation_page(cast.tom, row).steps] == [0, 5, 25, 15, 5]


def test_the_list_shows_who_has_to_act(cast, asked):
    assert observations_of(cast.gil, cast.school).to_answer == [asked]
    assert observations_of(cast.tom, cast.school).open == [asked]
    for name in ("ana", "sol", "cora", "pia", "ada"):
        assert observations_of(getattr(cast, name), cast.school).is_empty


def test_query_count_of_the_list_does_not_grow(cast, asked, django_assert_num_queries):
    for colleague in (cast.staff.ana, cast.staff.sol, cast.staff.cora):
        observations.ask_colleague(colleague, actor=cast.gil, school=cast.school, as_host=False)
    with request_cache(), django_assert_num_queries(3):
        page = observations_of(cast.gil, cast.school)
        assert len({str(row.host) for row in page.open}) == 3
        assert [str(row.host) for row in page.to_answer] == ["Tom Berg"]


def test_evaluative_words_are_found_as_whole_words():
    assert judging_word("Good questions from the back") == "Good"
    assert judging_word("Goods were counted") == ""
    assert judging_word("Spoke too fast for me") == "too fast"
    assert judging_word("Four hands up, all in the first row") == ""
