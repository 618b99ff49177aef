"""Action items are added outside meetings, changed with their history, and given only to people who may read them."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from collab.actions import services
from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.actions.queries.actions import history_of, next_due
from collab.meetings.models import Meeting
from collab.room.services import lifecycle
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests.factories.meetings import fresh


def edit(cast, actor=None, **values):
    action = fresh(cast.action)
    start = {"text": action.text, "owner": action.owner, "due_on": action.due_on, "version": action.version}
    return services.edit_action(action, actor=actor or cast.ana, **{**start, **values})


def create(cast, actor=None, **values):
    start = {
        "text": "Call home",
        "owner": cast.staff.tom,
        "due_on": cast.school.today(),
        "client_key": uuid.uuid4(),
    }
    return services.create_action(cast.team, actor=actor or cast.ana, **{**start, **values})


def test_every_change_is_kept_with_who_made_it(cast):
    day = cast.school.today() + dt.timedelta(days=9)
    first = fresh(cast.action)
    edit(cast, text="Two passages", due_on=day)
    edit(cast, actor=cast.cora, owner=cast.staff.tom)
    services.report_progress(cast.action, actor=cast.tom, note="One is chosen")
    services.finish_action(cast.action, actor=cast.tom, state="done")
    action = fresh(cast.action)
    assert (action.text, action.owner, action.due_on, action.state) == (
        "Two passages",
        cast.staff.tom,
        day,
        "done",
    )
    assert (action.version, action.note) == (4, "One is chosen")
    done, progress, given, reworded = history_of(action)
    assert (reworded.words, reworded.is_new_day, reworded.is_new_owner) == (first.text, True, False)
    assert (reworded.before.due_on, reworded.after.due_on) == (first.due_on, day)
    assert (given.before.owner, given.after.owner, given.before.changed_by) == (
        cast.staff.ana,
        cast.staff.tom,
        cast.cora,
    )
    assert (progress.is_progress, progress.is_new_state, progress.after.note) == (
        True,
        False,
        "One is chosen",
    )
    assert (done.is_new_state, done.is_progress, done.before.changed_by) == (True, False, cast.tom)
    verbs = AuditEvent.objects.filter(verb__contains="action").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["edited-action", "edited-action", "action-progress", "action-done"]


def test_saving_what_is_stored_changes_nothing(cast):
    edit(cast)
    assert (fresh(cast.action).version, cast.action.versions.count()) == (0, 0)


def test_a_stale_edit_is_refused_with_the_text_stored_now(cast):
    edit(cast, text="Of one window")
    with pytest.raises(StaleEdit) as refused:
        edit(cast, text="Of the other", version=0)
    assert refused.value.current.startswith("Of one window · Ana Ruiz · ")
    assert fresh(cast.action).text == "Of one window"


def test_a_day_that_has_passed_and_an_owner_of_no_team_are_refused(cast):
    with pytest.raises(DomainError, match="That day has passed"):
        edit(cast, due_on=cast.school.today() - dt.timedelta(days=1))
    with pytest.raises(DomainError, match="Choose someone on this team"):
        edit(cast, owner=cast.staff.sol)
    assert fresh(cast.action).version == 0


def test_an_overdue_action_item_is_reworded_without_moving_its_date(cast):
    late = cast.school.today() - dt.timedelta(days=3)
    Action.objects.filter(pk=cast.action.pk).update(due_on=late)
    assert edit(cast, text="Other words").due_on == late


def test_nobody_is_given_what_they_may_not_read(cast):
    item = cast.action.item
    item.visibility = "restricted"
    item.save()
    item.readers.create(staff=cast.staff.ana)
    with pytest.raises(DomainError, match="Tom Berg may not read what this action item is about"):
        edit(cast, owner=cast.staff.tom)
    item.readers.create(staff=cast.staff.tom)
    assert edit(cast, owner=cast.staff.tom).owner == cast.staff.tom


def test_who_wrote_it_down_may_edit_it_but_other_members_may_not(cast):
    Action.objects.filter(pk=cast.action.pk).update(made_by=cast.cora)
    with pytest.raises(PermissionDenied):
        edit(cast, actor=cast.tom, text="Mine")
    Action.objects.filter(pk=cast.action.pk).update(made_by=cast.tom)
    assert edit(cast, actor=cast.tom, text="Mine").text == "Mine"
    with pytest.raises(PermissionDenied):
        services.report_progress(cast.action, actor=cast.tom, note="")


def test_progress_is_only_of_open_ones_and_ends_with_them(cast):
    services.report_progress(cast.action, actor=cast.ana, note="")
    assert fresh(cast.action).status == "In progress"
    services.finish_action(cast.action, actor=cast.ana, state="done")
    assert fresh(cast.action).status == "Done"
    with pytest.raises(DomainError, match="no longer open"):
        services.report_progress(cast.action, actor=cast.ana, note="More")


def test_one_from_outside_a_meeting_is_seen_by_the_team(cast):
    key = uuid.uuid4()
    action = create(cast, client_key=key)
    assert create(cast, client_key=key) == action
    for user in (cast.ana, cast.tom, cast.cora, cast.pia):
        assert action in actions_visible_to(user)
    assert action not in actions_visible_to(cast.sol)


def test_one_about_a_student_is_only_for_members_who_may_see_the_student(cast):
    Action.objects.all().delete()
    action = create(cast, owner=cast.staff.ana, student=cast.maya)
    assert action in actions_visible_to(cast.ana)
    cast.maya.grade = 12
    cast.maya.save()
    visible = {name: actions_visible_to(getattr(cast, name)).exists() for name in ("ana", "tom", "cora")}
    assert visible == {"ana": True, "tom": False, "cora": True}
    with pytest.raises(DomainError, match="may not read what this action item is about"):
        create(cast, actor=cast.cora, owner=cast.staff.tom, student=cast.maya)
    with pytest.raises(PermissionDenied):
        create(cast, actor=cast.tom, owner=cast.staff.ana, student=cast.maya)


def test_strangers_add_nothing_to_a_team(cast):
    for user in (cast.sol, cast.gil):
        with pytest.raises(PermissionDenied):
            create(cast, actor=user)


def test_carrying_moves_the_date_to_the_next_planned_meeting(cast):
    day = cast.school.today() + dt.timedelta(days=7)
    start = cast.school.at(day, dt.time(10))
    later = Meeting.objects.create(
        team=cast.team,
        protocol=cast.meeting.protocol,
        title="Next",
        starts_at=start,
        ends_at=start + dt.timedelta(hours=1),
    )
    Meeting.objects.filter(pk=cast.meeting.pk).update(state="live", started_at=start - dt.timedelta(days=7))
    assert next_due(cast.team) == day
    assert services.carry_action(cast.action, actor=cast.ana).due_on == day
    assert services.carry_action(cast.action, actor=cast.ana).version == 1
    later.delete()
    assert next_due(cast.team).weekday() < 5


def test_only_what_was_due_is_carried_over_by_a_meeting(cast, live):
    action = cast.action
    later = cast.school.today() + dt.timedelta(days=30)
    before = live.started_at - dt.timedelta(days=1)
    Action.objects.filter(pk=action.pk).update(due_on=later, created_at=before, item=None)
    lifecycle.close_meeting(live, actor=cast.ana)
    assert fresh(action).carried == 0
    lifecycle.reopen_meeting(live, actor=cast.ana)
    Action.objects.filter(pk=action.pk).update(due_on=cast.school.today())
    services.carry_action(action, actor=cast.ana)
    assert fresh(action).due_on > cast.school.today()
    lifecycle.close_meeting(live, actor=cast.ana)
    assert fresh(action).carried == 1
    lifecycle.reopen_meeting(live, actor=cast.ana)
    assert fresh(action).carried == 0
