"""Ask for a family step, keep it, remove it and restore it."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.family_steps.models import FamilyStep
from datareview.family_steps.queries import asks_family, students_without_contact
from datareview.records.permissions import students_visible_to
from teams.audit.services import record_event, record_events
from teams.lib import clock, formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from datareview.records.models import Student
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class NewStep:
    """A contact (``how``) with what was said on a day (None: today), or why there was none."""

    how: str
    said: str
    made_on: dt.date | None = None


def require_family_step(students: Collection[Student], step: NewStep | None) -> None:
    """Raise DomainError if the school asks for a family step, none is given, and a family was not contacted lately."""
    if step is not None or not students:
        return
    school_id = next(iter(students)).school_id
    if not asks_family(school_id):
        return
    if missing := students_without_contact(students):
        raise DomainError(
            _("Before a tier changes, the family is contacted, or there is a reason why not: %(students)s.")
            % {"students": ", ".join(str(one) for one in missing)}
        )


@transaction.atomic
def keep_family_step(
    of: Sequence[tuple[Student, int | None]], step: NewStep | None, *, actor: User, occasion: str
) -> list[FamilyStep]:
    """Keep a step for each student and id of a plan in ``of``, of one school; nothing without a step.

    The caller checks that the actor may see them. Raises DomainError without words or for a day to come.
    """
    if step is None or not of:
        return []
    school = of[0][0].school
    today = school.today()
    if not step.said.strip():
        raise DomainError(_("Say in a few words what was said, or why the family was not contacted."))
    made_on = step.made_on or today
    if made_on > today:
        words = _("The date is in the future; today is %(today)s at the school.")
        raise DomainError(words % {"today": formats.short_day(today, with_year=True)})
    rows = FamilyStep.objects.bulk_create(
        FamilyStep(
            student=student,
            plan_id=plan_id,
            occasion=occasion,
            how=step.how,
            said=step.said.strip()[:400],
            made_on=made_on,
            written_by=actor,
        )
        for student, plan_id in of
    )
    record_events(actor, "family-step", [student for student, _plan in of], school=school, occasion=occasion)
    return rows


def add_family_step(student: Student, plan_id: int | None, *, actor: User, step: NewStep) -> FamilyStep:
    """Write down a step for a student whom the actor may see, between decisions."""
    if not students_visible_to(actor).filter(pk=student.pk).exists():
        raise PermissionDenied
    (row,) = keep_family_step([(student, plan_id)], step, actor=actor, occasion=FamilyStep.Occasion.OTHER)
    return row


@transaction.atomic
def remove_family_step(step: FamilyStep, *, actor: User, back: bool = False) -> FamilyStep:
    """Remove one's own step from all pages, or restore it with ``back``. A second click changes nothing."""
    step = FamilyStep.objects.select_for_update(of=("self",), no_key=True).get(pk=step.pk)
    if step.written_by_id != actor.pk:
        raise PermissionDenied
    if (step.removed_at is None) != back:
        step.removed_at = None if back else clock.now()
        step.save(update_fields=["removed_at"])
        verb = "family-step-restored" if back else "family-step-removed"
        record_event(actor, verb, step.student, school=step.student.school, step=step.pk)
    return step
