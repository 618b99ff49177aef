"""Return items that a meeting did not reach to the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.agendas.models import AgendaItem, ItemReader, Topic

if TYPE_CHECKING:
    from collab.meetings.models import Meeting


# Fields copied to the item that waits for the next meeting.
CARRIED = (
    "title",
    "prompt",
    "outcome",
    "ask",
    "kind",
    "speaker",
    "capture",
    "visibility",
    "minutes",
    "owner",
)


def return_unreached_items(meeting: Meeting) -> None:
    """Requeue unreached topics with their exhibits for the next meeting. Protocol steps are dropped."""
    unreached = meeting.items.filter(state=AgendaItem.State.WAITING).exclude(topic__kind=Topic.Kind.STEP)
    for item in unreached.select_related("topic"):
        item.state = AgendaItem.State.MOVED
        item.save(update_fields=["state"])
        requeue(item)


def requeue(item: AgendaItem) -> None:
    """Return the item's topic to the queue for the next meeting, with its exhibits and readers."""
    kept = {name: getattr(item, name) for name in CARRIED}
    waiting, is_new = AgendaItem.objects.get_or_create(topic=item.topic, meeting=None, defaults=kept)
    if not is_new:
        return
    for exhibit in item.exhibits.all():
        waiting.exhibits.create(
            view=exhibit.view,
            parameters=exhibit.parameters,
            added_by=exhibit.added_by,
            predict_first=exhibit.predict_first and exhibit.lifted_at is None,
        )
    ItemReader.objects.bulk_create(
        ItemReader(item=waiting, staff_id=reader.staff_id) for reader in item.readers.all()
    )
