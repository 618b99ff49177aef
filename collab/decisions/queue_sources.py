"""The source of a team's queue for decisions to check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collab.agendas.models import Exhibit, Topic
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision
from collab.preparation.queries.sources import Rank, Source
from collab.preparation.services.entries import place_topic
from collab.protocols.models import ReservedFor, StepKind
from teams.access.conditions import one_of
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting
    from collab.preparation.queries.sources import QueueEntry, QueueRequest
    from teams.directory.models import User


class Checks(Source[Decision]):
    """Decisions whose check date has come."""

    kind, label, rank = "check", gettext_lazy("decision to check"), Rank.COMMITTED
    minutes, topic_kind, reserved_for, is_dated = 3, Topic.Kind.CHECK, ReservedFor.CHECKS, True

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Decision]]:
        """Yield decisions without a check topic, longest due first."""
        for row in prepared_rows(_decisions_to_check, request.team.pk, request.day, reader_of(request.user)):
            if row.check_on is None:
                continue
            why = _("Decided on %(day)s, check date %(check)s.") % {
                "day": request.day_of(row.created_at),
                "check": formats.short_day(row.check_on),
            }
            yield self.entry(
                request,
                row,
                (_("Did it work? %(decision)s") % {"decision": row.text})[:200],
                why,
                url=row.item.meeting.get_absolute_url() if row.item.meeting else "",
                due_on=row.check_on,
                is_urgent=row.check_on < request.today,
            )

    def place(self, entry: QueueEntry[Decision], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Ask whether the decision worked, with the charts it was based on."""
        before = entry.subject.item
        item = place_topic(
            entry,
            meeting,
            actor,
            kind=Topic.Kind.CHECK,
            step=StepKind.DECIDE,
            outcome=_("Keep it, change it, or stop it"),
            comes_from=before,
            decision=entry.subject,
        )
        for exhibit in before.exhibits.all():
            Exhibit.objects.create(
                item=item, view=exhibit.view, parameters=exhibit.parameters, added_by=exhibit.added_by
            )
        return item


SOURCES = (Checks(),)


def _decisions_to_check(team_id: int, day: dt.date, reader: User | None) -> QuerySet[Decision]:
    rows = Decision.objects.filter(item__topic__team=team_id, check_on__lte=day)
    rows = rows.filter(~Exists(Topic.objects.filter(decision=OuterRef("pk"))))
    if reader:
        rows = rows.filter(one_of(items_visible_to(reader), "item"))
    return rows.select_related("item__meeting", "measure").order_by("check_on", "pk")
