"""Item order, and which reserved time an item uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from collab.agendas.models import AgendaItem, Topic
from collab.protocols.models import StepKind
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.meetings.models import Meeting


def place_item(item: AgendaItem, meeting: Meeting, *, reserved_for: str = "") -> None:
    """Put ``item`` on the agenda of a locked ``meeting``, after the step that reserves minutes for its kind.

    Its minutes are taken from that step so that the agenda still fits the meeting. Without such a step it
    goes before the closing steps.
    """
    order = list(meeting.items.select_related("topic").order_by("position", "pk"))
    item.meeting, item.placed_at = meeting, clock.now()
    item.position = (meeting.items.aggregate(last=Max("position"))["last"] or 0) + 10
    item.save()
    insert_item(order, item, reserved_for)
    renumber(order)


def insert_item(order: list[AgendaItem], item: AgendaItem, reserved_for: str) -> None:
    """Put ``item`` into ``order`` as `place_item` does, with the minutes of the step; positions stay to be numbered."""
    hosts = [step for step in order if reserved_for and step.reserved_for == reserved_for and _is_step(step)]
    host = next((step for step in hosts if step.minutes > item.minutes), hosts[0] if hosts else None)
    closing = next(
        (step for step in order if step.kind in (StepKind.PLAN, StepKind.REFLECT) and _is_step(step)), None
    )
    if host:
        order.insert(_end_of(order, host, reserved_for), item)
        item.reserved_for = reserved_for
        item.save(update_fields=["reserved_for"])
        _take_minutes(host, item.minutes)
    elif closing:
        order.insert(order.index(closing), item)
    else:
        order.append(item)


def put_before(item: AgendaItem, meeting: Meeting, uuid: str) -> None:
    """Move ``item`` before the one with that public id. If that one is gone, do nothing."""
    order = [one for one in meeting.items.order_by("position", "pk") if one.pk != item.pk]
    place = next((at for at, one in enumerate(order) if str(one.uuid) == uuid), None)
    if place is not None:
        renumber([*order[:place], item, *order[place:]])


def _is_step(item: AgendaItem) -> bool:
    return item.topic.kind == Topic.Kind.STEP and item.state == AgendaItem.State.WAITING


def _end_of(order: list[AgendaItem], host: AgendaItem, reserved_for: str) -> int:
    """The index after ``host`` and the items that already use its minutes."""
    place = order.index(host) + 1
    while place < len(order) and order[place].reserved_for == reserved_for and not _is_step(order[place]):
        place += 1
    return place


def _take_minutes(host: AgendaItem, minutes: int) -> None:
    """Take minutes from a step, leaving at least one."""
    if host.minutes_reserved is None:
        host.minutes_reserved = host.minutes
    host.minutes = max(1, host.minutes - minutes)
    host.save(update_fields=["minutes", "minutes_reserved"])


def return_minutes(item: AgendaItem) -> None:
    """Return the minutes of ``item`` to the step they came from, up to those it reserves.

    Minutes that the meeting has added to the step are not among them, so it keeps them.
    """
    host = AgendaItem.objects.filter(
        meeting=item.meeting, reserved_for=item.reserved_for, topic__kind=Topic.Kind.STEP, minutes_reserved__isnull=False
    ).exclude(reserved_for="").first()  # fmt: skip
    if host:
        planned = host.minutes if host.minutes_planned is None else host.minutes_planned
        returned = max(0, min(item.minutes, (host.minutes_reserved or 0) - planned))
        host.minutes += returned
        if host.minutes_planned is not None:
            host.minutes_planned += returned
        host.save(update_fields=["minutes", "minutes_planned"])


def renumber(order: Iterable[AgendaItem]) -> None:
    """Set the items' positions to this order."""
    for place, item in enumerate(order, start=1):
        if item.position != place * 10:
            item.position = place * 10
            item.save(update_fields=["position"])
