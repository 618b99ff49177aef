"""A student's own goal: written down, changed, looked back at; and the sheet for a conference."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.own_goals.models import OwnGoal
from datareview.own_goals.queries import own_goals_of
from datareview.own_goals.services import (
    OwnGoalValues,
    close_own_goal,
    edit_own_goal,
    remove_own_goal,
    reopen_own_goal,
    set_own_goal,
)
from datareview.records.models import Incident, Student
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db
LATER = TODAY + dt.timedelta(weeks=6)
READ = OwnGoalValues("Read a whole book", LATER, step="Ten minutes each evening", helper="My brother listens")


def set_goal(cast, who="ana", values=READ):
    return set_own_goal(cast.maya, actor=getattr(cast, who), values=values)


def test_a_goal_is_on_the_students_page_for_who_sees_the_student(cast, as_user):
    goal = set_goal(cast)
    assert (goal.words, goal.step, goal.set_on, goal.is_open) == (READ.words, READ.step, TODAY, True)
    for who in ("ana", "tom", "sol", "cora"):
        page = as_user(getattr(cast, who)).get(cast.maya.get_absolute_url()).content.decode()
        assert "Read a whole book" in page, who
    assert as_user(cast.gil).get(goal.get_absolute_url()).status_code == 404
    with pytest.raises(PermissionDenied):
        set_goal(cast, "gil")
    with pytest.raises(PermissionDenied):
        set_own_goal(cast.leak, actor=cast.ana, values=READ)


@pytest.mark.parametrize(
    ("look_on", "sentence"),
    [(TODAY - dt.timedelta(days=1), "from today on"), (TODAY + dt.timedelta(days=400), "Choose a day until")],
)
def test_the_day_to_look_at_it_is_ahead_and_near(cast, look_on, sentence):
    with pytest.raises(DomainError, match=sentence):
        set_goal(cast, values=OwnGoalValues("Read", look_on))
    assert not OwnGoal.objects.exists()


def test_three_goals_at_a_time_and_a_fourth_after_looking_back(cast):
    goals = [set_goal(cast) for _n in range(3)]
    with pytest.raises(DomainError, match="works on 3 goals"):
        set_goal(cast)
    close_own_goal(goals[0], actor=cast.tom, state="met", said="It was easy")
    set_goal(cast)
    with pytest.raises(DomainError, match="works on 3 goals"):
        reopen_own_goal(goals[0], actor=cast.tom)
    assert len(own_goals_of(cast.maya).now) == 3
    assert [one.said for one in own_goals_of(cast.maya).earlier] == ["It was easy"]


def test_looking_back_twice_is_told_and_undone_by_working_on_it_again(cast):
    goal = set_goal(cast)
    for state in ("open", "nonsense", ""):
        with pytest.raises(DomainError, match="how far"):
            close_own_goal(goal, actor=cast.ana, state=state)
    close_own_goal(goal, actor=cast.ana, state="partly")
    with pytest.raises(DomainError, match="already"):
        close_own_goal(goal, actor=cast.tom, state="met")
    goal = reopen_own_goal(goal, actor=cast.ana)
    assert (goal.state, goal.closed_on) == ("open", None)


def test_two_people_at_once_see_each_others_words(cast, as_user):
    goal = set_goal(cast)
    edit_own_goal(goal, actor=cast.tom, values=OwnGoalValues("Read two books", LATER), seen=0)
    with pytest.raises(StaleEdit):
        edit_own_goal(goal, actor=cast.ana, values=READ, seen=0)
    client, data = as_user(cast.ana), {"words": "Read three books", "look_on": LATER, "seen": 0}
    answer = client.post(goal.get_absolute_url(), data).content.decode()
    assert ("Read two books" in answer, "Read three books" in answer) == (True, True)
    client.post(goal.get_absolute_url(), data | {"seen": 1})
    goal.refresh_from_db()
    assert (goal.words, goal.version) == ("Read three books", 2)


def test_another_step_meanwhile_is_shown_too(cast):
    goal = set_goal(cast)
    edit_own_goal(goal, actor=cast.tom, values=replace(READ, step="Twenty minutes"), seen=0)
    with pytest.raises(StaleEdit) as caught:
        edit_own_goal(goal, actor=cast.ana, values=READ, seen=0)
    assert "Twenty minutes" in caught.value.current


def test_an_old_goal_keeps_its_day_when_its_words_change(cast):
    goal = set_goal(cast)
    OwnGoal.objects.update(look_on=TODAY - dt.timedelta(days=3))
    goal.refresh_from_db()
    changed = edit_own_goal(goal, actor=cast.ana, values=OwnGoalValues("Read it", goal.look_on), seen=0)
    assert changed.words == "Read it"


def test_removing_a_goal_is_recorded(cast):
    remove_own_goal(set_goal(cast), actor=cast.cora)
    assert not OwnGoal.objects.exists()
    event = AuditEvent.objects.get(verb="removed-own-goal")
    assert (event.actor, "Read a whole book" in str(event.data)) == (cast.cora, False)


def test_a_refused_look_back_keeps_what_was_typed(cast, as_user):
    goal = set_goal(cast)
    address = reverse("datareview:own-goal-close", args=[goal.uuid])
    page = as_user(cast.ana).post(address, {"said": "I stopped at page nine"}).content.decode()
    assert ("I stopped at page nine" in page, 'name="words"' in page) == (True, True)


def test_a_look_back_after_somebody_elses_keeps_what_was_typed(cast, as_user):
    goal = set_goal(cast)
    close_own_goal(goal, actor=cast.tom, state="met")
    address = reverse("datareview:own-goal-close", args=[goal.uuid])
    sent = {"state": "partly", "said": "I stopped at page nine"}
    page = as_user(cast.ana).post(address, sent).content.decode()
    assert ("I stopped at page nine" in page, "looked back at this goal already" in page) == (True, True)


def test_of_a_student_who_left_goals_are_read_and_none_is_set(cast, as_user):
    goal = set_goal(cast)
    Student.objects.filter(pk=cast.maya.pk).update(status="left", left_on=TODAY)
    client = as_user(cast.cora)
    assert client.get(reverse("datareview:own-goal-set", args=[cast.maya.uuid])).status_code == 404
    assert client.get(goal.get_absolute_url()).status_code == 200


def test_the_sheet_has_the_goal_and_neither_flag_nor_incident_nor_plan(cast, as_user):
    Incident.objects.create(student=cast.maya, day=TODAY, kind="Fight in the yard")
    cast.maya.strengths = "Explains her thinking aloud"
    cast.maya.save()
    client, address = as_user(cast.ana), reverse("datareview:student-conference", args=[cast.maya.uuid])
    empty = client.get(address).content.decode()
    assert ("I want to" in empty, "Explains her thinking aloud" in empty) == (True, True)
    set_goal(cast)
    page = client.get(address).content.decode()
    shown = ("Read a whole book", "Ten minutes each evening", "My brother listens", "Oral reading fluency")
    assert [one for one in shown if one not in page] == []
    hidden = ("I want to", "Fight in the yard", "level-chip", "Well below", str(cast.plan.strategy))
    assert [one for one in hidden if one in page] == []
