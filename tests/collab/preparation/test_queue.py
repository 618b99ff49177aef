"""The agenda fills automatically: everything due is in one queue, nothing is lost or added twice."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services import items
from collab.decisions.models import Decision
from collab.followup.models import Question
from collab.meetings.models import Meeting
from collab.meetings.services import roles
from collab.preparation.queries.queue import queue_of
from collab.preparation.services import queue
from collab.room.services import clock, lifecycle
from datareview.assessments.services.assessments import delete_assessment
from datareview.flags.models import Severity
from datareview.records.models import Assessment, AssessmentItem, ItemResponse, Sitting
from teams.lib.errors import DomainError


def day(meeting):
    return meeting.starts_at.astimezone(meeting.team.school.tz).date()


def keys(cast, meeting, user=None):
    return [entry.kind for entry in queue_of(cast.team, day(meeting), user=user).entries]


def a_decision(cast, item, *, check_on):
    return Decision.objects.create(
        item=item, text="Pairs", check_on=check_on, decided_by=cast.ana, client_key=uuid.uuid4()
    )


def old_item(cast):
    start = cast.school.at(cast.school.today() - dt.timedelta(days=30), dt.time(10, 10))
    closed = Meeting.objects.create(
        team=cast.team, title="Old", starts_at=start, ends_at=start + dt.timedelta(minutes=45), state="closed"
    )
    topic = Topic.objects.create(team=cast.team, title="Old", is_closed=True)
    return AgendaItem.objects.create(topic=topic, meeting=closed, title="Old", state="done")


def test_everything_due_is_in_one_list_most_urgent_first(cast, planned):
    item = old_item(cast)
    a_decision(cast, item, check_on=cast.school.today())
    cast.plan.review_on = cast.school.today()
    cast.plan.save()
    assessment = Assessment.objects.create(team=cast.team, title="Unit 1", given_on=cast.school.today())
    question = AssessmentItem.objects.create(assessment=assessment, number=1)
    ItemResponse.objects.create(item=question, student=cast.maya, points=1)
    Sitting.objects.create(assessment=assessment, student=cast.maya)
    Question.objects.create(
        item=item,
        text="The hall?",
        asked_by=cast.ana,
        answer="Yes",
        answered_at=planned.created_at,
        client_key=uuid.uuid4(),
    )
    waiting = Topic.objects.create(team=cast.team, title="Parked", kind="parked")
    AgendaItem.objects.create(topic=waiting, title="Parked")
    assert keys(cast, planned) == ["waiting", "answer", "check", "review", "result", "candidate"]
    assert [one.sentence for one in queue_of(cast.team, day(planned)).standing] == [
        "1 open action item (0 overdue) is on every agenda."
    ]


def test_entries_use_reserved_minutes_and_the_total_stays_the_same(cast, planned):
    for _n in range(3):
        a_decision(cast, old_item(cast), check_on=cast.school.today())
    assert (
        queue.fill_agenda_automatically(planned) == 1
    )  # "Our action items" reserves 5 minutes: after one check of 3, it has 1 to give
    assert sum(planned.items.values_list("minutes", flat=True)) == 45
    assert keys(cast, planned) == ["check", "check", "candidate"]
    titles = list(planned.items.order_by("position").values_list("title", "minutes"))
    assert titles[1:3] == [("Our action items", 2), ("Did it work? Pairs", 3)]
    assert queue.fill_agenda_automatically(planned) == 0


def test_candidates_are_added_by_people_never_automatically(cast, planned):
    assert queue.fill_agenda_automatically(planned) == 0
    assert queue.fill_agenda_automatically(planned, actor=cast.ana) == 1
    assert planned.items.get(topic__candidate=cast.candidate).minutes == 4
    assert keys(cast, planned) == []


def test_what_does_not_fit_is_reported(cast, planned):
    for _n in range(3):
        a_decision(cast, old_item(cast), check_on=cast.school.today())
    filled = queue.fill_agenda(planned, actor=cast.ana)
    assert [entry.kind for entry in filled.added] == ["check", "candidate"]
    assert [entry.kind for entry in filled.left_out] == ["check", "check"]


def test_overdue_entries_come_first(cast, planned):
    AgendaItem.objects.create(topic=Topic.objects.create(team=cast.team, title="Bus"), title="Bus")
    a_decision(cast, old_item(cast), check_on=cast.school.today() + dt.timedelta(days=1))
    assert keys(cast, planned) == [
        "waiting",
        "check",
        "candidate",
    ]  # overdue on the day of the meeting is not overdue now
    Decision.objects.update(check_on=cast.school.today() - dt.timedelta(days=1))
    assert keys(cast, planned) == ["check", "waiting", "candidate"]


@pytest.mark.parametrize(("late", "is_urgent"), [(0, False), (1, True)])
def test_what_comes_back_from_an_agenda_is_what_it_was(cast, planned, late, is_urgent):
    a_decision(cast, old_item(cast), check_on=cast.school.today() - dt.timedelta(days=late))
    check = next(entry for entry in queue_of(cast.team, day(planned)).entries if entry.kind == "check")
    item = check.source.place(check, planned, cast.ana)
    items.remove_item(item, actor=cast.ana)
    back = next(entry for entry in queue_of(cast.team, day(planned)).entries if entry.kind == "waiting")
    assert (back.label, back.why, back.is_urgent) == (check.label, check.why, check.is_urgent)
    assert back.is_urgent is is_urgent


@pytest.mark.parametrize("severity", [Severity.ACT, Severity.SEVERE])
def test_a_student_who_comes_back_is_as_urgent_as_before(cast, planned, severity):
    cast.candidate.severity = severity
    cast.candidate.save()
    flagged = queue_of(cast.team, day(planned)).entries[0]
    item = flagged.source.place(flagged, planned, cast.ana)
    items.remove_item(item, actor=cast.ana)
    back = queue_of(cast.team, day(planned)).entries[0]
    assert (back.kind, back.label, back.is_urgent) == ("waiting", "student", severity == Severity.SEVERE)


def test_old_results_stay_in_the_queue_and_are_added_by_people_only(cast, planned):
    given = cast.school.today() - dt.timedelta(days=50)
    assessment = Assessment.objects.create(team=cast.team, title="Unit 1", given_on=given)
    question = AssessmentItem.objects.create(assessment=assessment, number=1)
    ItemResponse.objects.create(item=question, student=cast.maya, points=1)
    Sitting.objects.create(assessment=assessment, student=cast.maya)
    assert keys(cast, planned) == ["result", "candidate"]
    assert queue.fill_agenda_automatically(planned) == 0
    assert queue.fill_agenda_automatically(planned, actor=cast.ana) == 2


def test_results_of_a_deleted_assessment_are_not_proposed(cast, planned):
    assessment = Assessment.objects.create(team=cast.team, title="Unit 1", given_on=cast.school.today())
    question = AssessmentItem.objects.create(assessment=assessment, number=1)
    ItemResponse.objects.create(item=question, student=cast.maya, points=1)
    Sitting.objects.create(assessment=assessment, student=cast.maya)
    assert keys(cast, planned) == ["result", "candidate"]
    delete_assessment(assessment, actor=cast.ana)
    assert keys(cast, planned) == ["candidate"]


def test_action_items_come_first_if_no_step_is_reserved_for_them(cast, planned):
    planned.items.filter(reserved_for="checks").delete()
    queue.fill_agenda_automatically(planned)
    first = planned.items.order_by("position").first()
    assert (first.title, first.minutes, first.capture, first.reserved_for) == (
        "Our action items",
        1,
        "action",
        "checks",
    )
    items.remove_item(first, actor=cast.ana)
    assert queue.fill_agenda_automatically(planned) == 0
    (entry,) = [
        one for one in queue_of(cast.team, day(planned), meeting=planned).entries if one.kind == "promises"
    ]
    assert queue.take_entry(planned, actor=cast.tom, key=entry.key).topic.kind == "step"


def test_removed_entries_are_not_added_again_automatically(cast, planned):
    topic = Topic.objects.create(team=cast.team, title="Bus")
    AgendaItem.objects.create(topic=topic, title="Bus", minutes=1)
    planned.items.filter(title="Who is there already").delete()
    assert queue.fill_agenda_automatically(planned) == 1
    item = planned.items.get(topic=topic)
    items.remove_item(item, actor=cast.tom)
    assert (
        queue.fill_agenda_automatically(planned),
        queue.fill_agenda_automatically(planned, actor=cast.ana),
    ) == (0, 1)  # the student
    item.refresh_from_db()
    assert (item.meeting, keys(cast, planned)) == (None, ["waiting"])
    queue.take_entry(planned, actor=cast.tom, key=f"waiting:{item.pk}")
    item.refresh_from_db()
    assert item.meeting == planned


def test_an_entry_is_placed_where_it_was_dropped(cast, planned):
    second = planned.items.order_by("position")[1]
    key = queue_of(cast.team, day(planned)).entries[0].key
    item = queue.take_entry(planned, actor=cast.tom, key=key, before=str(second.uuid))
    assert list(planned.items.order_by("position"))[1:3] == [item, second]


def test_a_student_discussed_without_a_decision_returns_to_the_queue(cast, planned):
    queue.fill_agenda_automatically(planned, actor=cast.ana)
    Topic.objects.filter(candidate=cast.candidate).update(is_closed=True)
    AgendaItem.objects.filter(topic__candidate=cast.candidate).update(state="done")
    (entry,) = queue_of(cast.team, day(planned)).entries
    assert (entry.kind, entry.why.endswith("not decided yet.")) == ("candidate", True)


def test_entries_added_by_people_can_be_dropped_with_a_reason(cast, planned):
    topic = Topic.objects.create(team=cast.team, title="Bus", kind="parked")
    item = AgendaItem.objects.create(topic=topic, title="Bus")
    with pytest.raises(DomainError, match="why it is no longer needed"):
        queue.drop_entry(planned, actor=cast.ana, key=f"waiting:{item.pk}", reason=" ")
    queue.drop_entry(planned, actor=cast.ana, key=f"waiting:{item.pk}", reason="The bus is back")
    topic.refresh_from_db()
    assert (topic.is_closed, "The bus is back" in topic.why, keys(cast, planned)) == (
        True,
        True,
        ["candidate"],
    )
    key = queue_of(cast.team, day(planned)).entries[0].key
    with pytest.raises(DomainError, match="It can wait, but it can’t be dropped"):
        queue.drop_entry(planned, actor=cast.ana, key=key, reason="Too many")


def test_entries_due_on_the_day_of_the_meeting_can_be_deferred(cast, planned):
    cast.plan.review_on = day(planned)
    cast.plan.save()
    entry = next(one for one in queue_of(cast.team, day(planned)).entries if one.kind == "review")
    until = day(planned) + dt.timedelta(days=7)
    queue.defer_entry(planned, actor=cast.ana, key=entry.key, until=until, reason="Scores come Friday")
    assert [one.kind for one in queue_of(cast.team, day(planned)).deferred] == ["review"]


def test_a_guest_reads_nothing_of_the_teams_queue(cast, planned):
    roles.invite_guest(planned, actor=cast.ana, staff=cast.staff.gil)
    found = queue_of(cast.team, day(planned), user=cast.gil)
    assert (found.entries, found.deferred, found.standing) == ([], [], [])


def test_durations_are_the_teams_recent_median(cast, planned):
    assert queue_of(cast.team, day(planned)).entries[0].minutes == 4
    for seconds in (6 * 60, 7 * 60, 55 * 60, 5):
        item = old_item(cast)
        item.topic.kind = "candidate"
        item.topic.save()
        AgendaItem.objects.filter(pk=item.pk).update(seconds_used=seconds)
    assert queue_of(cast.team, day(planned)).entries[0].minutes == 7


def test_an_entry_can_be_added_without_enough_minutes_and_removal_returns_them(cast, planned):
    key = queue_of(cast.team, day(planned)).entries[0].key
    item = queue.take_entry(planned, actor=cast.tom, key=key)
    host = planned.items.get(topic__kind="step", reserved_for="students")
    assert (item.topic.candidate, host.minutes) == (cast.candidate, 4)
    items.remove_item(item, actor=cast.tom)
    host.refresh_from_db()
    assert host.minutes == 8
    assert keys(cast, planned) == ["waiting"]
    with pytest.raises(DomainError, match="no longer in the queue"):
        queue.take_entry(planned, actor=cast.tom, key=key)


def test_removal_keeps_the_minutes_that_the_meeting_added_to_the_step(cast, planned):
    key = queue_of(cast.team, day(planned)).entries[0].key
    item = queue.take_entry(planned, actor=cast.tom, key=key)
    host = planned.items.get(topic__kind="step", reserved_for="students")
    meeting = lifecycle.start_meeting(planned, actor=cast.ana)
    clock.go_to_item(meeting, actor=cast.ana, item_uuid=host.uuid, anyway=True)
    clock.add_minutes(meeting, actor=cast.ana, minutes=10)
    host.refresh_from_db()
    assert (host.minutes, host.minutes_planned, host.minutes_reserved) == (14, 4, 8)
    items.remove_item(item, actor=cast.ana)
    host.refresh_from_db()
    assert (host.minutes, host.minutes_planned) == (18, 8)


def test_deferred_entries_show_the_reason_and_return(cast, planned):
    (entry,) = queue_of(cast.team, day(planned)).entries
    until = day(planned) + dt.timedelta(days=1)
    queue.defer_entry(planned, actor=cast.tom, key=entry.key, until=until, reason="Family meeting first")
    now, later = queue_of(cast.team, day(planned)), queue_of(cast.team, until)
    assert (now.entries, [one.deferral.reason for one in now.deferred]) == ([], ["Family meeting first"])
    assert [one.key for one in later.entries] == [entry.key]
    queue.undo_deferral(planned, actor=cast.ana, key=entry.key)
    assert [one.key for one in queue_of(cast.team, day(planned)).entries] == [entry.key]


@pytest.mark.parametrize(
    ("reason", "days", "sentence"), [("", 5, "why it waits"), ("Later", 0, "day after this meeting")]
)
def test_deferring_needs_a_reason_and_a_future_day(cast, planned, reason, days, sentence):
    key = queue_of(cast.team, day(planned)).entries[0].key
    until = cast.school.today() + dt.timedelta(days=days)
    with pytest.raises(DomainError, match=sentence):
        queue.defer_entry(planned, actor=cast.ana, key=key, until=until, reason=reason)


def test_a_stranger_sees_and_changes_nothing(cast, planned):
    entries = queue_of(cast.team, day(planned), user=cast.zed).entries
    assert entries == []
    with pytest.raises(PermissionDenied):
        queue.fill_agenda_automatically(planned, actor=cast.zed)
    key = queue_of(cast.team, day(planned)).entries[0].key
    with pytest.raises(PermissionDenied):
        queue.defer_entry(planned, actor=cast.zed, key=key, until=day(planned), reason="x")


def test_unreached_items_return_with_their_charts_and_readers(cast, planned):
    item = items.add_item(
        planned, actor=cast.ana, title="Ours", minutes=5, visibility="restricted", readers=[cast.staff.sol]
    )
    live = lifecycle.start_meeting(planned, actor=cast.ana)
    lifecycle.close_meeting(live, actor=cast.ana)
    waiting = AgendaItem.objects.get(topic=item.topic, meeting=None)
    assert waiting.visibility == "restricted"
    assert set(waiting.readers.values_list("staff", flat=True)) == {cast.staff.sol.pk, cast.staff.ana.pk}
    assert "waiting" not in [entry.kind for entry in queue_of(cast.team, day(planned), user=cast.tom).entries]


def test_filling_never_goes_over_the_minutes_of_the_meeting(cast, planned):
    """Two steps keep minutes for students: what the first has no room for is taken from the second."""
    first = planned.items.get(reserved_for="students")
    planned.items.exclude(pk=first.pk).delete()
    planned.items.filter(pk=first.pk).update(minutes=2)
    topic = Topic.objects.create(team=cast.team, title="More students", kind="step")
    planned.items.create(topic=topic, title="More students", minutes=43, position=90, reserved_for="students")
    queue.fill_agenda(planned, actor=cast.ana)
    assert planned.items.filter(topic__kind="candidate").count() == 1
    assert sum(planned.items.values_list("minutes", flat=True)) == 45
