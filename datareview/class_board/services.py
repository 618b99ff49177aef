"""Note work that was not handed in, and that it came after all."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.class_board.permissions import classes_today, missing_work_of_classes
from datareview.records.models import Enrollment
from datareview.sections.models import MissingWork
from teams.audit.services import record_event
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.records.models import Section, Student
    from teams.directory.models import User

LONGEST_AGO = dt.timedelta(days=366)


@transaction.atomic
def note_missing_work(
    section: Section, *, actor: User, title: str, due_on: dt.date, students: Collection[Student]
) -> int:
    """Note that ``students`` of a section that the actor teaches have not handed in a piece of work.

    What is noted already stays. Returns how many are new.
    """
    if not classes_today(actor).filter(pk=section.pk).exists():
        raise PermissionDenied
    title, today = " ".join(title.split()), section.school.today()
    if not title:
        raise DomainError(_("Say which work it is."))
    if not today - LONGEST_AGO <= due_on <= today:
        raise DomainError(_("Choose a day of the last year, until today, on which it was due."))
    if not students:
        raise DomainError(_("Select who has not handed it in."))
    here = Enrollment.objects.on(today).filter(section=section, student__in=students)
    seats = {one.student_id: one for one in here.order_by("starts_on", "pk")}
    if not {one.pk for one in students} <= seats.keys():
        raise DomainError(_("A student is no longer in this class. Load the page again."))
    same = MissingWork.objects.filter(enrollment__section=section, title=title, due_on=due_on)
    noted = set(same.values_list("enrollment", flat=True))
    new = [
        MissingWork(enrollment=seat, title=title, due_on=due_on, written_by=actor)
        for seat in seats.values()
        if seat.pk not in noted
    ]
    # Someone else who teaches the class may be noting the same.
    made = MissingWork.objects.bulk_create(new, ignore_conflicts=True)
    if made:
        record_event(actor, "noted-missing-work", section, school=section.school, students=len(made))
    return len(made)


@transaction.atomic
def hand_in(work: MissingWork, *, actor: User, is_handed_in: bool) -> MissingWork:
    """Note that a piece of work came after all, or that it did not."""
    if not missing_work_of_classes(actor).filter(pk=work.pk).exists():
        raise PermissionDenied
    rows = MissingWork.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("enrollment__section__school", "enrollment__student").get(pk=work.pk)
    school = row.enrollment.section.school
    if is_handed_in != (row.handed_in_on is not None):
        row.handed_in_on = school.today() if is_handed_in else None
        row.save(update_fields=["handed_in_on"])
        verb = "work-handed-in" if is_handed_in else "work-still-missing"
        record_event(actor, verb, row, school=school, student=str(row.enrollment.student.uuid))
    return row
