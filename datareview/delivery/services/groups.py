"""Start groups, let students come and go, end groups."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.delivery.permissions import may_arrange
from datareview.delivery.queries.misfits import misfits_of
from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.plans.queries.conflicts import conflicts_of
from datareview.plans.services.checks import Conflicts
from datareview.plans.services.several import start_plans
from datareview.progress.services.changes import change_plans
from datareview.records.permissions import students_visible_to
from datareview.standard_measures.services import kept_measure
from teams.access.permissions import require_ability
from teams.audit.services import record_event, record_events
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datareview.family_steps.services import NewStep
    from datareview.plans.services.several import NewPlan
    from teams.directory.models import School, User

JUST_NOW = dt.timedelta(minutes=1)
SHARED = ("weekdays", "time", "minutes", "provider")  # with the plans of its members
NEXT_REVIEW = dt.timedelta(weeks=6)


@transaction.atomic
def start_group(
    school: School,
    new: Sequence[NewPlan],
    *,
    actor: User,
    name: str,
    place: str = "",
    seats: int | None = None,
    despite: bool = False,
    family: NewStep | None = None,
    **schedule: Any,
) -> PlanGroup:
    """Start a group and a plan for each of ``new``; ``schedule`` is what `start_plans` takes.

    A double click returns the group just started, with the same students. Raises Conflicts unless ``despite``,
    PlansRefused if a plan cannot start, DomainError if the group is too small for all or its name is taken.
    """
    require_ability(actor, "start_plan", school)
    name = name.strip()
    taken = PlanGroup.objects.filter(school=school, name=name, ended_on=None).first()
    if taken and taken.started_by_id == actor.pk and clock.now() - taken.created_at < JUST_NOW:
        here = set(_members(taken).values_list("plan__student", flat=True))
        if here == {one.student.pk for one in new}:
            return taken
    if taken or not name:
        raise DomainError(_("Another group has this name. Choose one of its own."))
    _check_seats(seats, len(new))
    students = [one.student for one in new]
    schedule["measure"] = kept_measure(schedule["measure"])
    shared = {key: schedule[key] for key in ("measure", "provider", "weekdays", "time", "minutes")}
    found = [*misfits_of(new, schedule["measure"], []), *conflicts_of(students, reader=actor, **shared)]
    if found and not despite:
        raise Conflicts(found)
    plans = start_plans(new, actor=actor, family=family, **schedule)
    schedule["weekdays"] = sorted(schedule["weekdays"])
    try:
        with transaction.atomic():
            group = PlanGroup.objects.create(
                school=school, name=name, place=place.strip(), seats=seats, started_by=actor, **schedule
            )
    except IntegrityError:
        raise DomainError(_("Another group has this name. Choose one of its own.")) from None
    GroupMember.objects.bulk_create(
        GroupMember(group=group, plan=plan, joined_on=group.starts_on) for plan in plans
    )
    record_event(actor, "plan-group-started", group, school=school, members=len(plans))
    return group


@transaction.atomic
def join_group(
    group: PlanGroup,
    new: Sequence[NewPlan],
    *,
    actor: User,
    joined_on: dt.date | None = None,
    despite: bool = False,
    family: NewStep | None = None,
) -> list[GroupMember]:
    """Let students join a running group, with plans that have its strategy, measure and schedule.

    A double click changes nothing. Raises Conflicts unless ``despite``, and DomainError if the group is full.
    """
    group = _locked(group)
    if not may_arrange(actor, group):
        raise PermissionDenied
    if group.ended_on:
        raise DomainError(_("This group has ended."))
    here = set(_members(group).values_list("plan__student", flat=True))
    new = [one for one in new if one.student.pk not in here]
    if not new:
        return []
    _check_seats(group.seats, len(here) + len(new))
    schedule: dict[str, Any] = {
        key: getattr(group, key) for key in ("measure", "provider", "weekdays", "time", "minutes")
    }
    students = [one.student for one in new]
    grades = list(_members(group).values_list("plan__student__grade", flat=True))
    found = [
        *misfits_of(new, group.measure, grades),
        *conflicts_of(students, reader=actor, apart_from=group, **schedule),
    ]
    if found and not despite:
        raise Conflicts(found)
    joined_on = max(joined_on or group.school.today(), group.starts_on)
    plans = start_plans(
        new,
        actor=actor,
        strategy=group.strategy,
        tier=group.tier,
        starts_on=joined_on,
        goal_on=group.goal_on,
        review_on=_next_review(group, joined_on),
        family=family,
        **schedule,
    )
    members = GroupMember.objects.bulk_create(
        GroupMember(group=group, plan=plan, joined_on=joined_on) for plan in plans
    )
    record_events(actor, "plan-group-joined", plans, school=group.school, group=str(group.uuid))
    return members


@transaction.atomic
def leave_group(member: GroupMember, *, actor: User) -> None:
    """Let a student leave the group from today on; their plan goes on alone. A second click changes nothing."""
    group = _locked(member.group)
    if not may_arrange(actor, group) or not _may_see(actor, member.plan):
        raise PermissionDenied
    if member.left_on:
        return
    member.left_on = max(group.school.today(), member.joined_on)
    member.save(update_fields=["left_on"])
    record_event(actor, "plan-group-left", member.plan, school=group.school, group=str(group.uuid))


@transaction.atomic
def return_to_group(member: GroupMember, *, actor: User) -> None:
    """Take back that a student left the group, if the plan still runs and there is a seat."""
    group = _locked(member.group)
    if not may_arrange(actor, group) or not _may_see(actor, member.plan):
        raise PermissionDenied
    if member.left_on is None:
        return
    if group.ended_on:
        raise DomainError(_("This group has ended."))
    if member.plan.state != Plan.State.ACTIVE:
        raise DomainError(_("The plan has ended. Reopen it first."))
    if member.plan.measure_id != group.measure_id:
        raise DomainError(_("The group is measured by something else now. Change the plan’s measure first."))
    _check_seats(group.seats, _members(group).count() + 1)
    member.left_on = None
    try:
        with transaction.atomic():
            member.save(update_fields=["left_on"])
    except IntegrityError:
        raise DomainError(_("The student is in another group now.")) from None
    record_event(actor, "plan-group-returned", member.plan, school=group.school, group=str(group.uuid))


@transaction.atomic
def change_group(
    group: PlanGroup, *, actor: User, seen: int, why: str, values: Mapping[str, Any]
) -> PlanGroup:
    """Change a group from today on, and the schedule and provider of its members' plans with a phase line on each.

    ``values`` has any of name, place, seats, weekdays, time, minutes and provider. Raises StaleEdit if ``seen`` is not
    the version stored now, DomainError for a name that is taken or too few seats.
    """
    group = _locked(group)
    if not may_arrange(actor, group):
        raise PermissionDenied
    if group.ended_on:
        raise DomainError(_("This group has ended."))
    if seen != group.version:
        theirs = f"{group.name}, {group.days}, {group.place}"
        raise StaleEdit(
            _(
                "Someone changed this group while you were working. Theirs: %(theirs)s. Saving replaces theirs."
            )
            % {"theirs": theirs},
            current=theirs,
        )
    if "name" in values and not values["name"].strip():
        raise DomainError(_("Another group has this name. Choose one of its own."))
    _check_seats(values.get("seats", group.seats), _members(group).count())
    shared = {name: values[name] for name in SHARED if name in values}
    if any(getattr(group, name) != value for name, value in shared.items()):
        plans = Plan.objects.running().filter(pk__in=_members(group).values("plan"))
        whole = plans.select_for_update(of=("self",), no_key=True).select_related(
            "student__school", "provider__user", "measure"
        )
        change_plans(list(whole), actor=actor, why=why, values=shared)
    for name, value in values.items():
        setattr(group, name, value)
    group.version += 1
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise DomainError(_("Another group has this name. Choose one of its own.")) from None
    record_event(actor, "plan-group-changed", group, school=group.school)
    return group


@transaction.atomic
def end_plan_group(group: PlanGroup, *, actor: User) -> PlanGroup:
    """End a group today; its members' plans go on alone until they are reviewed. A second click changes nothing."""
    group = _locked(group)
    if not may_arrange(actor, group):
        raise PermissionDenied
    if group.ended_on:
        return group
    group.ended_on = max(group.school.today(), group.starts_on)
    group.save(update_fields=["ended_on"])
    group.members.leave(group.ended_on)
    record_event(actor, "plan-group-ended", group, school=group.school)
    return group


@transaction.atomic
def reopen_plan_group(group: PlanGroup, *, actor: User) -> PlanGroup:
    """Take back the end of a group: who left with it and whose plan runs alone is in it again."""
    group = _locked(group)
    if not may_arrange(actor, group):
        raise PermissionDenied
    if group.ended_on is None:
        return group
    elsewhere = GroupMember.objects.filter(left_on=None).values("plan")
    back = group.members.filter(
        left_on=group.ended_on, plan__state=Plan.State.ACTIVE, plan__measure=group.measure_id
    ).exclude(plan__in=elsewhere)
    GroupMember.objects.filter(pk__in=list(back.values_list("pk", flat=True))).update(left_on=None)
    group.ended_on = None
    try:
        with transaction.atomic():
            group.save(update_fields=["ended_on"])
    except IntegrityError:
        raise DomainError(_("Another group has this name. Choose one of its own.")) from None
    record_event(actor, "plan-group-reopened", group, school=group.school)
    return group


def _locked(group: PlanGroup) -> PlanGroup:
    rows = PlanGroup.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school", "strategy__school", "measure", "provider__user").get(pk=group.pk)


def _members(group: PlanGroup) -> Any:
    return group.members.filter(left_on=None)


def _may_see(actor: User, plan: Plan) -> bool:
    return students_visible_to(actor).filter(pk=plan.student_id).exists()


def _check_seats(seats: int | None, many: int) -> None:
    if seats is not None and many > seats:
        raise DomainError(
            _("The group has %(seats)s seats, and %(many)s students would be in it.")
            % {"seats": seats, "many": many}
        )


def _next_review(group: PlanGroup, joined_on: dt.date) -> dt.date:
    """The group's review, or one six weeks from now if that is over; never after the goal date."""
    first = max(joined_on, group.school.today())
    return group.review_on if group.review_on > first else min(first + NEXT_REVIEW, group.goal_on)
