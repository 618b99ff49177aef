"""Change a school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError, StaleEdit
from teams.schools.queries import problem_with_grades, school_fingerprint, school_in_words

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def change_school(school: School, *, actor: User, seen: str, **changes: Any) -> School:
    """Set fields of ``school``. StaleEdit if it is no longer what ``seen`` (`school_fingerprint`) stands for."""
    require_ability(actor, "edit_school", school)
    row = School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
    if seen != school_fingerprint(row):
        raise StaleEdit(
            _("Someone else has changed the school in the meantime."), current=school_in_words(row)
        )
    if problem := problem_with_grades(changes["lowest_grade"], changes["highest_grade"]):
        raise DomainError(problem)
    for name, value in changes.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    row.save(update_fields=list(changes))
    record_event(actor, "changed-school", row, school=row, detail={"name": row.name})
    return row
