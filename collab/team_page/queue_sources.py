"""Source of a team's queue: its norms, when their review is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collab.agendas.models import Topic
from collab.preparation.queries.sources import QueueEntry, Rank, Source
from collab.preparation.services.entries import place_topic
from collab.protocols.models import ReservedFor, StepKind
from teams.directory.models import Team
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting
    from collab.preparation.queries.sources import QueueRequest
    from teams.directory.models import User


class NormsReview(Source[Team]):
    """The team's norms, once on an agenda for each review date."""

    kind, label, rank = "norms", gettext_lazy("norms to review"), Rank.COMMITTED
    minutes, topic_kind, reserved_for, is_dated = 5, Topic.Kind.NORMS, ReservedFor.CHECKS, True

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Team]]:
        """Yield the review if its date has come and it is on no agenda yet."""
        team, due_on = request.team, request.team.norms_review_on
        if due_on is None or due_on > request.day or not team.norms.exists():
            return
        if Topic.objects.filter(team=team, kind=Topic.Kind.NORMS, due_on=due_on).exists():
            return
        why = _("The team set this review for %(day)s.") % {"day": formats.short_day(due_on)}
        if team.norms_adopted_on:
            dates = {"adopted": formats.short_day(team.norms_adopted_on), "review": formats.short_day(due_on)}
            why = _("Adopted on %(adopted)s, review set for %(review)s.") % dates
        yield self.entry(
            request,
            team,
            _("Do our norms still serve us?"),
            why,
            url=reverse("collab:norms-set", args=[team.uuid]),
            due_on=due_on,
        )

    def place(self, entry: QueueEntry[Team], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Ask which norms to keep, change or drop."""
        return place_topic(
            entry,
            meeting,
            actor,
            kind=Topic.Kind.NORMS,
            step=StepKind.DECIDE,
            outcome=_("The norms for the coming months, and the date of their next review"),
        )


SOURCES = (NormsReview(),)
