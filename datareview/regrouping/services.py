"""Form groups, save who is in which, note what came of them, remove them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.assessments.permissions import may_edit_assessment
from datareview.assessments.queries import response_frame
from datareview.records.models import Assessment, Sitting
from datareview.records.queries.order import by_name
from datareview.regrouping.models import GroupedStudent, MasteryBand, RegroupedGroup, Regrouping
from datareview.regrouping.queries.points import parts_of, standard_points
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from datareview.records.models import Standard
    from teams.directory.models import Staff, User

MOST_GROUPS = 12


@dataclass(frozen=True, slots=True)
class GroupValues:
    """What a team writes about a group."""

    teacher: Staff | None = None
    place: str = ""
    weekdays: tuple[int, ...] = ()
    time: dt.time | None = None
    teaches: str = ""
    seats: int | None = None


@transaction.atomic
def form_groups(assessment: Assessment, standard: Standard | None, *, actor: User) -> Regrouping:
    """Form four groups by band on ``standard`` (None: the whole assessment). If they are formed already, return them."""
    _require_editor(actor, assessment)
    if standard and not assessment.items.filter(standard=standard, is_dropped=False).exists():
        raise DomainError(_("No item of this assessment is on that standard."))
    Assessment.objects.select_for_update(no_key=True).get(
        pk=assessment.pk
    )  # of two people at once, the second waits
    found = Regrouping.objects.filter(assessment=assessment, standard=standard).first()
    if found:
        return found
    from datareview.analysis.mastery import mastery_bands

    share = standard_points(response_frame(assessment), standard.pk if standard else None)["share"]
    bands = mastery_bands(share, cut=assessment.mastery).dropna()
    if bands.empty:
        raise DomainError(_("No results are in yet. Enter them first."))
    regrouping = Regrouping.objects.create(assessment=assessment, standard=standard, made_by=actor)
    groups = {
        band.value: RegroupedGroup.objects.create(regrouping=regrouping, band=band, position=number)
        for number, band in enumerate(MasteryBand)
    }
    GroupedStudent.objects.bulk_create(
        GroupedStudent(regrouping=regrouping, group=groups[band], student_id=student)
        for student, band in zip(bands.index.tolist(), bands.tolist(), strict=True)
    )
    _record(actor, "formed-groups", regrouping)
    return regrouping


@transaction.atomic
def save_groups(
    regrouping: Regrouping,
    *,
    actor: User,
    groups: Mapping[int, GroupValues],
    places: Mapping[int, int | None],
    check_on: dt.date | None,
    version: int,
    split: int | None = None,
) -> Regrouping:
    """Save the groups, who is in which, and the day of the check; then split one of them evenly.

    Parameters
    ----------
    groups
        Group id → what the team wrote about it; groups that are not named stay as they are.
    places
        Student id → group id, None for a student in no group; students who are not named stay where they are.
    version
        The version that the actor started from. If it has changed, StaleEdit says so.
    split
        Id of a group to split: in two, or into as many as its seats need.
    """
    regrouping = _locked(regrouping, actor)
    if version != regrouping.version:
        theirs = _in_words(regrouping)
        raise StaleEdit(
            _(
                "Someone changed these groups while you were working. Theirs: %(theirs)s. "
                "Yours are below; saving replaces theirs."
            )
            % {"theirs": theirs},
            current=theirs,
        )
    rows = {group.pk: group for group in regrouping.groups.all()}
    if not (groups.keys() <= rows.keys() and {pk for pk in places.values() if pk} <= rows.keys()):
        raise DomainError(_("One of these groups is gone. Open the page again."))
    before = _group_of(regrouping)
    for pk, values in groups.items():
        _write_group(rows[pk], values, regrouping)
    _write_places(regrouping, places)
    if split is not None:
        _split(regrouping, rows.get(split))
    _check_seats(regrouping)
    if check_on and check_on <= regrouping.assessment.given_on:
        raise DomainError(
            _("Check again after %(day)s, the day of the first check.")
            % {"day": formats.short_day(regrouping.assessment.given_on)}
        )
    _mark_late_changes(regrouping, before)
    regrouping.check_on, regrouping.version = check_on, regrouping.version + 1
    regrouping.save(update_fields=["check_on", "version"])
    _record(actor, "changed-groups", regrouping)
    return regrouping


@transaction.atomic
def add_group(regrouping: Regrouping, band: str, *, actor: User) -> RegroupedGroup:
    """Add an empty group of ``band``, so that a large one can be split."""
    regrouping = _locked(regrouping, actor)
    if regrouping.groups.count() >= MOST_GROUPS:
        raise DomainError(_("A set has at most %(most)s groups.") % {"most": formats.number(MOST_GROUPS)})
    last = regrouping.groups.filter(band=band).last() or regrouping.groups.last()
    place = last.position if last else 0
    group = RegroupedGroup.objects.create(regrouping=regrouping, band=band, position=place)
    _bump(regrouping)
    return group


@transaction.atomic
def remove_group(group: RegroupedGroup, *, actor: User) -> None:
    """Remove a group that nobody is in."""
    regrouping = _locked(group.regrouping, actor)
    if group.places.exists():
        raise DomainError(_("Move its students first; only an empty group can be removed."))
    group.delete()
    _bump(regrouping)


@transaction.atomic
def note_group(group: RegroupedGroup, *, actor: User, tried: str, saw: str, seen: str) -> None:
    """Write what the teacher tried with a group and saw. ``seen`` is `note_version` of the text that was edited."""
    _locked(group.regrouping, actor)
    group = RegroupedGroup.objects.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
    if (group.tried, group.saw) == (tried.strip(), saw.strip()):
        return
    if seen != note_version(group):
        raise StaleEdit(
            _("Someone wrote about this group in the meantime."), current=f"{group.tried} · {group.saw}"
        )
    group.tried, group.saw = tried.strip(), saw.strip()
    group.save(update_fields=["tried", "saw"])


@transaction.atomic
def remove_groups(regrouping: Regrouping, *, actor: User) -> None:
    """Remove a set of groups; results and plans stay."""
    regrouping = _locked(regrouping, actor)
    _record(actor, "removed-groups", regrouping)
    regrouping.delete()


def note_version(group: RegroupedGroup) -> str:
    """A short hash of what `note_group` changes, to detect concurrent edits."""
    return version_of(group.tried, group.saw)


def _require_editor(actor: User, assessment: Assessment) -> None:
    if not may_edit_assessment(actor, assessment):
        raise PermissionDenied


def _locked(regrouping: Regrouping, actor: User) -> Regrouping:
    rows = Regrouping.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("assessment__team__school", "standard").filter(pk=regrouping.pk).first()
    if found is None:
        raise DomainError(_("Someone removed these groups in the meantime."))
    _require_editor(actor, found.assessment)
    return found


def _write_group(group: RegroupedGroup, values: GroupValues, regrouping: Regrouping) -> None:
    if values.teacher and values.teacher.school_id != regrouping.assessment.team.school_id:
        raise DomainError(_("Choose a teacher of this school."))
    for field in fields(values):
        value = getattr(values, field.name)
        setattr(group, field.name, list(value) if isinstance(value, tuple) else value)
    group.save(update_fields=[field.name for field in fields(values)])


def _write_places(regrouping: Regrouping, places: Mapping[int, int | None]) -> None:
    rows = {row.student_id: row for row in regrouping.places.all()}
    allowed = set(response_frame(regrouping.assessment).points.index) | rows.keys()
    if not places.keys() <= allowed:
        raise DomainError(_("Only students who were given this assessment can be in its groups."))
    gone = [row.pk for student, row in rows.items() if student in places and places[student] is None]
    GroupedStudent.objects.filter(pk__in=gone).delete()
    moved = [row for student, row in rows.items() if places.get(student) not in (None, row.group_id)]
    for row in moved:
        row.group_id = places[row.student_id] or row.group_id
    GroupedStudent.objects.bulk_update(moved, ["group"])
    GroupedStudent.objects.bulk_create(
        GroupedStudent(regrouping=regrouping, group_id=group, student_id=student)
        for student, group in places.items()
        if group and student not in rows
    )


def _group_of(regrouping: Regrouping) -> dict[int, int]:
    return dict(regrouping.places.values_list("student_id", "group_id"))


def _mark_late_changes(regrouping: Regrouping, before: Mapping[int, int]) -> None:
    """Mark the groups that somebody left or joined once a check again was in: their means would tell of this student."""
    after = _group_of(regrouping)
    moved = {student for student in before.keys() | after.keys() if before.get(student) != after.get(student)}
    if not moved or not Sitting.objects.filter(assessment__again_of=regrouping.assessment).exists():
        return
    touched = {of[student] for student in moved for of in (before, after) if student in of}
    regrouping.groups.filter(pk__in=touched).update(is_changed_late=True)
    if moved - before.keys() or moved - after.keys():
        regrouping.is_changed_late = True
        regrouping.save(update_fields=["is_changed_late"])


def _split(regrouping: Regrouping, group: RegroupedGroup | None) -> None:
    """Deal a group's students out evenly over it and new groups of its band, so that each has strong and weak ones."""
    if group is None:
        raise DomainError(_("One of these groups is gone. Open the page again."))
    places = list(group.places.order_by(*by_name("student__"), "student"))
    parts = parts_of(len(places), group.seats)
    if len(places) < parts:
        raise DomainError(_("A group of one can’t be split."))
    if regrouping.groups.count() + parts - 1 > MOST_GROUPS:
        raise DomainError(_("A set has at most %(most)s groups.") % {"most": formats.number(MOST_GROUPS)})
    got = standard_points(response_frame(regrouping.assessment), regrouping.standard_id)["got"].fillna(-1)
    places.sort(key=lambda place: -got.get(place.student_id, -1))
    new = RegroupedGroup.objects.bulk_create(
        RegroupedGroup(
            regrouping=regrouping,
            band=group.band,
            position=group.position,
            seats=group.seats,
            teaches=group.teaches,
        )
        for _part in range(parts - 1)
    )
    for number, place in enumerate(places):
        place.group = [group, *new][number % parts]
    GroupedStudent.objects.bulk_update(places, ["group"])


def _check_seats(regrouping: Regrouping) -> None:
    for group in regrouping.groups.exclude(seats=None):
        many = group.places.count()
        if group.seats is not None and many > group.seats:
            raise DomainError(
                _(
                    "The group “%(group)s” has %(many)s students for %(seats)s seats. Move some, or give it more seats."
                )
                % {"group": group, "many": formats.number(many), "seats": formats.number(group.seats)}
            )


def _in_words(regrouping: Regrouping) -> str:
    names: dict[str, list[str]] = {}
    for row in regrouping.places.select_related("group", "student").order_by(
        "group__position", "group", *by_name("student__")
    ):
        names.setdefault(str(row.group), []).append(str(row.student))
    return "; ".join(f"{group}: {', '.join(students)}" for group, students in names.items())


def _bump(regrouping: Regrouping) -> None:
    regrouping.version += 1
    regrouping.save(update_fields=["version"])


def _record(actor: User, verb: str, regrouping: Regrouping) -> None:
    assessment = regrouping.assessment
    record_event(
        actor, verb, assessment, school=assessment.team.school, detail={"standard": regrouping.standard_id}
    )
