"""Add, change and retire a school's standards."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.records.models import Standard
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class StandardValues:
    """What is typed about a standard."""

    code: str
    statement: str
    framework: str = ""
    grades: str = ""
    subject: str = ""

    @classmethod
    def of(cls, standard: Standard) -> StandardValues:
        """The stored values of ``standard``."""
        return cls(**{field.name: getattr(standard, field.name) for field in fields(cls)})


@transaction.atomic
def add_standard(school: School, *, actor: User, values: StandardValues) -> Standard:
    """Add a standard to the school's. Raises DomainError if its framework has the code already."""
    require_ability(actor, "edit_standards", school)
    _lock(school)
    standard = Standard(school=school)
    _write(standard, values)
    record_event(actor, "added-standard", standard, school=school)
    return standard


@transaction.atomic
def change_standard(standard: Standard, *, actor: User, values: StandardValues, seen: str) -> Standard:
    """Change a standard, also for all items that refer to it.

    ``seen`` is the `standard_fingerprint` that the actor started from; a different one raises StaleEdit.
    """
    require_ability(actor, "edit_standards", standard.school)
    _lock(standard.school)
    standard = Standard.objects.select_related("school").get(pk=standard.pk)
    if seen != standard_fingerprint(standard):
        stored = " · ".join(text for text in astuple(StandardValues.of(standard)) if text)
        raise StaleEdit(_("Someone changed this standard while you were writing."), current=stored)
    before = astuple(StandardValues.of(standard))
    _write(standard, values)
    after = astuple(StandardValues.of(standard))
    record_event(
        actor,
        "changed-standard",
        standard,
        school=standard.school,
        detail={"before": list(before), "after": list(after)},
    )
    return standard


@transaction.atomic
def retire_standard(standard: Standard, *, actor: User, is_retired: bool) -> Standard:
    """Retire a standard, which is then suggested to nobody, or bring it back. Items that refer to it keep it."""
    require_ability(actor, "edit_standards", standard.school)
    if standard.is_retired != is_retired:
        standard.is_retired = is_retired
        standard.save(update_fields=["is_retired"])
        verb = "retired-standard" if is_retired else "restored-standard"
        record_event(actor, verb, standard, school=standard.school)
    return standard


def standard_fingerprint(standard: Standard) -> str:
    """A short hash of what can be edited, to detect concurrent edits."""
    return version_of(*astuple(StandardValues.of(standard)))


def _lock(school: School) -> None:
    School.objects.select_for_update(no_key=True).get(pk=school.pk)


def _write(standard: Standard, values: StandardValues) -> None:
    values = replace(
        values, **{field.name: " ".join(getattr(values, field.name).split()) for field in fields(values)}
    )
    if not values.code or not values.statement:
        raise DomainError(_("A standard needs a code and its words."))
    same = Standard.objects.filter(
        school=standard.school, framework=values.framework, code__iexact=values.code
    ).exclude(pk=standard.pk)
    if same.exists():
        raise DomainError(_("The school has %(code)s already.") % {"code": values.code})
    for field in fields(values):
        setattr(standard, field.name, getattr(values, field.name))
    standard.save()
