"""What was said on an item, as one reader may see it: by kind, in groups, with agreement and votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from collab.models import (
    AgendaItem,
    Agreement,
    Cluster,
    Contribution,
    ContributionVersion,
    MeetingEvent,
    Vote,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.models import User

VOTES = 3
ALWAYS = (Contribution.Kind.NOTICE, Contribution.Kind.WONDER)
# What changes rows and nothing around them.
ROW_EVENTS = ("contributed", "agreed", "voted")


@dataclass(frozen=True, slots=True)
class Said:
    """The contributions of one kind, or of one group."""

    kind: str
    label: str
    contributions: list[Contribution]
    cluster: Cluster | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything said on an item for one reader. ``others`` writes privately while it is not revealed."""

    groups: list[Said]
    kinds: list[Said]
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
class News:
    """What a page lacks: rows to add to their kind (with how many it has now), rows to draw again."""

    fresh: list[Said]
    counts: dict[str, int]
    changed: list[Contribution]
    votes_left: int

    @property
    def rows(self) -> int:
        """How many rows are new or changed."""
        return len(self.changed) + sum(len(said.contributions) for said in self.fresh)


def contributions_visible_to(user: User, items: Collection[int] | QuerySet) -> QuerySet[Contribution]:
    """Contributions on ``items`` that ``user`` may read: own ones, and others' that are not private.

    Private are those of an item on which people write for themselves, and answers given before an item is
    taken up. What was taken back is left out.
    """
    private = Q(item__writing_since__isnull=False, item__revealed_at=None) | Q(
        is_before=True, item__state=AgendaItem.State.WAITING
    )
    rows = Contribution.objects.filter(item__in=items, deleted_at=None)
    return rows.filter(Q(author_id=user.pk) | ~private)


def talk_on(user: User, item: AgendaItem) -> Talk:
    """What was said on ``item``: groups by votes, then single ones by kind; notices and wonders always."""
    rows = list(_annotated(contributions_visible_to(user, [item.pk]), user))
    all_rows = Contribution.objects.filter(item=item, deleted_at=None, is_before=False)
    counts = all_rows.aggregate(written=Count("pk"), writers=Count("author", distinct=True))
    single = [row for row in rows if row.cluster_id is None and not row.is_before]
    return Talk(
        groups=_groups(user, item, rows),
        kinds=_kinds(single),
        before=[row for row in rows if row.is_before],
        mine_back=list(Contribution.objects.filter(item=item, author=user).exclude(deleted_at=None)),
        votes_left=_votes_left(user, item),
        written=counts["written"],
        writers=counts["writers"],
    )


def news_on(user: User, item: AgendaItem, since: int) -> News | None:
    """What ``user``'s page of ``item`` lacks since revision ``since``; None when all must be drawn again.

    A page in a busy meeting is told of one new row, not sent all of them each time somebody writes.
    """
    if item.is_private:
        return None
    events = MeetingEvent.objects.filter(meeting=item.meeting_id, revision__gt=since)
    kinds: dict[str, set[str]] = {}
    for kind, region, data in events.values_list("kind", "region", "data"):
        if region == "room" or (region == "contributions" and kind not in ROW_EVENTS):
            return None
        if region == "contributions" and data.get("item") == str(item.uuid):
            kinds.setdefault(data["contribution"], set()).add(kind)
    mine = contributions_visible_to(user, [item.pk])
    rows = list(_annotated(mine.filter(uuid__in=kinds), user))
    single = mine.filter(cluster=None, is_before=False)
    counts = dict(single.values_list("kind").annotate(n=Count("pk")).order_by())
    by_kind = _kinds([row for row in rows if "contributed" in kinds[str(row.uuid)]])
    fresh = [said for said in by_kind if said.contributions]
    begins = any(
        said.kind not in ALWAYS and counts.get(said.kind) == len(said.contributions) for said in fresh
    )
    if begins or any(row.cluster_id for row in rows):
        return None
    return News(
        fresh=fresh,
        counts=counts,
        changed=[row for row in rows if "contributed" not in kinds[str(row.uuid)]],
        votes_left=_votes_left(user, item),
    )


def _votes_left(user: User, item: AgendaItem) -> int:
    return VOTES - Vote.objects.filter(item=item, user=user).count()


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
        .prefetch_related(Prefetch("versions", queryset=ContributionVersion.objects.order_by("version")))
        .order_by("pk")
    )


def _groups(user: User, item: AgendaItem, rows: list[Contribution]) -> list[Said]:
    own_vote = Vote.objects.filter(cluster=OuterRef("pk"), user=user)
    clusters = item.clusters.annotate(voted=Count("votes"), i_voted=Exists(own_vote))
    return [
        Said("group", cluster.title, [row for row in rows if row.cluster_id == cluster.pk], cluster)
        for cluster in clusters.order_by("-voted", "pk")
    ]


def _kinds(rows: list[Contribution]) -> list[Said]:
    return [
        Said(str(kind), str(label), found)
        for kind, label in Contribution.Kind.choices
        if (found := [row for row in rows if row.kind == kind]) or kind in ALWAYS
    ]
