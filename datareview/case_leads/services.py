"""Choose who leads a student's case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.case_leads.queries import possible_leads
from datareview.records.models import Student
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from teams.directory.models import Staff, User


@transaction.atomic
def set_case_lead(student: Student, lead: Staff | None, *, actor: User, seen: str) -> Student:
    """Let ``lead`` lead the case of ``student``, or nobody. StaleEdit if somebody else than ``seen`` leads it by now.

    DomainError for somebody who doesn't see the student.
    """
    require_ability(actor, "triage", student.school)
    rows = Student.objects.select_related("case_lead__user").select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=student.pk)
    now = row.case_lead
    if seen != (str(now.uuid) if now else ""):
        raise StaleEdit(
            _("Someone else has changed the case lead in the meantime."), current=str(now or _("No one"))
        )
    if lead and not possible_leads(row).filter(pk=lead.pk).exists():
        raise DomainError(_("%(name)s doesn’t see this student. Choose someone who does.") % {"name": lead})
    if lead != now:
        row.case_lead = lead
        row.save(update_fields=["case_lead"])
        before, after = (str(one.uuid) if one else "" for one in (now, lead))
        record_event(actor, "set-case-lead", row, school=row.school, before=before, lead=after)
    return row
