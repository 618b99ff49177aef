"""The discussion of an item as one reader may see it: by kind, in groups, with agreement and votes."""

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
from teams.access.conditions import one_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import User

ALWAYS = (Contribution.Kind.NOTICE, Contribution.Kind.WONDER)
# Contributions that only their author may read.
PRIVATE = Q(item__writing_since__isnull=False, item__revealed_at=None) | Q(
    is_before=True, item__state=AgendaItem.State.WAITING
)
# Events that change single rows and nothing around them. A vote can move a row.
ROW_EVENTS = (EventKind.CONTRIBUTED, EventKind.AGREED)
LONG = 10  # contributions of one kind, from which some are folded
FIRST, LAST = 6, 3  # those with most votes and the newest, which stay in sight
_HISTORY = (Prefetch("versions", queryset=ContributionVersion.objects.order_by("version")),)


@dataclass(frozen=True, slots=True)
class ContributionGroup:
    """Contributions of one kind, or of one cluster."""

    kind: str
    label: str
    contributions: list[Contribution]
    cluster: Cluster | None = None

    @property
    def first(self) -> list[Contribution]:
        """Those with most votes, if the list is long; otherwise none."""
        return self.contributions[:FIRST] if len(self.contributions) > LONG else []

    @property
    def folded(self) -> list[Contribution]:
        """Those between the first and the last ones of a long list."""
        return self.contributions[FIRST:-LAST] if len(self.contributions) > LONG else []

    @property
    def last(self) -> list[Contribution]:
        """The last ones of a long list; of a short one, all."""
        return self.contributions[len(self.first) + len(self.folded) :]


@dataclass(frozen=True, slots=True)
class Discussion:
    """The discussion of an item for one reader. ``written`` and ``writers`` also count hidden contributions."""

    groups: list[ContributionGroup]
    kinds: list[ContributionGroup]
    before: list[Contribution]
    mine_retracted: list[Contribution]
    votes_left: int
    written: int
    writers: int

    @property
    def is_empty(self) -> bool:
        """Whether the reader sees no contributions."""
        return not any(group.contributions for group in [*self.groups, *self.kinds])

    @property
    def clusters(self) -> list[Cluster]:
        """The clusters."""
        return [group.cluster for group in self.groups if group.cluster]


@dataclass(frozen=True, slots=True)
class RoomUpdate:
    """An incremental update: new rows by kind with total counts, and rows that changed.

    ``votes_left`` is None if it did not change.
    """

    item: AgendaItem
    fresh: list[ContributionGroup]
    counts: dict[str, int]
    changed: list[Contribution]
    votes_left: int | None

    @property
    def rows(self) -> int:
        """Number of new and changed rows."""
        return len(self.changed) + sum(len(group.contributions) for group in self.fresh)


@dataclass(frozen=True, slots=True)
class _SharedUpdate:
    """Changes to an open item between two revisions, the same for all readers."""

    rows: list[Contribution]
    new: set[str]
    counts: dict[str, int]


def contributions_visible_to(user: User, items: Collection[int] | QuerySet) -> QuerySet[Contribution]:
    """Contributions on ``items`` that ``user`` may read: their own, and others' unless private.

    Private are those of an item in private writing, and answers given before an item starts. Retracted ones
    are left out.
    """
    rows = Contribution.objects.filter(item__in=items, deleted_at=None)
    return rows.filter(Q(author_id=user.pk) | ~PRIVATE)


def own_contributions(user: User, items: QuerySet[AgendaItem]) -> QuerySet[Contribution]:
    """The user's contributions on ``items``, including retracted ones."""
    return Contribution.objects.filter(item__in=items, author=user)


def answered_before(user_id: int, items: list[int]) -> QuerySet[Contribution, int]:
    """Ids of the ``items`` whose question the user answered before the meeting, for `prepared_rows`."""
    rows = Contribution.objects.filter(author=user_id, item__in=items, is_before=True, deleted_at=None)
    return rows.order_by("pk").values_list("item", flat=True)


def clusters_visible_to(user: User) -> QuerySet[Cluster]:
    """Clusters on items that the user may read."""
    return Cluster.objects.filter(one_of(items_visible_to(user), "item")).select_related(
        "item__meeting__team"
    )


def discussion_of(user: User, item: AgendaItem) -> Discussion:
    """The discussion of ``item``: clusters by votes, then single ones by kind, those with most votes first.

    Notices and wonders always.
    """
    rows = list(_annotated(contributions_visible_to(user, [item.pk]), user))
    all_rows = Contribution.objects.filter(item=item, deleted_at=None, is_before=False)
    counts = all_rows.aggregate(written=Count("pk"), writers=Count("author", distinct=True))
    single = [row for row in rows if row.cluster_id is None and not row.is_before]
    single.sort(key=lambda row: -row.voted)  # type: ignore[attr-defined]
    return Discussion(
        groups=_groups(user, item, rows),
        kinds=_kinds(single),
        before=[row for row in rows if row.is_before],
        mine_retracted=list(Contribution.objects.filter(item=item, author=user).exclude(deleted_at=None)),
        votes_left=_votes_left(user, item),
        written=counts["written"],
        writers=counts["writers"],
    )


def update_since(user: User, item: AgendaItem, since: int) -> RoomUpdate | None:
    """What changed on the current ``item`` for ``user``'s page since revision ``since``; None if it must be re-rendered.

    A page in a busy meeting gets one new row, not the whole list each time somebody writes. Everyone in the
    room may read the current item, so its rows are loaded once for all of them.
    """
    meeting = item.agenda_meeting
    if item.is_private or item.visibility == Visibility.RESTRICTED:
        return None
    shared = _shared_update(meeting.pk, item.pk, str(item.uuid), since, meeting.revision)
    if shared is None:
        return None
    rows = [_seen_by(user, row) for row in shared.rows]
    by_kind = _kinds([row for row in rows if str(row.uuid) in shared.new])
    is_start = sum(shared.counts.values()) == len(shared.new)
    return RoomUpdate(
        item=item,
        fresh=[group for group in by_kind if group.contributions],
        counts=shared.counts,
        changed=[row for row in rows if str(row.uuid) not in shared.new],
        votes_left=_votes_left(user, item) if is_start else None,
    )


@lru_cache(maxsize=256)
def _shared_update(meeting_id: int, item_id: int, item: str, since: int, until: int) -> _SharedUpdate | None:
    """Rows changed between two revisions, cached for all readers; None if more than rows changed."""
    events = MeetingEvent.objects.filter(meeting=meeting_id, revision__gt=since, revision__lte=until)
    new: set[str] = set()
    touched: set[str] = set()
    for kind, region, data in events.values_list("kind", "region", "data"):
        if region == Region.ROOM or (region == Region.CONTRIBUTIONS and kind not in ROW_EVENTS):
            return None
        if region == Region.CONTRIBUTIONS and data.get("item") == item:
            (new if kind == EventKind.CONTRIBUTED else touched).add(data["contribution"])
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
    if (
        begins
        or any(row.cluster_id for row in rows)
        or any(_folds(counts.get(k, 0), n) for k, n in fresh.items())
    ):
        return None
    return _SharedUpdate(rows, new, counts)


def _folds(n: int, fresh: int) -> bool:
    """Whether a list that grew by ``fresh`` to ``n`` folds its middle: each time after `LONG` more, from the first on."""
    return (n - 1) // LONG > max(0, n - fresh - 1) // LONG


def _seen_by(user: User, row: Contribution) -> Contribution:
    """A copy of a shared row, with the reader's own agreement and vote."""
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
    clusters = item.clusters.annotate(voted=Count("votes"), i_voted=Exists(own_vote)).order_by("pk")
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
