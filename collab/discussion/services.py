"""Add, edit and retract contributions; agree, vote and group; private writing and its reveal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem
from collab.agendas.permissions import may_read
from collab.agendas.services.locking import authorize_and_lock
from collab.discussion.models import Agreement, Cluster, Contribution, ContributionVersion, Vote
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.permissions import may_run, may_take_part_in
from collab.meetings.services.locking import announce, lock_meeting
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from teams.directory.models import User


@transaction.atomic
def add_contribution(
    item: AgendaItem, *, actor: User, kind: str, text: str, client_key: UUID
) -> Contribution:
    """Add a contribution to ``item``. The same ``client_key`` again returns the same contribution."""
    meeting = authorize_and_lock(item, actor)
    known = Contribution.objects.filter(client_key=client_key, author=actor).first()
    if known:
        return known
    if not text.strip():
        raise DomainError(_("Write what you see first, then add it."))
    contribution = Contribution.objects.create(
        item=item, author=actor, kind=kind, text=text.strip(), client_key=client_key
    )
    _announce(meeting, actor, EventKind.CONTRIBUTED, contribution)
    return contribution


@transaction.atomic
def answer_before(item: AgendaItem, *, actor: User, text: str, client_key: UUID) -> Contribution:
    """Answer an item's question before the meeting. A new answer replaces the actor's earlier one, kept as history."""
    meeting = lock_meeting(item.meeting) if item.meeting else None
    if meeting is None or meeting.state != Meeting.State.PLANNED or not item.ask:
        raise DomainError(_("This meeting no longer has a question to answer beforehand."))
    if not may_take_part_in(actor, meeting) or not may_read(actor, item):
        raise PermissionDenied
    if not text.strip():
        raise DomainError(_("Write what you see first, then add it."))
    mine = item.contributions.filter(author=actor, is_before=True, deleted_at=None).first()
    if mine:
        return _rewrite(mine, kind=mine.kind, text=text.strip())
    contribution = Contribution.objects.create(
        item=item,
        author=actor,
        kind=Contribution.Kind.NOTE,
        text=text.strip(),
        is_before=True,
        client_key=client_key,
    )
    announce(meeting, actor=actor, kind=EventKind.ANSWERED, region=Region.AGENDA, item=str(item.uuid))
    return contribution


@transaction.atomic
def edit_contribution(
    contribution: Contribution, *, actor: User, kind: str, text: str, version: int
) -> Contribution:
    """Reword a contribution; the earlier wording is kept. Raises StaleEdit unless ``version`` is current."""
    meeting = authorize_and_lock(contribution.item, actor)
    contribution = Contribution.objects.select_related("item").get(pk=contribution.pk)
    _own(contribution, actor)
    if contribution.version != version:
        raise StaleEdit(_("This was changed while you were writing."), current=contribution.text)
    if not text.strip():
        raise DomainError(_("The text is empty. To remove your contribution, retract it."))
    contribution = _rewrite(contribution, kind=kind, text=text.strip())
    _announce(meeting, actor, EventKind.EDITED, contribution)
    return contribution


@transaction.atomic
def retract_contribution(contribution: Contribution, *, actor: User) -> Contribution:
    """Retract your own contribution. The row and its history stay; votes on it are returned."""
    meeting = authorize_and_lock(contribution.item, actor)
    contribution = Contribution.objects.select_related("item").get(pk=contribution.pk)
    _own(contribution, actor)
    if contribution.deleted_at is None:
        contribution.deleted_at, contribution.cluster = clock.now(), None
        contribution.save(update_fields=["deleted_at", "cluster"])
        contribution.votes.all().delete()
        _drop_empty_groups(contribution.item)
        _announce(meeting, actor, EventKind.TAKEN_BACK, contribution)
    return contribution


@transaction.atomic
def restore_contribution(contribution: Contribution, *, actor: User) -> Contribution:
    """Undo `retract_contribution`."""
    meeting = authorize_and_lock(contribution.item, actor)
    _own(contribution, actor)
    contribution.deleted_at = None
    contribution.save(update_fields=["deleted_at"])
    _announce(meeting, actor, EventKind.PUT_BACK, contribution)
    return contribution


@transaction.atomic
def toggle_agreement(contribution: Contribution, *, actor: User, wanted: bool | None = None) -> bool:
    """Agree with a contribution or undo it. Returns whether the actor agrees now.

    ``wanted`` is what the pressed button said; if the actor agrees or does not agree already, nothing changes.
    """
    meeting = authorize_and_lock(contribution.item, actor)
    contribution = _open(contribution)
    if contribution.author_id == actor.pk:
        raise DomainError(_("You can’t agree with your own contribution. Others can."))
    mine = Agreement.objects.filter(contribution=contribution, user=actor)
    agrees = mine.exists()
    if wanted is agrees:
        return agrees
    if agrees:
        mine.delete()
    else:
        Agreement.objects.create(contribution=contribution, user=actor)
    _announce(meeting, actor, EventKind.AGREED, contribution)
    return not agrees


@transaction.atomic
def toggle_vote(
    item: AgendaItem,
    *,
    actor: User,
    contribution: Contribution | None = None,
    cluster: Cluster | None = None,
    wanted: bool | None = None,
) -> int:
    """Vote for a contribution or a cluster, or undo it. Returns the number of votes the actor has left.

    If the contribution has been grouped meanwhile, the vote is for its group. ``wanted`` is what the pressed button
    said: a person who voted on another device meanwhile keeps the vote.
    """
    meeting = authorize_and_lock(item, actor)
    mine = Vote.objects.filter(item=item, user=actor)
    if contribution:
        contribution = now = _open(contribution)
        if now.cluster:
            contribution, cluster = None, now.cluster
            if mine.filter(cluster=cluster).exists():
                raise DomainError(_("This is in a group now, and your vote counts for the group."))
    elif AgendaItem.objects.get(pk=item.pk).is_private:
        raise DomainError(_("Everyone is writing privately. Vote once all is revealed."))
    given = mine.filter(contribution=contribution, cluster=cluster).first()
    if wanted is not None and wanted is (given is not None):
        return Vote.EACH - mine.count()
    if given:
        given.delete()
    else:
        free = set(range(1, Vote.EACH + 1)) - set(mine.values_list("slot", flat=True))
        if not free:
            raise DomainError(
                _("You have used all your votes on this item. Undo one to vote for something else.")
            )
        Vote.objects.create(item=item, user=actor, slot=min(free), contribution=contribution, cluster=cluster)
    if contribution:
        _announce(meeting, actor, EventKind.VOTED, contribution)
    else:
        announce(
            meeting, actor=actor, kind=EventKind.VOTED_GROUP, region=Region.CONTRIBUTIONS, item=str(item.uuid)
        )
    return Vote.EACH - mine.count()


@transaction.atomic
def group_contribution(
    contribution: Contribution, *, actor: User, onto: str, title: str = ""
) -> Cluster | None:
    """Move a contribution to the cluster ``onto`` (public id), to a new one named ``title``, or to none.

    Its votes go with it, at most one per person for one thing: a person who has voted for both gets one back. Votes
    for a cluster that it leaves empty become votes for the contribution.
    """
    meeting = authorize_and_lock(contribution.item, actor)
    contribution = _open(contribution)
    item, left = contribution.item, contribution.cluster
    cluster: Cluster | None = None
    if onto == "new":
        if not title.strip():
            raise DomainError(_("Give the group a name first."))
        cluster = item.clusters.filter(title__iexact=title.strip()).first() or Cluster.objects.create(
            item=item, title=title.strip()[:120]
        )
    elif onto:
        cluster = item.clusters.filter(uuid=onto).first()
        if cluster is None:
            raise DomainError(_("That group no longer exists. Choose another, or create a new one."))
    if left == cluster:
        return cluster
    contribution.cluster = cluster
    contribution.save(update_fields=["cluster"])
    if left:
        _move_votes(left.votes.filter(origin=contribution), contribution)
        if not left.contributions.exists():
            _move_votes(left.votes.all(), contribution)
    if cluster:
        _move_votes(contribution.votes.all(), cluster, origin=contribution)
    _drop_empty_groups(item)
    announce(meeting, actor=actor, kind=EventKind.GROUPED, region=Region.CONTRIBUTIONS, item=str(item.uuid))
    return cluster


@transaction.atomic
def write_privately(item: AgendaItem, *, actor: User) -> AgendaItem:
    """Start private writing, until `reveal`."""
    return _set_writing(item, actor, writing=True)


@transaction.atomic
def reveal(item: AgendaItem, *, actor: User) -> AgendaItem:
    """Reveal everybody's contributions."""
    return _set_writing(item, actor, writing=False)


def _set_writing(item: AgendaItem, actor: User, *, writing: bool) -> AgendaItem:
    meeting = authorize_and_lock(item, actor)
    if not may_run(actor, meeting):
        raise PermissionDenied
    item = AgendaItem.objects.get(pk=item.pk)
    if writing and item.state != AgendaItem.State.CURRENT:
        raise DomainError(_("This item is no longer being discussed."))
    now = clock.now()
    if writing:
        item.writing_since, item.revealed_at = now, None
    elif item.is_private:
        item.revealed_at = now
    item.save(update_fields=["writing_since", "revealed_at"])
    announce(
        meeting,
        actor=actor,
        kind=EventKind.WRITING if writing else EventKind.REVEALED,
        region=Region.ROOM,
        item=str(item.uuid),
    )
    return item


def _announce(meeting: Meeting, actor: User, kind: EventKind, contribution: Contribution) -> None:
    keys = {"item": str(contribution.item.uuid), "contribution": str(contribution.uuid)}
    announce(meeting, actor=actor, kind=kind, region=Region.CONTRIBUTIONS, **keys)


def _move_votes(
    votes: QuerySet[Vote], target: Contribution | Cluster, *, origin: Contribution | None = None
) -> None:
    """Move votes to another thing; people who have voted for it already get theirs back."""
    votes.filter(user__in=target.votes.values("user")).delete()
    is_group = isinstance(target, Cluster)
    votes.update(
        contribution=None if is_group else target, cluster=target if is_group else None, origin=origin
    )


def _drop_empty_groups(item: AgendaItem) -> None:
    item.clusters.filter(contributions=None).delete()


def _own(contribution: Contribution, actor: User) -> None:
    if contribution.author_id != actor.pk:
        raise PermissionDenied


def _open(contribution: Contribution) -> Contribution:
    """The contribution as it is now, while its meeting is locked. Raises DomainError if it is private or retracted."""
    contribution = Contribution.objects.select_related("item", "cluster").get(pk=contribution.pk)
    if contribution.deleted_at or contribution.item.is_private:
        raise DomainError(_("This item is no longer being discussed."))
    return contribution


def _rewrite(contribution: Contribution, *, kind: str, text: str) -> Contribution:
    if (contribution.kind, contribution.text) == (kind, text):
        return contribution
    ContributionVersion.objects.create(
        contribution=contribution,
        version=contribution.version,
        kind=contribution.kind,
        text=contribution.text,
    )
    contribution.kind, contribution.text = kind, text
    contribution.version += 1
    contribution.save(update_fields=["kind", "text", "version"])
    return contribution
