"""What was said on an item, as one reader may see it: by kind, in groups, with agreement and votes."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from collab.agendas.models import AgendaItem, Visibility
from collab.agendas.permissions import items_visible_to
from collab.discussion.models import Agreement, Cluster, Contribution, ContributionVersion, Vote
from collab.meetings.models import EventKind, MeetingEvent, Region

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from collab.meetings.models import Meeting
    from teams.directory.models import User

ALWAYS = (Contribution.Kind.NOTICE, Contribution.Kind.WONDER)
# While it is so, people read their own words only.
PRIVATE = Q(item__writing_since__isnull=False, item__revealed_at=None) | Q(
    is_before=True, item__state=AgendaItem.State.WAITING
)
# What changes rows and nothing around them.
ROW_EVENTS = (EventKind.CONTRIBUTED, EventKind.AGREED, EventKind.VOTED)
_HISTORY = (Prefetch("versions", queryset=ContributionVersion.objects.order_by("version")),)


@dataclass(frozen=True, slots=True)
class ContributionGroup:
    """The contributions of one kind, or of one group."""

    kind: str
    label: str
    contributions: list[Contribution]
    cluster: Cluster | None = None


@dataclass(frozen=True, slots=True)
class Discussion:
    """Everything said on an item for one reader. ``others`` writes privately while it is not revealed."""

    groups: list[ContributionGroup]
    kinds: list[ContributionGroup]
    before: list[Contribution]
    mine_back: list[Contribution]
    votes_left: int
    written: int
    writers: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there for the reader."""
        return not any(said.contributions for said in [*self.groups, *self.kinds])

    @property
    def clusters(self) -> list[Cluster]:
        """The groups there are."""
        return [said.cluster for said in self.groups if said.cluster]


@dataclass(frozen=True, slots=True)
class RoomUpdate:
    """What a page lacks: rows to add to their kind (with how many it has now), rows to draw again.

    ``votes_left`` is None where the page knows it.
    """

    item: AgendaItem
    fresh: list[ContributionGroup]
    counts: dict[str, int]
    changed: list[Contribution]
    votes_left: int | None

    @property
    def rows(self) -> int:
        """How many rows are new or changed."""
        return len(self.changed) + sum(len(said.contributions) for said in self.fresh)


@dataclass(frozen=True, slots=True)
class _SharedUpdate:
    """What was said on an open item from one revision to another, before it is seen with one reader's eyes."""

    rows: list[Contribution]
    new: set[str]
    counts: dict[str, int]
    voters: set[int]


def contributions_visible_to(user: User, items: Collection[int] | QuerySet) -> QuerySet[Contribution]:
    """Contributions on ``items`` that ``user`` may read: own ones, and others' that are not private.

    Private are those of an item on which people write for themselves, and answers given before an item is
    taken up. What was taken back is left out.
    """
    rows = Contribution.objects.filter(item__in=items, deleted_at=None)
    return rows.filter(Q(author_id=user.pk) | ~PRIVATE)


def own_contributions(user: User, items: QuerySet[AgendaItem]) -> QuerySet[Contribution]:
    """The user's contributions on ``items``, retracted ones too."""
    return Contribution.objects.filter(item__in=items, author=user)


def clusters_visible_to(user: User) -> QuerySet[Cluster]:
    """Groups of contributions on items that the user may read."""
    return Cluster.objects.filter(item__in=items_visible_to(user)).select_related("item__meeting__team")


def discussion_of(user: User, item: AgendaItem) -> Discussion:
    """What was said on ``item``: groups by votes, then single ones by kind; notices and wonders always."""
    rows = list(_annotated(contributions_visible_to(user, [item.pk]), user))
    all_rows = Contribution.objects.filter(item=item, deleted_at=None, is_before=False)
    counts = all_rows.aggregate(written=Count("pk"), writers=Count("author", distinct=True))
    single = [row for row in rows if row.cluster_id is None and not row.is_before]
    return Discussion(
        groups=_groups(user, item, rows),
        kinds=_kinds(single),
        before=[row for row in rows if row.is_before],
        mine_back=list(Contribution.objects.filter(item=item, author=user).exclude(deleted_at=None)),
        votes_left=_votes_left(user, item),
        written=counts["written"],
        writers=counts["writers"],
    )


def update_since(user: User, meeting: Meeting, since: int) -> RoomUpdate | None:
    """What ``user``'s page lacks since revision ``since``; None when all must be drawn again.

    A page in a busy meeting is told of one new row, not sent all of them each time somebody writes. The item on
    the table is one that everybody in the room reads alike, so that its rows are read once for all of them.
    """
    item = meeting.items.filter(state=AgendaItem.State.CURRENT).first()
    if item is None or item.is_private or item.visibility == Visibility.RESTRICTED:
        return None
    told = _shared_update(meeting.pk, item.pk, str(item.uuid), since, meeting.revision)
    if told is None:
        return None
    rows = [_seen_by(user, row) for row in told.rows]
    by_kind = _kinds([row for row in rows if str(row.uuid) in told.new])
    is_start = sum(told.counts.values()) == len(told.new)
    return RoomUpdate(
        item=item,
        fresh=[said for said in by_kind if said.contributions],
        counts=told.counts,
        changed=[row for row in rows if str(row.uuid) not in told.new],
        votes_left=_votes_left(user, item) if is_start or user.pk in told.voters else None,
    )


@lru_cache(maxsize=256)
def _shared_update(meeting_id: int, item_id: int, item: str, since: int, until: int) -> _SharedUpdate | None:
    """The rows between two revisions; None where more changed than rows. The first who asks reads for all."""
    events = MeetingEvent.objects.filter(meeting=meeting_id, revision__gt=since, revision__lte=until)
    new: set[str] = set()
    touched: set[str] = set()
    voters: set[int] = set()
    for kind, region, data, actor in events.values_list("kind", "region", "data", "actor_id"):
        if region == Region.ROOM or (region == Region.CONTRIBUTIONS and kind not in ROW_EVENTS):
            return None
        if region == Region.CONTRIBUTIONS and data.get("item") == item:
            (new if kind == EventKind.CONTRIBUTED else touched).add(data["contribution"])
            voters |= {actor} if kind == EventKind.VOTED else set()
    open_rows = Contribution.objects.filter(item=item_id, deleted_at=None).exclude(PRIVATE)
    rows = (
        list(
            open_rows.filter(uuid__in=new | touched)
            .select_related("author")
            .prefetch_related(*_HISTORY, "agreements", "votes")
            .order_by("pk")
        )
        if new | touched
        else []
    )
    single = open_rows.filter(cluster=None, is_before=False)
    counts = dict(single.values_list("kind").annotate(n=Count("pk")).order_by())
    fresh = Counter(row.kind for row in rows if str(row.uuid) in new)
    begins = any(kind not in ALWAYS and counts.get(kind) == n for kind, n in fresh.items())
    if begins or any(row.cluster_id for row in rows):
        return None
    return _SharedUpdate(rows, new, counts, voters)


def _seen_by(user: User, row: Contribution) -> Contribution:
    """A copy of a shared row, with what is the reader's own."""
    own = copy(row)
    agreed = {agreement.user_id for agreement in row.agreements.all()}
    voted = {vote.user_id for vote in row.votes.all()}
    own.agree, own.i_agree = len(agreed), user.pk in agreed  # type: ignore[attr-defined]
    own.voted, own.i_voted = len(voted), user.pk in voted  # type: ignore[attr-defined]
    return own


def _votes_left(user: User, item: AgendaItem) -> int:
    return Vote.EACH - Vote.objects.filter(item=item, user=user).count()


def _annotated(rows: QuerySet[Contribution], user: User) -> QuerySet[Contribution]:
    own_agreement = Agreement.objects.filter(contribution=OuterRef("pk"), user=user)
    own_vote = Vote.objects.filter(contribution=OuterRef("pk"), user=user)
    return (
        rows.select_related("author")
        .annotate(
            agree=Count("agreements", distinct=True),
            voted=Count("votes", distinct=True),
            i_agree=Exists(own_agreement),
            i_voted=Exists(own_vote),
        )
        .prefetch_related(*_HISTORY)
        .order_by("pk")
    )


def _groups(user: User, item: AgendaItem, rows: list[Contribution]) -> list[ContributionGroup]:
    own_vote = Vote.objects.filter(cluster=OuterRef("pk"), user=user)
    clusters = item.clusters.annotate(voted=Count("votes"), i_voted=Exists(own_vote))
    return [
        ContributionGroup(
            "group", cluster.title, [row for row in rows if row.cluster_id == cluster.pk], cluster
        )
        for cluster in clusters.order_by("-voted", "pk")
    ]


def _kinds(rows: list[Contribution]) -> list[ContributionGroup]:
    return [
        ContributionGroup(str(kind), str(label), found)
        for kind, label in Contribution.Kind.choices
        if (found := [row for row in rows if row.kind == kind]) or kind in ALWAYS
    ]
