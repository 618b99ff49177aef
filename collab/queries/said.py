"""What was said on an item, as one reader may see it: by kind, in groups, with agreement and votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from collab.models import AgendaItem, Agreement, Cluster, Contribution, ContributionVersion, Vote

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.models import User

VOTES = 3


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

    is_private: bool
    groups: list[Said]
    kinds: list[Said]
    before: list[Contribution]
    mine_back: list[Contribution]
    votes_left: int
    written: int
    writers: int

    @property
    def clusters(self) -> list[Cluster]:
        """The groups there are."""
        return [said.cluster for said in self.groups if said.cluster]


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
    is_private = bool(item.writing_since and item.revealed_at is None)
    counts = all_rows.aggregate(written=Count("pk"), writers=Count("author", distinct=True))
    single = [row for row in rows if row.cluster_id is None and not row.is_before]
    return Talk(
        is_private=is_private,
        groups=_groups(user, item, rows),
        kinds=_kinds(single),
        before=[row for row in rows if row.is_before],
        mine_back=list(Contribution.objects.filter(item=item, author=user).exclude(deleted_at=None)),
        votes_left=VOTES - Vote.objects.filter(item=item, user=user).count(),
        written=counts["written"],
        writers=counts["writers"],
    )


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
    always = {Contribution.Kind.NOTICE, Contribution.Kind.WONDER}
    return [
        Said(str(kind), str(label), found)
        for kind, label in Contribution.Kind.choices
        if (found := [row for row in rows if row.kind == kind]) or kind in always
    ]
