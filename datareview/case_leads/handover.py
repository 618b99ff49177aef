"""Cases that someone who leaves leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from datareview.records.models import Student
from teams.access.permissions import staff_where
from teams.audit.services import record_events
from teams.lib import formats
from teams.people.queries.handover import HandedOver, OpenWork, WorkSource

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Staff, User

KEY = "led"


class Cases(WorkSource):
    """All cases together, for anyone who sees every student of the school."""

    name = "cases"

    def work_of(self, staff: Staff) -> list[OpenWork]:
        """The cases, counted: a page about people names no students."""
        many = _led(staff).count()
        if not many:
            return []
        title = ngettext("Case lead of %(n)s student", "Case lead of %(n)s students", many)
        recipients = staff_where(staff.school, "see_all_students").exclude(pk=staff.pk)
        return [OpenWork(KEY, title % {"n": formats.number(many)}, [], list(recipients))]

    def hand_over(self, staff: Staff, key: str, *, to: Staff, actor: User) -> HandedOver:
        """Let ``to`` lead them."""
        rows = list(_led(staff).select_for_update(of=("self",), no_key=True))
        people = {"before": str(staff.uuid), "lead": str(to.uuid)}
        record_events(actor, "set-case-lead", rows, school=staff.school, **people)
        return HandedOver(Student.objects.filter(pk__in=[row.pk for row in rows]).update(case_lead=to))


def _led(staff: Staff) -> QuerySet[Student]:
    return Student.objects.filter(case_lead=staff, status=Student.Status.ACTIVE)
