"""Plans that someone who leaves delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.plans.models import Plan, PlanGroup
from teams.access.permissions import staff_where
from teams.audit.services import record_events
from teams.lib import formats
from teams.people.queries.handover import HandedOver, OpenWork, WorkSource

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Staff, User

KEY = "delivered"


class Plans(WorkSource):
    """Drafts and active plans, with their next review, and groups."""

    name = "plans"

    def work_of(self, staff: Staff) -> list[OpenWork]:
        """All plans together, for anyone who may deliver plans."""
        plans = list(_running(staff).select_related("strategy").order_by("review_on", "pk"))
        groups = list(_led(staff))
        if not plans and not groups:
            return []
        title = ngettext("%(n)s plan to deliver", "%(n)s plans to deliver", len(plans))
        lines = [
            _("%(strategy)s, review %(day)s")
            % {"strategy": plan.strategy, "day": formats.short_day(plan.review_on)}
            for plan in plans
        ] + [_("Leads the group “%(group)s”") % {"group": group} for group in groups]
        recipients = staff_where(staff.school, "deliver_plan").exclude(pk=staff.pk)
        return [OpenWork(KEY, title % {"n": formats.number(len(plans))}, lines, list(recipients))]

    def hand_over(self, staff: Staff, key: str, *, to: Staff, actor: User) -> HandedOver:
        """Let ``to`` deliver them, and see their students."""
        plans = list(_running(staff).select_for_update(of=("self",), no_key=True))
        record_events(
            actor,
            "handed-over-plan",
            plans,
            school=staff.school,
            before=str(staff.uuid),
            provider=str(to.uuid),
        )
        groups = list(_led(staff).select_for_update(of=("self",), no_key=True))
        record_events(
            actor,
            "handed-over-plan-group",
            groups,
            school=staff.school,
            before=str(staff.uuid),
            provider=str(to.uuid),
        )
        PlanGroup.objects.filter(pk__in=[group.pk for group in groups]).update(provider=to)
        return HandedOver(Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(provider=to))


def _running(staff: Staff) -> QuerySet[Plan]:
    return Plan.objects.filter(provider=staff).exclude(state=Plan.State.ENDED)


def _led(staff: Staff) -> QuerySet[PlanGroup]:
    return PlanGroup.objects.filter(provider=staff, ended_on=None)
