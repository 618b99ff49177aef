"""Net changes of flags since a point in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.models import Change, Flag
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from datareview.records.models import Student


@dataclass(frozen=True, slots=True)
class NetChanges:
    """The ids of flags that changed after ``at``; those that opened and resolved again are not included."""

    at: dt.datetime
    opened: list[int]
    rose: list[int]
    resolved: list[int]

    @property
    def sentence(self) -> str:
        """The counts for the user."""
        opened, rose, resolved = map(len, (self.opened, self.rose, self.resolved))
        if not (opened or rose or resolved):
            return _("Nothing has changed.")
        parts = [
            ngettext("%(n)s new flag", "%(n)s new flags", opened) % {"n": formats.number(opened)},
            ngettext("%(n)s cleared", "%(n)s cleared", resolved) % {"n": formats.number(resolved)},
        ]
        if rose:
            more = ngettext("%(n)s became more urgent", "%(n)s became more urgent", rose)
            parts.insert(1, more % {"n": formats.number(rose)})
        return ", ".join(parts) + "."


@dataclass(frozen=True, slots=True)
class ChangesInShort:
    """The counts of net changes after ``at`` as a sentence, and the most urgent new flags."""

    at: dt.datetime
    sentence: str
    opened: list[Flag]


def changes_since(students: QuerySet[Student], at: dt.datetime) -> NetChanges:
    """Net changes of flags of ``students`` after ``at``; one query."""
    rows = Change.objects.filter(student__in=students, seen_at__gt=at, flag__isnull=False)
    flags: dict[int, tuple[int, int]] = {}
    for flag, before, after in rows.order_by("seen_at", "pk").values_list("flag_id", "before", "after"):
        flags[flag] = (flags.get(flag, (before,))[0], after)
    return NetChanges(
        at=at,
        opened=[flag for flag, (before, after) in flags.items() if not before and after > 0],
        rose=[flag for flag, (before, after) in flags.items() if 0 < before < after],
        resolved=[flag for flag, (before, after) in flags.items() if before > 0 and not after],
    )


def changes_in_short(students: QuerySet[Student], at: dt.datetime, most: int = 6) -> ChangesInShort:
    """`changes_since` for a page that names only the first ``most`` new flags; two queries.

    Moves of levels are the report's: it knows which of them chance explains.
    """
    net = changes_since(students, at)
    return ChangesInShort(at, net.sentence, list(_flags(net.opened)[:most]))


def _flags(ids: Collection[int]) -> QuerySet[Flag]:
    """Flags with their rules and students, most urgent first."""
    rows = Flag.objects.filter(pk__in=ids).select_related("rule", "student")
    return rows.order_by("-severity", "-pk")
