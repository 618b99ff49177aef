"""Items of an agenda as one reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Topic, Visibility
from collab.agendas.permissions import items_visible_to
from collab.agendas.queries.predictions import is_hidden

if TYPE_CHECKING:
    from collab.meetings.models import Meeting
    from teams.directory.models import User


def _items(user: User, meeting: Meeting, **only: object) -> list[AgendaItem]:
    """The items in order. One that the user may not read keeps its place and minutes, and nothing else."""
    rows = (
        meeting.items.filter(**only)
        .select_related("topic__candidate__student", "topic__plan__student", "owner__user")
        .prefetch_related("exhibits")
        .annotate(before=Count("contributions", distinct=True))
        .order_by("position", "pk")
    )
    items: list[AgendaItem] = list(rows)
    if any(item.visibility == Visibility.RESTRICTED for item in items):
        mine = set(items_visible_to(user).filter(meeting=meeting).values_list("pk", flat=True))
    else:
        mine = {item.pk for item in items}
    for item in items:
        item.is_closed_to_me = item.pk not in mine  # type: ignore[attr-defined]
        if item.is_closed_to_me:  # type: ignore[attr-defined]
            item.title, item.prompt, item.outcome, item.ask, item.owner = (
                _("Restricted item"),
                "",
                "",
                "",
                None,
            )
            item.topic = Topic(title=item.title, kind=item.topic.kind)
        # where a chart waits for predictions, no sentence beside it gives its figures away
        item.figures_wait = any(is_hidden(row, meeting) for row in item.exhibits.all())  # type: ignore[attr-defined]
        if item.figures_wait and item.topic.kind == Topic.Kind.CANDIDATE:  # type: ignore[attr-defined]
            item.prompt = ""
    return items
