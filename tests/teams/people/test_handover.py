"""Work that someone leaves: listed without students' names, and handed over in one form."""

import pytest
from django.core.exceptions import PermissionDenied

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import Visibility
from datareview.plans.models import Plan
from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError
from teams.people.queries.handover import HandedOver, open_work_of
from teams.people.services.handover import hand_over_work


def team_key(cast):
    return f"team-{cast.team.uuid}"


def test_meetings_and_action_items_are_listed_by_team(cast):
    work = open_work_of(cast.staff.ana)
    assert list(work) == [team_key(cast)]
    [one] = work.values()
    assert (one.title, one.recipients) == ("Grade 4", [cast.staff.tom])
    assert [line.split(":")[0].split(",")[0] for line in one.lines] == [
        "1 meeting with a role",
        "1 action item",
    ]


def test_plans_are_listed_for_those_who_may_deliver_them(cast):
    [one] = open_work_of(cast.staff.sol).values()
    assert (one.title, one.recipients) == (
        "1 plan to deliver",
        [cast.staff.tom, cast.staff.gil, cast.staff.cora, cast.staff.ana],
    )


def test_no_student_is_named(cast):
    for staff in (cast.staff.ana, cast.staff.sol):
        for work in open_work_of(staff).values():
            assert "Okafor" not in f"{work.title} {work.lines}"


def test_all_changes_hands_in_one_form(cast, as_user):
    client, address = as_user(cast.ada), f"/people/{cast.staff.ana.uuid}/hand-over/"
    client.post(address, {team_key(cast): str(cast.staff.tom.uuid)})
    cast.meeting.refresh_from_db()
    assert cast.meeting.facilitator == cast.staff.tom
    assert not Action.objects.open().filter(owner=cast.staff.ana).exists()
    assert open_work_of(cast.staff.ana) == {}
    assert "Nothing is open" in client.get(address).content.decode()
    assert AuditEvent.objects.get(verb="handed-over").actor == cast.ada


def test_action_items_of_confidential_items_stay(cast, as_user):
    cast.action.item.visibility = Visibility.RESTRICTED
    cast.action.item.save()
    client, address = as_user(cast.ada), f"/people/{cast.staff.ana.uuid}/hand-over/"
    answer = client.post(address, {team_key(cast): str(cast.staff.tom.uuid)}, follow=True)
    cast.action.refresh_from_db()
    assert cast.action.owner == cast.staff.ana
    assert cast.action not in actions_visible_to(cast.tom)
    assert "1 action item stays" in answer.content.decode()
    cast.action.item.readers.create(staff=cast.staff.tom)
    assert hand_over_work(cast.staff.ana, {team_key(cast): cast.staff.tom}, actor=cast.ada) == HandedOver(1)
    cast.action.refresh_from_db()
    assert cast.action.owner == cast.staff.tom


def test_action_items_about_a_student_stay_if_the_other_may_not_see_them(cast):
    other = Student.objects.create(
        school=cast.school, local_id="900", first_name="Lio", last_name="Vane", grade=5
    )
    Action.objects.filter(pk=cast.action.pk).update(item=None, student=other)
    handed = hand_over_work(cast.staff.ana, {team_key(cast): cast.staff.tom}, actor=cast.ada)
    assert handed == HandedOver(1, left=1)
    cast.action.refresh_from_db()
    assert cast.action.owner == cast.staff.ana
    assert cast.action not in actions_visible_to(cast.tom)
    Action.objects.filter(pk=cast.action.pk).update(student=cast.maya)
    assert hand_over_work(cast.staff.ana, {team_key(cast): cast.staff.tom}, actor=cast.ada) == HandedOver(1)
    assert Action.objects.get(pk=cast.action.pk).owner == cast.staff.tom


def test_finished_work_keeps_its_owner(cast):
    Action.objects.update(state="done")
    Plan.objects.update(state="ended", outcome="met")
    assert open_work_of(cast.staff.sol) == {}
    hand_over_work(cast.staff.ana, {team_key(cast): cast.staff.tom}, actor=cast.ada)
    assert Action.objects.get().owner == cast.staff.ana


def test_who_takes_over_a_plan_sees_its_student_and_the_other_no_more(cast):
    assert (cast.maya in students_visible_to(cast.gil), cast.maya in students_visible_to(cast.sol)) == (
        False,
        True,
    )
    handed = hand_over_work(cast.staff.sol, {"plans-delivered": cast.staff.gil}, actor=cast.ada)
    assert handed == HandedOver(1)
    assert (cast.maya in students_visible_to(cast.gil), cast.maya in students_visible_to(cast.sol)) == (
        True,
        False,
    )


@pytest.mark.parametrize("to", ["gil", "zed", "ana"])
def test_only_members_take_over_the_work_of_a_team(cast, to):
    with pytest.raises(DomainError, match="take over"):
        hand_over_work(cast.staff.ana, {team_key(cast): getattr(cast.staff, to)}, actor=cast.ada)
    cast.meeting.refresh_from_db()
    assert cast.meeting.facilitator == cast.staff.ana


def test_only_administrators_of_the_school_hand_over(cast):
    for actor in (cast.cora, cast.ana, cast.zed):
        with pytest.raises(PermissionDenied):
            hand_over_work(cast.staff.ana, {team_key(cast): cast.staff.tom}, actor=actor)


def test_leaving_leads_to_the_open_work(cast, as_user):
    client = as_user(cast.ada)
    for name, page in {"ana": "/hand-over/", "gil": "/"}.items():
        uuid = getattr(cast.staff, name).uuid
        answer = client.post(f"/people/{uuid}/leave/", {"last_day": cast.school.today().isoformat()})
        assert answer["Location"] == f"/people/{uuid}{page}"


def test_without_a_choice_nothing_is_handed_over(cast, as_user):
    answer = as_user(cast.ada).post(f"/people/{cast.staff.ana.uuid}/hand-over/", {})
    assert (answer.status_code, "Choose who takes something over." in answer.content.decode()) == (422, True)
