"""What is searched: each kind of text, and the rows of it that a reader may open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem, Exhibit
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision, DecisionStudent
from collab.discussion.queries import contributions_visible_to
from collab.followup.models import Cause, TeachingChange
from collab.followup.permissions import questions_visible_to
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from datareview.records.permissions import students_visible_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet
    from django.utils.functional import _StrPromise

    from collab.actions.models import Action
    from collab.discussion.models import Contribution
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text: rows a user may read, searched fields, and paths to team and meeting."""

    label: _StrPromise
    rows: Callable[[Reader], QuerySet[Any]]
    fields: tuple[str, ...]
    team: str
    meeting: str
    related: tuple[str, ...]


class Reader:
    """What one user may read, loaded once for all kinds."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def students(self) -> RawSQL:
        """Ids of students the user may see, as a subquery."""
        return _ids(students_visible_to(self.user))

    @cached_property
    def items(self) -> Any:
        """Ids of `open_items`, as a subquery."""
        return _ids(self.open_items())

    def open_items(self) -> QuerySet[AgendaItem]:
        """Items that the user may read, except those about students they may not see."""
        return items_visible_to(self.user).filter(
            Q(topic__candidate=None) | Q(topic__candidate__student_id__in=self.students),
            Q(topic__plan=None) | Q(topic__plan__student_id__in=self.students),
            Q(topic__decision=None) | ~Exists(self._hidden("topic__decision")),
        )

    def searchable_items(self) -> QuerySet[AgendaItem]:
        """Items whose text may be searched. While a chart waits for predictions, it may contain its figures."""
        waits = Exhibit.objects.filter(predict_first=True, lifted_at=None)
        return self.open_items().exclude(
            Q(pk__in=waits.values("item_id")) & ~Q(meeting__state=Meeting.State.CLOSED)
        )

    def on_items(self, model: type[Model]) -> QuerySet[Any]:
        """Rows of ``model`` on those items."""
        return model._default_manager.filter(item_id__in=self.items)  # noqa: SLF001 (documented Meta API)

    def contributions(self) -> QuerySet[Contribution]:
        """Contributions on those items, except private ones."""
        return contributions_visible_to(self.user, self.items)

    def decisions(self) -> QuerySet[Decision]:
        """Decisions on those items, except for students the user may not see."""
        return self.on_items(Decision).filter(~Exists(self._hidden("pk")))

    def actions(self) -> QuerySet[Action]:
        """Visible action items, except about students the user may not see."""
        return actions_visible_to(self.user).filter(
            Q(item=None) | Q(item_id__in=self.items),
            Q(student=None) | Q(student_id__in=self.students),
            Q(plan=None) | Q(plan__student_id__in=self.students),
        )

    def _hidden(self, decision: str) -> QuerySet[DecisionStudent]:
        rows = DecisionStudent.objects.filter(decision=OuterRef(decision))
        return rows.exclude(student_id__in=self.students)


def _ids(rows: QuerySet[Any]) -> RawSQL:
    """The ids of ``rows`` as a subquery with one parameter, however many there are. Loaded once."""
    ids = list(rows.order_by().values_list("pk", flat=True))
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [ids])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(ids)])


KINDS: dict[str, Kind] = {
    "decision": Kind(
        _("Decisions"),
        Reader.decisions,
        ("text",),
        "item__topic__team",
        "item__meeting",
        ("item__meeting__team", "item__topic__team", "decided_by"),
    ),
    "action": Kind(
        _("Action items"),
        Reader.actions,
        ("text", "reason"),
        "team",
        "item__meeting",
        ("team", "item__meeting__team", "owner__user"),
    ),
    "item": Kind(
        _("Agenda and minutes"),
        Reader.searchable_items,
        ("title", "prompt", "outcome"),
        "topic__team",
        "meeting",
        ("meeting__team", "topic__team"),
    ),
    "meeting": Kind(
        _("Meetings"),
        lambda reader: meetings_visible_to(reader.user),
        ("title", "purpose"),
        "team",
        "",
        ("team",),
    ),
    "contribution": Kind(
        _("Contributions"),
        Reader.contributions,
        ("text",),
        "item__topic__team",
        "item__meeting",
        ("item__meeting__team", "item__topic__team", "author"),
    ),
    "cause": Kind(
        _("Causes"),
        lambda reader: reader.on_items(Cause),
        ("text",),
        "item__topic__team",
        "item__meeting",
        ("item__meeting__team", "item__topic__team", "author"),
    ),
    "change": Kind(
        _("Teaching changes"),
        lambda reader: reader.on_items(TeachingChange),
        ("text", "saw"),
        "item__topic__team",
        "item__meeting",
        ("item__meeting__team", "item__topic__team", "teacher__user"),
    ),
    "question": Kind(
        _("Questions for leaders"),
        lambda reader: questions_visible_to(reader.user).filter(item_id__in=reader.items),
        ("text", "answer"),
        "item__topic__team",
        "item__meeting",
        ("item__meeting__team", "item__topic__team", "asked_by"),
    ),
}

# Names of one result of each kind.
ONE: dict[str, _StrPromise] = {
    "decision": _("Decision"),
    "action": _("Action item"),
    "item": _("Agenda item"),
    "meeting": _("Meeting"),
    "contribution": _("Contribution"),
    "cause": _("Cause"),
    "change": _("Teaching change"),
    "question": _("Question for leaders"),
}
