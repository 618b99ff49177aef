"""What people do in a room: private writing, votes, groups, predictions, causes, checks, questions, the pulse."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from collab.agendas.models import AgendaItem
from collab.agendas.queries.predictions import is_hidden
from collab.agendas.services import items
from collab.discussion import services as contributions
from collab.discussion.models import Contribution, Vote
from collab.discussion.queries import talk_on
from collab.followup.queries.decisions import baseline_words, result_words
from collab.followup.services import causes, decisions, questions
from collab.meetings.models import Guest
from collab.meetings.services import roles
from collab.planning.services import meetings
from collab.preparation.services import proposals, queue
from collab.room.models import PulseVoter
from collab.room.queries.feedback import pulse_of
from collab.room.queries.room import room_of
from collab.room.services import clock, feedback, lifecycle, predictions
from datareview.records.models import Score
from teams.lib.errors import DomainError, StaleEdit
from tests.collab.planning.test_meetings import current, say


@pytest.fixture
def live(cast):
    started = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    for person in (cast.ana, cast.tom):
        lifecycle.join_meeting(started, actor=person)
    return started


def texts(user, item):
    talk = talk_on(user, item)
    return sorted(row.text for said in (*talk.groups, *talk.kinds) for row in said.contributions)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# Private writing -------------------------------------------------------------------------------------------


def test_what_is_written_privately_is_sent_to_its_author_only_until_it_is_revealed(cast, live):
    item = contributions.write_privately(current(live), actor=cast.ana)
    said = say(item, cast.ana, text="Mine")
    say(item, cast.tom, text="Toms")
    assert (texts(cast.ana, item), texts(cast.tom, item)) == (["Mine"], ["Toms"])
    assert talk_on(cast.tom, item).written == 2
    with pytest.raises(DomainError, match="not on the table"):
        contributions.toggle_agreement(fresh(said), actor=cast.tom)
    item = contributions.reveal(item, actor=cast.ana)
    assert texts(cast.tom, item) == ["Mine", "Toms"]


def test_going_on_reveals_what_was_written_so_that_nothing_is_lost(cast, live):
    item = contributions.write_privately(current(live), actor=cast.ana)
    say(item, cast.tom, text="Toms")
    second = live.items.order_by("position")[1]
    with pytest.raises(clock.NotReady, match="1 of 2 have written nothing"):
        clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid))
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid), anyway=True)
    assert texts(cast.ana, fresh(item)) == ["Toms"]


def test_a_step_in_which_nobody_speaks_begins_privately(cast, live):
    second = live.items.order_by("position")[1]
    AgendaItem.objects.filter(pk=second.pk).update(speaker="write")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid))
    assert current(live).is_private


# Words that change -----------------------------------------------------------------------------------------


def test_words_can_change_and_what_was_said_before_is_kept(cast, live):
    said = say(current(live), cast.tom, text="Five of six")
    contributions.edit_contribution(said, actor=cast.tom, kind="wonder", text="Six of six", version=0)
    said = fresh(said)
    assert (said.kind, said.text, said.version) == ("wonder", "Six of six", 1)
    assert list(said.versions.values_list("kind", "text")) == [("notice", "Five of six")]
    with pytest.raises(StaleEdit) as stale:
        contributions.edit_contribution(said, actor=cast.tom, kind="notice", text="Seven", version=0)
    assert stale.value.current == "Six of six"
    with pytest.raises(PermissionDenied):
        contributions.edit_contribution(said, actor=cast.ana, kind="notice", text="Hers", version=1)


def test_words_are_taken_back_and_put_back_and_never_removed(cast, live):
    said = say(current(live), cast.tom, text="Hasty")
    contributions.take_back(said, actor=cast.tom)
    assert texts(cast.ana, current(live)) == []
    assert [row.text for row in talk_on(cast.tom, current(live)).mine_back] == ["Hasty"]
    contributions.put_back(fresh(said), actor=cast.tom)
    assert texts(cast.ana, current(live)) == ["Hasty"]
    assert Contribution.objects.count() == 1


# Votes and groups ------------------------------------------------------------------------------------------


def test_everybody_has_three_votes_on_an_item_and_the_database_refuses_a_fourth(cast, live):
    item = current(live)
    rows = [say(item, cast.tom, text=f"Idea {n}") for n in range(4)]
    left = [contributions.toggle_vote(item, actor=cast.ana, contribution=row) for row in rows[:3]]
    assert left == [2, 1, 0]
    with pytest.raises(DomainError, match="Your votes on this item are given"):
        contributions.toggle_vote(item, actor=cast.ana, contribution=rows[3])
    for slot in (3, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(item=item, user=cast.ana, slot=slot, contribution=rows[3])
    assert contributions.toggle_vote(item, actor=cast.ana, contribution=rows[0]) == 1
    assert contributions.toggle_vote(item, actor=cast.ana, contribution=rows[3]) == 0


def test_contributions_are_grouped_and_an_empty_group_goes(cast, live):
    item = current(live)
    one, two = say(item, cast.ana, text="One"), say(item, cast.tom, text="Two")
    cluster = contributions.group_contribution(one, actor=cast.tom, onto="new", title="After the break")
    contributions.group_contribution(two, actor=cast.ana, onto=str(cluster.uuid))
    contributions.toggle_vote(item, actor=cast.tom, cluster=cluster)
    (group,) = talk_on(cast.ana, item).groups
    assert (group.label, len(group.contributions), group.cluster.voted) == ("After the break", 2, 1)
    contributions.group_contribution(fresh(one), actor=cast.ana, onto="")
    contributions.group_contribution(fresh(two), actor=cast.ana, onto="")
    assert talk_on(cast.ana, item).groups == []
    with pytest.raises(DomainError, match="gone"):
        contributions.group_contribution(fresh(one), actor=cast.ana, onto=str(cluster.uuid))


def votes(user, item):
    return talk_on(user, item).votes_left


def test_a_vote_on_words_that_are_taken_back_is_its_givers_again(cast, live):
    item = current(live)
    said = say(item, cast.tom, text="Hasty")
    contributions.toggle_vote(item, actor=cast.ana, contribution=said)
    contributions.take_back(said, actor=cast.tom)
    assert (votes(cast.ana, item), Vote.objects.count()) == (3, 0)
    contributions.put_back(fresh(said), actor=cast.tom)
    assert votes(cast.ana, item) == 3


def test_a_vote_goes_with_the_words_into_their_group_once_a_person(cast, live):
    item = current(live)
    one, two = say(item, cast.tom, text="One"), say(item, cast.tom, text="Two")
    for row in (one, two):
        contributions.toggle_vote(item, actor=cast.ana, contribution=row)
    cluster = contributions.group_contribution(one, actor=cast.tom, onto="new", title="Both")
    contributions.group_contribution(two, actor=cast.tom, onto=str(cluster.uuid))
    (group,) = talk_on(cast.ana, item).groups
    assert (group.cluster.voted, group.cluster.i_voted, votes(cast.ana, item)) == (1, True, 2)
    for row in (one, two):
        contributions.take_back(fresh(row), actor=cast.tom)
    assert (talk_on(cast.ana, item).groups, votes(cast.ana, item)) == ([], 3)


# Before the meeting ----------------------------------------------------------------------------------------


def test_answers_before_the_meeting_are_seen_when_the_item_begins(cast):
    item = cast.meeting.items.order_by("position")[1]
    AgendaItem.objects.filter(pk=item.pk).update(ask="What have you tried?")
    item = fresh(item)
    contributions.answer_before(item, actor=cast.tom, text="Pairs", client_key=uuid.uuid4())
    contributions.answer_before(item, actor=cast.tom, text="Pairs, twice", client_key=uuid.uuid4())
    assert [row.text for row in talk_on(cast.ana, item).before] == []
    assert [row.text for row in talk_on(cast.tom, item).before] == ["Pairs, twice"]
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    assert [row.text for row in talk_on(cast.ana, fresh(item)).before] == ["Pairs, twice"]


# Predict before reveal -------------------------------------------------------------------------------------


@pytest.fixture
def hidden(cast, live):
    item = current(live)
    parameters = {"student": str(cast.maya.uuid), "measure": str(cast.fluency.uuid)}
    return item.exhibits.create(
        view="student_measure", parameters=parameters, added_by=cast.ana, predict_first=True
    )


def test_no_figure_leaves_the_server_until_all_who_are_here_have_predicted(cast, live, hidden, as_user):
    address = f"/meetings/{live.uuid}/"
    for user in (cast.ana, cast.tom):
        page = as_user(user).get(address).content.decode()
        assert "What do you expect to see?" in page
        assert 'class="chart' not in page
        assert "<svg class" not in page.split("What do you expect to see?")[1].split("We notice")[0]
    predictions.predict(hidden, actor=cast.ana, text="Half are below")
    assert room_of(cast.tom, live).exhibits[0].chart is None
    predictions.predict(hidden, actor=cast.tom, text="A third")
    shown = room_of(cast.tom, live).exhibits[0]
    assert shown.chart is not None
    assert [row.text for row in shown.predicted] == ["Half are below", "A third"]
    with pytest.raises(DomainError, match="a memory"):
        predictions.predict(hidden, actor=cast.tom, text="I knew it")


def test_the_agenda_before_does_not_show_it_and_the_facilitator_can_lift_it(cast, live, hidden, as_user):
    predictions.lift(hidden, actor=cast.ana)
    assert room_of(cast.tom, live).exhibits[0].chart is not None
    hidden.lifted_at = None
    hidden.save()
    live.state = "planned"
    live.save()
    assert is_hidden(hidden, live)
    page = as_user(cast.ana).get(reverse("collab:exhibit-show", args=[hidden.item.uuid, hidden.uuid]))
    assert (page.status_code, b'class="chart' in page.content) == (200, False)


def test_what_is_shown_stays_shown_when_somebody_comes_late(cast, live, hidden):
    for user in (cast.ana, cast.tom):
        predictions.predict(hidden, actor=user, text="Half")
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.sol)
    lifecycle.join_meeting(live, actor=cast.sol)
    assert room_of(cast.ana, live).exhibits[0].chart is not None


def test_somebody_who_comes_before_that_predicts_too_and_one_who_leaves_is_not_waited_for(cast, live, hidden):
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.sol)
    lifecycle.join_meeting(live, actor=cast.sol)
    for user in (cast.ana, cast.tom):
        predictions.predict(hidden, actor=user, text="Half")
    waits = room_of(cast.ana, live).exhibits[0].waits_for
    assert (waits.given, waits.present) == (2, 3)
    before = live.events.count()
    lifecycle.mark_attendance(live, actor=cast.ana, staff_uuid=str(cast.staff.sol.uuid), mark="absent")
    assert room_of(cast.ana, live).exhibits[0].chart is not None
    events = live.events.order_by("revision").values_list("kind", "region")[before:]
    assert list(events) == [("attendance", "people"), ("shown", "room")]


def test_a_guest_who_does_not_see_the_student_and_who_may_not_read_the_item_are_not_waited_for(
    cast, live, hidden
):
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.gil)
    lifecycle.join_meeting(live, actor=cast.gil)
    assert room_of(cast.ana, live).exhibits[0].waits_for.present == 2
    AgendaItem.objects.filter(pk=hidden.item_id).update(visibility="restricted", owner=cast.staff.ana)
    predictions.predict(fresh(hidden), actor=cast.ana, text="Half")
    assert room_of(cast.ana, live).exhibits[0].chart is not None


def test_what_waits_is_in_nothing_that_the_server_sends(cast, live, hidden, as_user):
    score = "68"
    item = current(live)
    AgendaItem.objects.filter(pk=item.pk).update(title="Fluency")
    pages = [f"/meetings/{live.uuid}/?region={region}" for region in ("room", "item", "agenda", "decisions")]
    for path in [f"/meetings/{live.uuid}/", *pages, "/search/?q=Fluency", "/meetings/"]:
        text = as_user(cast.tom).get(path).content.decode()
        assert f">{score}<" not in text, path
        assert 'class="chart' not in text, path


# From data to teaching -------------------------------------------------------------------------------------


def test_a_data_item_ends_with_a_cause_in_instruction_and_a_change_by_each_who_is_here(cast, live):
    item, second = live.items.order_by("position")
    item.topic.kind = "data"
    item.topic.save()
    AgendaItem.objects.filter(pk=item.pk).update(capture="cause")
    go = {"actor": cast.ana, "item_uuid": str(second.uuid)}
    with pytest.raises(clock.NotReady, match="cause in instruction"):
        clock.go_to_item(live, **go)
    causes.name_cause(item, actor=cast.tom, kind="student", text="They are tired", client_key=uuid.uuid4())
    with pytest.raises(clock.NotReady, match="cause in instruction"):
        clock.go_to_item(live, **go)
    causes.name_cause(item, actor=cast.tom, kind="instruction", text="No pairs", client_key=uuid.uuid4())
    causes.change_teaching(item, actor=cast.tom, text="Pairs on Monday", client_key=uuid.uuid4())
    with pytest.raises(clock.NotReady, match="Ana R"):
        clock.go_to_item(live, **go)
    causes.change_teaching(item, actor=cast.ana, text="Pairs on Tuesday", client_key=uuid.uuid4())
    clock.go_to_item(live, **go)
    assert current(live) == second


def test_it_can_be_left_open_and_a_change_is_ticked_by_its_teacher_only(cast, live):
    item, second = live.items.order_by("position")
    item.topic.kind = "data"
    item.topic.save()
    AgendaItem.objects.filter(pk=item.pk).update(capture="cause")
    change = causes.change_teaching(item, actor=cast.tom, text="Pairs", client_key=uuid.uuid4())
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid), anyway=True)
    today = cast.school.today()
    with pytest.raises(PermissionDenied):
        causes.tell_tried(change, actor=cast.ana, tried_on=today, saw="x")
    with pytest.raises(DomainError, match="still to come"):
        causes.tell_tried(change, actor=cast.tom, tried_on=today + dt.timedelta(days=1), saw="")
    with pytest.raises(DomainError, match="which day"):
        causes.tell_tried(change, actor=cast.tom, tried_on=None, saw="Better")
    causes.tell_tried(change, actor=cast.tom, tried_on=today, saw="Eight of ten read on")
    assert (fresh(change).tried_on, fresh(change).saw) == (today, "Eight of ten read on")


def test_the_room_tells_how_many_causes_teachers_can_change_of_what_one_may_read(cast, live, as_user):
    item = current(live)
    for kind in ("student", "instruction", "instruction"):
        causes.name_cause(item, actor=cast.tom, kind=kind, text=f"Because {kind}", client_key=uuid.uuid4())
    room = room_of(cast.ana, live)
    assert (room.tally.part, room.tally.whole) == (2, 3)
    page = as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    assert "Today so far: 2 of 3 causes lie in instruction." in page
    AgendaItem.objects.filter(pk=item.pk).update(visibility="restricted", owner=cast.staff.tom)
    room = room_of(cast.ana, live)
    assert (room.tally.part, room.tally.whole) == (0, 0)


def test_a_data_item_left_without_a_cause_waits_for_the_next_meeting(cast, live):
    item = current(live)
    item.topic.kind = "data"
    item.topic.is_standing = False
    item.topic.save()
    AgendaItem.objects.filter(pk=item.pk).update(capture="cause")
    lifecycle.close_meeting(live, actor=cast.ana)
    waiting = AgendaItem.objects.get(topic=item.topic, state="waiting")
    assert (waiting.meeting, waiting.capture, fresh(item.topic).is_closed) == (None, "cause", False)
    lifecycle.reopen_meeting(live, actor=cast.ana)
    assert not AgendaItem.objects.filter(topic=item.topic, state="waiting").exists()
    causes.name_cause(item, actor=cast.tom, kind="instruction", text="No pairs", client_key=uuid.uuid4())
    for user in (cast.ana, cast.tom):
        causes.change_teaching(item, actor=user, text="Pairs", client_key=uuid.uuid4())
    lifecycle.close_meeting(live, actor=cast.ana)
    assert not AgendaItem.objects.filter(topic=item.topic, state="waiting").exists()


def test_what_was_named_by_mistake_is_taken_back_by_whoever_named_it(cast, live):
    item = current(live)
    cause = causes.name_cause(item, actor=cast.tom, kind="student", text="x", client_key=uuid.uuid4())
    change = causes.change_teaching(item, actor=cast.tom, text="x", client_key=uuid.uuid4())
    asked = questions.ask_leaders(item, actor=cast.tom, text="x", client_key=uuid.uuid4())
    decision = decide(cast, live)
    for service, row in (
        (causes.withdraw_cause, cause),
        (causes.withdraw_change, change),
        (questions.withdraw_question, asked),
    ):
        with pytest.raises(PermissionDenied):
            service(row, actor=cast.ana)
        service(row, actor=cast.tom)
        assert not type(row).objects.filter(pk=row.pk).exists()
    with pytest.raises(PermissionDenied):
        decisions.withdraw_decision(decision, actor=cast.gil)
    decisions.withdraw_decision(decision, actor=cast.tom)
    assert room_of(cast.ana, live).decisions == []


# Decisions that are checked --------------------------------------------------------------------------------


def decide(cast, live, **fields):
    values = {
        "text": "Pairs",
        "check_on": cast.school.today() + dt.timedelta(weeks=4),
        "client_key": uuid.uuid4(),
    }
    return decisions.decide(current(live), actor=cast.ana, **{**values, **fields})


def test_a_decision_takes_its_baseline_from_the_data_and_its_result_too(cast, live):
    made = decide(cast, live, measure=cast.fluency, cohort="team", target=100)
    assert (made.baseline, made.baseline_n) == (pytest.approx((68 + 101 + 112) / 3), 3)
    assert baseline_words(made) == (
        "Oral reading fluency, All students of the team: mean 93.7 (n = 3); target 100.0"
    )
    later = cast.school.today() + dt.timedelta(days=20)
    for student, value in [(cast.maya, 80), (cast.jonas, 110)]:
        Score.objects.create(student=student, measure=cast.fluency, taken_on=later, value=value)
    assert decisions.check_decisions(later) == 0
    assert decisions.check_decisions(made.check_on) == 1
    made = fresh(made)
    assert (made.result["n"], made.result["gone"], made.result["reached"]) == (2, 1, 1)
    assert result_words(made) == (
        "Only 2 have a new score: too few to say how much changed. "
        "1 of 2 are at the target of 100.0. 1 have no new score."
    )
    assert decisions.check_decisions(made.check_on) == 0
    for student, value in ((cast.maya, 120), (cast.jonas, 130)):
        score = student.scores.filter(measure=cast.fluency, taken_on__lte=made.check_on).latest(
            "taken_on", "pk"
        )
        score.value = value
        score.save()
    assert decisions.check_decisions(made.check_on + dt.timedelta(days=15)) == 0
    assert decisions.check_decisions(made.check_on + dt.timedelta(days=3)) == 1
    assert fresh(made).result["reached"] == 2


def test_its_students_are_those_of_the_day_it_was_made(cast, live):
    made = decide(cast, live, measure=cast.fluency, cohort=f"section:{cast.section.uuid}")
    assert set(made.students.values_list("student", flat=True)) == {cast.maya.pk, cast.jonas.pk}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cohort": "section:nobody"}, "nobody is in that group"),
        ({"cohort": "team", "target": 900}, "outside the scale"),
        ({"cohort": "team", "check_on": None}, "when you look again"),
    ],
)
def test_a_decision_that_cannot_be_checked_is_refused_and_nothing_stays(cast, live, fields, sentence):
    with pytest.raises(DomainError, match=sentence):
        decide(cast, live, measure=cast.fluency, **fields)
    assert not current(live).decisions.exists()


# Park and ask ----------------------------------------------------------------------------------------------


def test_what_is_parked_waits_and_says_where_it_came_from(cast, live):
    parked = items.park(current(live), actor=cast.tom, title="The new bell schedule")
    assert (parked.meeting, parked.topic.kind) == (None, "parked")
    assert "What we promised" in parked.topic.why
    assert [topic.title for topic in room_of(cast.ana, live).parked] == ["The new bell schedule"]


def test_an_answer_comes_back_to_the_next_agenda_once(cast, live):
    asked = questions.ask_leaders(
        current(live), actor=cast.tom, text="May we have the hall?", client_key=uuid.uuid4()
    )
    lifecycle.close_meeting(live, actor=cast.ana)
    starts = cast.school.at(cast.school.today() + dt.timedelta(days=5), dt.time(10, 10))
    coming = meetings.plan_meeting(cast.team, actor=cast.ana, title="Next", minutes=45, starts_at=starts)
    with pytest.raises(PermissionDenied):
        questions.answer_question(asked, actor=cast.ana, answer="Yes")
    questions.answer_question(asked, actor=cast.pia, answer="Yes, on Tuesdays")
    item = coming.items.get(topic__question=asked)
    assert (item.title, item.prompt) == ("Answer: May we have the hall?", "Yes, on Tuesdays")
    assert queue.gather_due(coming) == 0


def test_a_question_that_waits_on_an_agenda_is_answered_there(cast, live):
    asked = questions.ask_leaders(current(live), actor=cast.tom, text="The hall?", client_key=uuid.uuid4())
    lifecycle.close_meeting(live, actor=cast.ana)
    starts = cast.school.at(cast.school.today() + dt.timedelta(days=9), dt.time(10, 10))
    coming = meetings.plan_meeting(cast.team, actor=cast.ana, title="Next", minutes=45, starts_at=starts)
    assert coming.items.get(topic__question=asked).title == "No answer yet: The hall?"
    questions.answer_question(asked, actor=cast.pia, answer="Yes")
    assert coming.items.get(topic__question=asked).title == "Answer: The hall?"


# The pulse -------------------------------------------------------------------------------------------------


def test_answers_are_counts_shown_from_four_up_when_all_have_answered(cast, live):
    for staff in (cast.staff.sol, cast.staff.gil, cast.staff.pia):
        roles.invite_guest(live, actor=cast.ana, staff=staff)
        lifecycle.join_meeting(live, actor=staff.user)
    people = [cast.ana, cast.tom, cast.sol, cast.gil, cast.pia]
    for count, user in enumerate(people, start=1):
        feedback.rate_meeting(
            live, actor=user, answers={"time": "yes" if count % 2 else "no", "nonsense": "yes"}
        )
        (time, *_others) = pulse_of(cast.ana, live).questions
        assert bool(time.counts) is (count == 5)
    assert list(time.counts) == [("Yes", 3), ("So-so", 0), ("No", 2)]
    with pytest.raises(DomainError, match="answered already"):
        feedback.rate_meeting(live, actor=cast.ana, answers={"time": "no"})
    assert {field.name for field in PulseVoter._meta.get_fields()} == {"id", "meeting", "user"}


def test_who_was_away_does_not_rate_after_it_and_a_late_answer_of_one_who_was_there_shows_only_with_all(
    cast, live
):
    for staff in (cast.staff.sol, cast.staff.gil, cast.staff.pia):
        roles.invite_guest(live, actor=cast.ana, staff=staff)
        lifecycle.join_meeting(live, actor=staff.user)
    for user in (cast.ana, cast.sol, cast.gil, cast.pia):
        feedback.rate_meeting(live, actor=user, answers={"time": "yes"})
    live.attendance.filter(staff=cast.staff.tom).delete()
    assert pulse_of(cast.ana, live).questions[0].counts
    lifecycle.join_meeting(live, actor=cast.tom)
    live = lifecycle.close_meeting(live, actor=cast.ana)
    assert pulse_of(cast.ana, live).questions[0].counts == []
    live.attendance.filter(staff=cast.staff.tom).update(mark="absent")
    with pytest.raises(DomainError, match="not in the meeting"):
        feedback.rate_meeting(live, actor=cast.tom, answers={"time": "no"})
    live.attendance.filter(staff=cast.staff.tom).update(mark="present")
    live.closed_at -= dt.timedelta(days=7)
    live.save()
    assert pulse_of(cast.ana, live).questions[0].counts


# Guests and restricted items -------------------------------------------------------------------------------


def test_a_guest_takes_part_in_one_meeting_and_loses_it_at_once(cast, live):
    with pytest.raises(PermissionDenied):
        say(current(live), cast.gil)
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.gil)
    assert say(current(live), cast.gil, text="Hello").text == "Hello"
    assert lifecycle.join_meeting(live, actor=cast.gil) is True
    roles.remove_guest(live, actor=cast.ana, staff=cast.staff.gil)
    with pytest.raises(PermissionDenied):
        say(current(live), cast.gil)
    assert Contribution.objects.filter(author=cast.gil).count() == 1
    with pytest.raises(DomainError, match="does not work at this school"):
        roles.invite_guest(live, actor=cast.ana, staff=cast.staff.zed)
    assert not Guest.objects.exists()


def test_a_restricted_item_keeps_its_place_and_nothing_else_for_the_others(cast, as_user):
    secret = items.add_item(
        cast.meeting,
        actor=cast.ana,
        title="Custody of Maya",
        minutes=7,
        visibility="restricted",
        outcome="Hush",
    )
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(secret.uuid))
    say(secret, cast.ana, text="Quietly")
    for user in (cast.tom, cast.cora, cast.pia):
        page = as_user(user).get(f"/meetings/{live.uuid}/").content.decode()
        assert "Restricted item" in page
        assert not [word for word in ("Custody", "Hush", "Quietly") if word in page]
        with pytest.raises(PermissionDenied):
            say(secret, user if user is cast.tom else cast.cora)
    assert "Custody" in as_user(cast.ana).get(f"/meetings/{live.uuid}/").content.decode()


def test_an_item_about_a_student_cannot_be_open_to_all_staff(cast):
    item = proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    with pytest.raises(DomainError, match="cannot be open to all staff"):
        items.edit_item(item, actor=cast.ana, version=0, title="Maya", minutes=4, visibility="staff")
