"""Store, apply and undo files of frameworks."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from datareview.frameworks.case import read_framework
from datareview.frameworks.models import FrameworkFile
from datareview.frameworks.queries import FIELDS, FrameworkChoice, compare, items_of, seen_of
from datareview.records.models import Standard
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User

A_BATCH = 500
STATES = FrameworkFile.State


@transaction.atomic
def store_framework(school: School, *, actor: User, name: str, data: bytes) -> FrameworkFile:
    """Read a file of CASE and store what it says. Raises DomainError if it is none."""
    require_ability(actor, "edit_standards", school)
    found = read_framework(data)
    file = FrameworkFile.objects.create(
        school=school,
        uploaded_by=actor,
        name=name[:200],
        title=found.title,
        items=[list(astuple(item)) for item in found.items],
        without_code=found.without_code,
    )
    record_event(actor, "uploaded", file, school=school)
    return file


@transaction.atomic
def apply_framework(file: FrameworkFile, *, actor: User, choice: FrameworkChoice, seen: str) -> FrameworkFile:
    """Add and change the school's standards by the chosen items, in few queries.

    ``seen`` is the `FrameworkPage.seen` that the actor has read. Raises DomainError if it would do something else now.
    """
    file = _locked(file, actor)
    if file.state == STATES.APPLIED:
        return file
    compared = compare(file, choice, items_of(file))
    counts = {state: sum(one.state == state for one in compared) for state in ("new", "changed")}
    if seen != seen_of(counts):
        raise DomainError(
            _("The school’s standards were changed meanwhile. Look at the new result, then apply it.")
        )
    if not counts["new"] and not counts["changed"]:
        raise DomainError(_("There is nothing to save: the school has all of these already."))
    changed = [(one.standard, one.values) for one in compared if one.standard and one.state == "changed"]
    before: list[list[Any]] = []
    for standard, values in changed:
        before.append([standard.pk, _values_of(standard), values])
        for name in FIELDS:
            setattr(standard, name, values[name])
    Standard.objects.bulk_update([standard for standard, _values in changed], FIELDS, batch_size=A_BATCH)
    made = Standard.objects.bulk_create(
        [Standard(school=file.school, **one.values) for one in compared if one.state == "new"],
        batch_size=A_BATCH,
    )
    file.before = [*before, *([one.pk, None, _values_of(one)] for one in made)]
    file.added, file.changed, file.kept = len(made), len(before), 0
    file.state, file.applied_at = STATES.APPLIED, clock.now()
    file.save()
    record_event(actor, "applied", file, school=file.school, new=file.added, changed=file.changed)
    return file


@transaction.atomic
def undo_framework(file: FrameworkFile, *, actor: User) -> FrameworkFile:
    """Restore the standards that a file changed and delete those it added, unless they are used or were changed since.

    ``kept`` counts those that stay.
    """
    file = _locked(file, actor)
    if file.state != STATES.APPLIED:
        raise DomainError(_("Only a file that was applied can be undone."))
    stored = Standard.objects.filter(school=file.school).in_bulk([pk for pk, _before, _after in file.before])
    gone, restored = [], []
    for pk, before, after in file.before:
        standard = stored.get(pk)
        if standard is None or _values_of(standard) != after:
            continue
        if before is None:
            gone.append(pk)
            continue
        for name, value in before.items():
            setattr(standard, name, value)
        restored.append(standard)
    Standard.objects.bulk_update(restored, FIELDS, batch_size=A_BATCH)
    done = len(restored) + _delete_unused(gone)
    file.kept, file.before, file.state = len(file.before) - done, [], STATES.UNDONE
    file.save()
    record_event(actor, "undone", file, school=file.school, kept=file.kept)
    return file


@transaction.atomic
def discard_framework(file: FrameworkFile, *, actor: User) -> None:
    """Delete a file that is not applied."""
    file = _locked(file, actor)
    if file.state == STATES.APPLIED:
        raise DomainError(_("This file was applied, so it is kept. Undo it first."))
    record_event(actor, "discarded", file, school=file.school)
    file.delete()


def _delete_unused(ids: list[int]) -> int:
    """Delete the standards to which nothing refers. Returns their number."""
    used: set[int] = set()
    for relation in Standard._meta.related_objects:  # noqa: SLF001 (Django's API)
        rows = relation.related_model._base_manager.filter(  # noqa: SLF001
            **{f"{relation.field.name}__in": ids}
        )
        used |= set(rows.values_list(f"{relation.field.name}_id", flat=True))
    unused = [pk for pk in ids if pk not in used]
    try:
        Standard.objects.filter(pk__in=unused).delete()
    except ProtectedError as error:
        raise DomainError(_("One of these standards is just being used. Try again.")) from error
    return len(unused)


def _values_of(standard: Standard) -> dict[str, Any]:
    return {name: getattr(standard, name) for name in FIELDS}


def _locked(file: FrameworkFile, actor: User) -> FrameworkFile:
    require_ability(actor, "edit_standards", file.school)
    School.objects.select_for_update(no_key=True).get(pk=file.school_id)
    return FrameworkFile.objects.select_related("school").get(pk=file.pk)
