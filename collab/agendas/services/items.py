"""Add, edit, move, remove and park agenda items by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, ItemReader, Topic, Visibility
from collab.agendas.permissions import may_read
from collab.agendas.queries.subjects import is_about_student
from collab.agendas.services.locking import authorize_and_lock
from collab.agendas.services.placement import place_item, renumber, return_minutes
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.permissions import may_arrange, may_run, may_take_part_in
from collab.meetings.services.locking import announce, lock_meeting
from collab.protocols.models import Capture, ReservedFor
from datareview.assessments.permissions import assessments_visible_to
from teams.access.permissions import own_staff
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from datareview.records.models import Assessment
    from teams.directory.models import Staff, User

EDITABLE = ("title", "prompt", "outcome", "ask", "kind", "capture", "minutes", "owner", "visibility")


@transaction.atomic
def add_item(
    meeting: Meeting,
    *,
    actor: User,
    readers: Iterable[Staff] = (),
    assessment: Assessment | None = None,
    **fields: Any,
) -> AgendaItem:
    """Add an item to an open agenda; ``fields`` are those in `EDITABLE`, ``assessment`` is one whose results it is about.

    A guest may add an item too, but none that the team can't read.
    """
    meeting = lock_agenda(meeting, actor, may=may_take_part_in)
    if fields.get("visibility") == Visibility.RESTRICTED and not may_run(actor, meeting):
        raise DomainError(_("Only the team can restrict an item of its agenda to named people."))
    topic = Topic(team=meeting.team, title=fields["title"], wanted_by=actor)
    _set_assessment(topic, assessment, actor)
    topic.save()
    if assessment and fields.get("capture", Capture.NOTES) == Capture.NOTES:
        fields["capture"] = Capture.CAUSE  # as for results from the queue
    item = AgendaItem(topic=topic, **{name: value for name, value in fields.items() if name in EDITABLE})
    _check_visibility(item)
    place_item(item, meeting)
    _set_readers(item, {*readers, meeting.facilitator}, actor)
    announce(meeting, actor=actor, kind=EventKind.ITEM_ADDED, region=Region.AGENDA)
    return item


@transaction.atomic
def edit_item(
    item: AgendaItem, *, actor: User, version: int, readers: Iterable[Staff | None] = (), **fields: Any
) -> AgendaItem:
    """Edit an item. Raises StaleEdit unless ``version`` is the current one. ``fields`` may have an ``assessment`` too.

    The facilitator reads an item that is restricted now. A later facilitator reads it only if named.
    """
    if item.meeting is None:
        raise DomainError(_("This item isn’t on an agenda yet. Add it to one first."))
    meeting = lock_agenda(item.meeting, actor)
    item = AgendaItem.objects.select_related("topic", "meeting").get(pk=item.pk)
    if not may_read(actor, item):
        raise PermissionDenied
    if item.version != version:
        now = " · ".join(str(part) for part in (item.title, item.minutes, item.outcome) if part)
        raise StaleEdit(_("Someone changed this item while you were writing."), current=now)
    if item.visibility != Visibility.RESTRICTED:
        readers = {*readers, meeting.facilitator}
    for name in EDITABLE:
        if name in fields:
            setattr(item, name, fields[name])
    if "assessment" in fields:
        _set_assessment(item.topic, fields["assessment"], actor)
        item.topic.save(update_fields=["assessment", "kind"])
    _check_visibility(item)
    item.version += 1
    item.changed_at = clock.now()
    item.save()
    _set_readers(item, readers, actor)
    # people who may no longer read the current item must not keep it on their screens
    region = Region.ROOM if item.state == AgendaItem.State.CURRENT else Region.AGENDA
    announce(meeting, actor=actor, kind=EventKind.ITEM_EDITED, region=region)
    return item


def _set_assessment(topic: Topic, assessment: Assessment | None, actor: User) -> None:
    """Make a topic that people added one about the results of an assessment of its team, or about none."""
    if assessment == topic.assessment or topic.kind not in (Topic.Kind.OTHER, Topic.Kind.DATA):
        return
    topic.assessment = assessment
    topic.kind = Topic.Kind.DATA if assessment else Topic.Kind.OTHER
    if assessment is None:
        return
    if not assessments_visible_to(actor).filter(pk=assessment.pk, team=topic.team).exists():
        raise PermissionDenied
    other = Topic.objects.filter(team=topic.team, assessment=assessment, is_closed=False).exclude(pk=topic.pk)
    if found := other.first():
        raise DomainError(
            _("These results are on an agenda or in the queue already: “%(title)s”.") % {"title": found.title}
        )


def _check_visibility(item: AgendaItem) -> None:
    if item.visibility == Visibility.STAFF and is_about_student(item):
        raise DomainError(
            _("An item about a student can’t be open to all staff. Choose the team or named people.")
        )


def _set_readers(item: AgendaItem, readers: Iterable[Staff | None], actor: User) -> None:
    """Set the readers of a restricted item; the actor is always included."""
    item.readers.all().delete()
    if item.visibility != Visibility.RESTRICTED:
        return
    meeting = item.meeting
    own = own_staff(actor, meeting.team.school) if meeting else None
    named = {staff.pk for staff in (*readers, own) if staff}
    ItemReader.objects.bulk_create(ItemReader(item=item, staff_id=pk) for pk in sorted(named))


@transaction.atomic
def park(item: AgendaItem, *, actor: User, text: str) -> AgendaItem:
    """Park a new topic: it waits in the team's queue, once, with a note of the item it came from."""
    meeting = authorize_and_lock(item, actor)
    if not text.strip():
        raise DomainError(_("Say in a few words what to park."))
    known = AgendaItem.objects.filter(
        topic__team=meeting.team,
        topic__kind=Topic.Kind.PARKED,
        topic__is_closed=False,
        meeting=None,
        title=text.strip()[:200],
        visibility=item.visibility,
    ).first()
    if known and may_read(actor, known):
        return known
    topic = Topic.objects.create(
        team=meeting.team,
        title=text.strip()[:200],
        kind=Topic.Kind.PARKED,
        wanted_by=actor,
        why=_("Parked on %(day)s during: %(item)s")
        % {
            "day": formats.short_day(meeting.starts_at, tz=meeting.team.school.tz),
            "item": item.title,
        },
    )
    parked = AgendaItem.objects.create(topic=topic, title=topic.title, visibility=item.visibility)
    copy_readers(item, parked)
    announce(meeting, actor=actor, kind=EventKind.PARKED, region=Region.DECISIONS, item=str(item.uuid))
    return parked


def copy_readers(before: AgendaItem, item: AgendaItem) -> None:
    """Let the readers and owner of ``before`` read ``item``, which was derived from it."""
    named = {*before.readers.values_list("staff_id", flat=True), before.owner_id}
    known = {*item.readers.values_list("staff_id", flat=True), item.owner_id}
    missing = sorted(pk for pk in named - known if pk is not None)
    ItemReader.objects.bulk_create(ItemReader(item=item, staff_id=pk) for pk in missing)


@transaction.atomic
def order_items(meeting: Meeting, *, actor: User, order: list[str]) -> None:
    """Reorder items by ``order`` (public ids); unlisted items follow in their current order."""
    meeting = lock_agenda(meeting, actor, may=may_arrange)
    places = {uuid: place for place, uuid in enumerate(order)}
    rows = list(meeting.items.order_by("position", "pk"))
    wanted = sorted(rows, key=lambda item: places.get(str(item.uuid), len(places)))
    if wanted == rows:
        return
    renumber(wanted)
    announce(meeting, actor=actor, kind=EventKind.ITEMS_MOVED, region=Region.AGENDA)


@transaction.atomic
def move_item(item: AgendaItem, *, actor: User, by: int) -> None:
    """Move an item down by ``by`` places, up if negative."""
    if item.meeting is None:
        return
    meeting = lock_agenda(item.meeting, actor, may=may_arrange)
    order = list(meeting.items.order_by("position", "pk"))
    index = next((place for place, other in enumerate(order) if other.pk == item.pk), None)
    if index is None:
        return  # somebody removed it meanwhile
    order.insert(max(0, min(len(order) - 1, index + by)), order.pop(index))
    renumber(order)
    announce(meeting, actor=actor, kind=EventKind.ITEMS_MOVED, region=Region.AGENDA)


@transaction.atomic
def remove_item(item: AgendaItem, *, actor: User) -> None:
    """Remove an item from an agenda: its topic returns to the queue; a protocol step is deleted."""
    if item.meeting is None:
        return
    meeting = lock_agenda(item.meeting, actor)
    # reload under the lock: it may have been started or removed meanwhile
    found = meeting.items.select_related("topic", "meeting").filter(pk=item.pk).first()
    if found is None:
        return
    item = found
    if not may_read(actor, item):
        raise PermissionDenied
    if item.state != AgendaItem.State.WAITING:
        raise DomainError(_("This item has already started, so it stays in the minutes."))
    key = f"waiting:{item.pk}"  # its key in the queue, so that it is not added to this agenda again automatically
    if item.topic.kind == Topic.Kind.STEP:
        if item.contributions.exists():
            raise DomainError(_("People have already written on this step, so it stays on the agenda."))
        key = f"promises:{meeting.team_id}" if item.reserved_for == ReservedFor.CHECKS else ""
        item.delete()
    else:
        return_minutes(item)
        item.meeting, item.reserved_for = None, ""
        item.save(update_fields=["meeting", "reserved_for"])
    announce(meeting, actor=actor, kind=EventKind.ITEM_REMOVED, region=Region.AGENDA, key=key)


def lock_agenda(meeting: Meeting, actor: User, *, may: Callable[[User, Meeting], bool] = may_run) -> Meeting:
    """The locked meeting, if ``actor`` may change its agenda. Raises DomainError once it is minutes."""
    meeting = lock_meeting(meeting)
    if not may(actor, meeting):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("This meeting is closed, so its minutes don’t change."))
    return meeting
