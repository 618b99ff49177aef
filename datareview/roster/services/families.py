"""Change the guardians of students."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.records.models import Guardian, Student
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teams.directory.models import School, User

MOST_GUARDIANS = 12


@dataclass(frozen=True, slots=True)
class GuardianValues:
    """What an administrator enters about a guardian. ``language`` is a code such as "es"."""

    name: str
    relation: str = ""
    phone: str = ""
    email: str = ""
    language: str = "en"
    may_contact: bool = True
    custody_note: str = ""

    @classmethod
    def of(cls, guardian: Guardian) -> GuardianValues:
        """The stored values of ``guardian``."""
        return cls(**{field.name: getattr(guardian, field.name) for field in fields(cls)})


def add_guardian(student: Student, *, actor: User, values: GuardianValues) -> Guardian:
    """Add a guardian to a student."""
    (guardian,) = add_guardians(student.school, actor=actor, rows=[(student, values)])
    return guardian


@transaction.atomic
def add_guardians(
    school: School, *, actor: User, rows: Sequence[tuple[Student, GuardianValues]]
) -> list[Guardian]:
    """Add guardians to students of ``school``, all or none, in the same few queries for any number."""
    require_ability(actor, "edit_students", school)
    if any(student.school_id != school.pk for student, _values in rows):
        raise DomainError(_("A student is of another school."))
    for _student, values in rows:
        _check(values)
    if len(rows) == 1 and rows[0][0].guardians.count() >= MOST_GUARDIANS:
        raise DomainError(_("A student can have %(n)d guardians at most.") % {"n": MOST_GUARDIANS})
    made = Guardian.objects.bulk_create(
        [Guardian(student=student, **asdict(values)) for student, values in rows], batch_size=500
    )
    if len(made) == 1:
        record_event(actor, "added-guardian", made[0].student, school=school, guardian=str(made[0].uuid))
    elif made:
        record_event(actor, "added-guardians", school, school=school, n=len(made))
    return made


@transaction.atomic
def edit_guardian(guardian: Guardian, *, actor: User, values: GuardianValues, seen: str) -> Guardian:
    """Change a guardian.

    ``seen`` is the `guardian_version` the actor started from; if it has changed, StaleEdit has the values stored now.
    """
    guardian = _locked(guardian)
    require_ability(actor, "edit_students", guardian.student.school)
    before = GuardianValues.of(guardian)
    if seen != guardian_version(guardian):
        words = [str(value) for value in asdict(before).values() if value not in ("", True, False)]
        raise StaleEdit(_("Someone changed this guardian while you were writing."), current=", ".join(words))
    _check(values)
    changed = {name: value for name, value in asdict(values).items() if value != asdict(before)[name]}
    if not changed:
        return guardian
    for name, value in changed.items():
        setattr(guardian, name, value)
    guardian.save(update_fields=list(changed))
    record_event(
        actor,
        "edited-guardian",
        guardian.student,
        school=guardian.student.school,
        detail={name: [asdict(before)[name], value] for name, value in changed.items()},
        guardian=str(guardian.uuid),
    )
    return guardian


@transaction.atomic
def edit_guardians(
    guardians: Sequence[Guardian], *, actor: User, language: str = "", may_contact: bool | None = None
) -> int:
    """Give guardians of one school a ``language``, or whether they may be contacted. Returns how many changed."""
    school = guardians[0].student.school
    require_ability(actor, "edit_students", school)
    ids = [one.pk for one in guardians]
    rows = list(Guardian.objects.select_for_update(no_key=True).filter(pk__in=ids, student__school=school))
    before = {}
    for row in rows:
        was = row.language, row.may_contact
        row.language = language or row.language
        row.may_contact = row.may_contact if may_contact is None else may_contact
        if was != (row.language, row.may_contact):
            before[str(row.uuid)] = list(was)
    if before:
        Guardian.objects.bulk_update(rows, ["language", "may_contact"], batch_size=500)
        now = {"language": language, "may_contact": may_contact}
        detail = {"before": before, "now": now}
        record_event(actor, "edited-guardians", school, school=school, detail=detail, n=len(before))
    return len(before)


@transaction.atomic
def remove_guardian(guardian: Guardian, *, actor: User) -> None:
    """Delete a guardian."""
    guardian = _locked(guardian)
    student = guardian.student
    require_ability(actor, "edit_students", student.school)
    record_event(
        actor,
        "removed-guardian",
        student,
        school=student.school,
        detail=asdict(GuardianValues.of(guardian)),
        guardian=str(guardian.uuid),
    )
    guardian.delete()


def guardian_version(guardian: Guardian) -> str:
    """A short hash of what `edit_guardian` changes, to detect concurrent edits."""
    return version_of(GuardianValues.of(guardian))


def _check(values: GuardianValues) -> None:
    if not values.name.strip():
        raise DomainError(_("Enter the guardian’s name."))


def _locked(guardian: Guardian) -> Guardian:
    rows = Guardian.objects.select_for_update(of=("self",), no_key=True).select_related("student__school")
    found = rows.filter(pk=guardian.pk).first()
    if found is None:
        raise DomainError(_("Someone removed this guardian in the meantime."))
    return found
