"""Mark two records that look alike as different students, and undo it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.doubles.queries import pairs_between
from datareview.records.models import DifferentStudents, Student
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def mark_different(first: Student, second: Student, *, actor: User) -> DifferentStudents:
    """Record that two records are of two students, so that they no longer count as likely doubles."""
    require_ability(actor, "edit_students", first.school)
    if first.school_id != second.school_id or first.pk == second.pk:
        raise DomainError(_("Choose two records of one school."))
    ids = [first.pk, second.pk]
    rows = Student.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    if len(rows) < 2:
        raise DomainError(_("One of the two records was merged or removed in the meantime."))
    if pair := pairs_between(first, second).first():
        return pair
    pair = DifferentStudents.objects.create(first=first, second=second, marked_by=actor)
    record_event(actor, "marked-different", first, school=first.school, other=str(second.uuid))
    return pair


@transaction.atomic
def unmark_different(pair: DifferentStudents, *, actor: User) -> None:
    """Undo `mark_different`: the two count as likely doubles again."""
    first, second = pair.first, pair.second
    require_ability(actor, "edit_students", first.school)
    if not DifferentStudents.objects.filter(pk=pair.pk).delete()[0]:
        raise DomainError(_("Someone has undone this already."))
    record_event(actor, "unmarked-different", first, school=first.school, other=str(second.uuid))
