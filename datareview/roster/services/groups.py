"""Change which groups a school records, and who is in them. Groups are never an input to a flag."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.records.models import GroupName, Student, Subgroup
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Membership:
    """A student's membership of a group, from one day to another (None: since ever, until now)."""

    student: Student
    category: str
    group: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@transaction.atomic
def add_group_name(school: School, *, actor: User, category: str, group: str) -> GroupName:
    """Add a group to the school's list. An equal one is returned as it is."""
    require_ability(actor, "edit_students", school)
    row, is_new = GroupName.objects.get_or_create(school=school, category=_word(category), group=_word(group))
    if is_new:
        record_event(actor, "added-group", school, school=school, group=row.pk)
    return row


@transaction.atomic
def rename_group(name: GroupName, *, actor: User, category: str, group: str) -> GroupName:
    """Rename a group of the list, for all its members, past ones too."""
    require_ability(actor, "edit_students", name.school)
    School.objects.select_for_update(no_key=True).get(pk=name.school_id)
    category, group = _word(category), _word(group)
    same = GroupName.objects.filter(school=name.school, category=category, group=group).exclude(pk=name.pk)
    if same.exists():
        raise DomainError(_("This group is on the list already."))
    members = _members_of(name)
    if category != name.category:
        others = defaultdict(list)
        for one in Subgroup.objects.filter(category=category, student__in=members.values("student_id")):
            others[one.student_id].append(one)
        if any(_overlap(member, one) for member in members for one in others[member.student_id]):
            raise DomainError(
                _("Some students are or were in another group of %(category)s on the same days.")
                % {"category": category}
            )
    detail = {"before": [name.category, name.group], "after": [category, group]}
    members.update(category=category, group=group)
    name.category, name.group = category, group
    name.save(update_fields=["category", "group"])
    record_event(actor, "renamed-group", name.school, school=name.school, detail=detail, group=name.pk)
    return name


@transaction.atomic
def remove_group_name(name: GroupName, *, actor: User) -> None:
    """Remove a group that nobody was ever in from the list."""
    require_ability(actor, "edit_students", name.school)
    School.objects.select_for_update(no_key=True).get(pk=name.school_id)
    if _members_of(name).exists():
        raise DomainError(_("Students are or were in this group. Rename it, or end their membership."))
    detail = {"name": [name.category, name.group]}
    record_event(actor, "removed-group", name.school, school=name.school, detail=detail)
    name.delete()


def add_to_group(member: Membership, *, actor: User) -> Subgroup:
    """Add a student to a group of the school's list."""
    (row,) = add_to_groups(member.student.school, actor=actor, rows=[member])
    return row


@transaction.atomic
def add_to_groups(school: School, *, actor: User, rows: Sequence[Membership]) -> list[Subgroup]:
    """Add students to groups, all or none, in the same few queries for any number.

    A student is in one group of a category at a time: an open membership of another group ends on the day before the
    new one starts, which is today if no day is given; other memberships on the same days are refused, and so are groups
    that the school's list lacks.
    """
    require_ability(actor, "edit_students", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    _check(school, rows)
    open_rows = Counter((row.student.pk, row.category) for row in rows if row.ends_on is None)
    if any(times > 1 for times in open_rows.values()):
        raise DomainError(_("A student can be in one group of a category at a time."))
    stored: dict[tuple[int, str], list[Subgroup]] = defaultdict(list)
    for one in Subgroup.objects.filter(student__in={row.student.pk for row in rows}):
        stored[one.student_id, one.category].append(one)
    new, ended = [], []
    for row in rows:
        member = Subgroup(
            student=row.student,
            category=row.category,
            group=row.group,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        there = stored[row.student.pk, row.category]
        old = next((one for one in there if one.pk and one.ends_on is None), None)
        if old and row.ends_on is None:
            member.starts_on = row.starts_on or school.today()
            _end_before(old, member)
            ended.append(old)
        _refuse_overlap(member, there)
        there.append(member)
        new.append(member)
    Subgroup.objects.bulk_update(ended, ["ends_on"], batch_size=500)
    made = Subgroup.objects.bulk_create(new, batch_size=500)
    if len(made) == 1:
        detail = {"group": [made[0].category, made[0].group]}
        record_event(actor, "added-to-group", made[0].student, school=school, detail=detail)
    elif made:
        record_event(actor, "added-to-groups", school, school=school, n=len(made))
    return made


@transaction.atomic
def end_group(row: Subgroup, *, actor: User, ends_on: dt.date) -> Subgroup:
    """End a student's membership of a group on ``ends_on``."""
    school = row.student.school
    require_ability(actor, "edit_students", school)
    if row.starts_on and ends_on < row.starts_on:
        raise DomainError(_("It ends before it begins. Change one of the days."))
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    row.ends_on = ends_on
    same = Subgroup.objects.filter(student=row.student_id, category=row.category)
    _refuse_overlap(row, same.exclude(pk=row.pk))
    row.save(update_fields=["ends_on"])
    detail = {"group": [row.category, row.group]}
    record_event(actor, "ended-group", row.student, school=school, detail=detail, on=ends_on.isoformat())
    return row


@transaction.atomic
def remove_from_group(row: Subgroup, *, actor: User) -> None:
    """Delete a membership that was entered by mistake."""
    school = row.student.school
    require_ability(actor, "edit_students", school)
    detail = {"group": [row.category, row.group], "days": [str(row.starts_on), str(row.ends_on)]}
    record_event(actor, "removed-from-group", row.student, school=school, detail=detail)
    row.delete()


@transaction.atomic
def end_groups(rows: Sequence[Subgroup], *, actor: User, ends_on: dt.date) -> None:
    """End memberships of groups of one school on ``ends_on``, all or none, in the same few queries for any number."""
    _refuse_none(rows)
    school = rows[0].student.school
    require_ability(actor, "edit_students", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    others: dict[tuple[int, str], list[Subgroup]] = defaultdict(list)
    for one in Subgroup.objects.filter(student__in=[row.student_id for row in rows]):
        others[one.student_id, one.category].append(one)
    for row in rows:
        if row.starts_on and ends_on < row.starts_on:
            raise DomainError(
                _("%(student)s joins after that day. Choose a later one, or remove the membership.")
                % {"student": row.student}
            )
        row.ends_on = ends_on
        _refuse_overlap(row, [one for one in others[row.student_id, row.category] if one.pk != row.pk])
    Subgroup.objects.bulk_update(rows, ["ends_on"], batch_size=500)
    detail = {"groups": sorted({str(row) for row in rows}), "students": _uuids_of(rows)}
    record_event(
        actor, "ended-groups", school, school=school, detail=detail, n=len(rows), on=ends_on.isoformat()
    )


@transaction.atomic
def remove_from_groups(rows: Sequence[Subgroup], *, actor: User) -> None:
    """Delete memberships of groups of one school that were entered by mistake."""
    _refuse_none(rows)
    school = rows[0].student.school
    require_ability(actor, "edit_students", school)
    days = [[str(row.student.uuid), str(row), str(row.starts_on), str(row.ends_on)] for row in rows]
    record_event(
        actor, "removed-from-groups", school, school=school, detail={"memberships": days}, n=len(rows)
    )
    Subgroup.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _refuse_none(rows: Sequence[Subgroup]) -> None:
    if not rows:
        raise DomainError(_("None of them is in the group any longer."))


def _uuids_of(rows: Sequence[Subgroup]) -> list[str]:
    return [str(row.student.uuid) for row in rows]


def _check(school: School, rows: Sequence[Membership]) -> None:
    if any(row.student.school_id != school.pk for row in rows):
        raise DomainError(_("A student is of another school."))
    known = set(GroupName.objects.filter(school=school).values_list("category", "group"))
    for row in rows:
        if (row.category, row.group) not in known:
            raise DomainError(
                _("“%(group)s” is not on the school’s list of groups.")
                % {"group": f"{row.category}: {row.group}"}
            )
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            raise DomainError(_("It ends before it begins. Change one of the days."))


def _end_before(old: Subgroup, new: Subgroup) -> None:
    """End the open membership ``old`` on the day before ``new`` starts. Raises DomainError if it can't."""
    day = new.starts_on - dt.timedelta(days=1) if new.starts_on else None
    if day is None or old.group == new.group or (old.starts_on and day < old.starts_on):
        raise DomainError(
            _("%(student)s is in %(group)s since then.") % {"student": new.student, "group": old.group}
        )
    old.ends_on = day


def _refuse_overlap(new: Subgroup, others: Iterable[Subgroup]) -> None:
    other = next((one for one in others if _overlap(new, one)), None)
    if other:
        raise DomainError(
            _("%(student)s is or was in %(group)s on some of these days. Change the days.")
            % {"student": new.student, "group": other.group}
        )


def _overlap(one: Subgroup, other: Subgroup) -> bool:
    """Whether two memberships share a day. No first day means since ever, no last day until now."""
    begins_in_time = one.starts_on is None or other.ends_on is None or one.starts_on <= other.ends_on
    ends_late_enough = one.ends_on is None or other.starts_on is None or one.ends_on >= other.starts_on
    return begins_in_time and ends_late_enough


def _members_of(name: GroupName) -> QuerySet[Subgroup]:
    return Subgroup.objects.filter(student__school=name.school_id, category=name.category, group=name.group)


def _word(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise DomainError(_("Enter a category and a group."))
    return text
