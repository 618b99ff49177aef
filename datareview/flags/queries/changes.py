"""Net changes of flags since a point in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.models import Change, Flag
from teams.access.prepared import many_ids
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from datareview.records.models import Student


@dataclass(frozen=True, slots=True)
class NetChanges:
    """The net changes of flags after ``at``; those that opened and resolved again are not included."""

    at: dt.datetime
    opened: list[Flag]
    rose: list[Flag]
    resolved: list[Flag]

    def in_words(self, moves: int) -> str:
        """The counts as a sentence for the user, with the number of ``moves`` of levels."""
        return _in_words(len(self.opened), len(self.rose), len(self.resolved), moves)


@dataclass(frozen=True, slots=True)
class ChangesInShort:
    """The counts of net changes after ``at`` as a sentence, and the most urgent new flags."""

    at: dt.datetime
    sentence: str
    opened: list[Flag]


class _Net:
    """Net changes: ids of flags by what became of them."""

    def __init__(self, students: QuerySet[Student], at: dt.datetime) -> None:
        rows = Change.objects.filter(student__in=students, seen_at__gt=at, flag__isnull=False)
        flags: dict[int, tuple[int, int]] = {}
        for flag, before, after in rows.order_by("seen_at", "pk").values_list("flag_id", "before", "after"):
            flags[flag] = (flags.get(flag, (before,))[0], after)
        self.opened = [flag for flag, (before, after) in flags.items() if not before and after > 0]
        self.rose = [flag for flag, (before, after) in flags.items() if 0 < before < after]
        self.resolved = [flag for flag, (before, after) in flags.items() if before > 0 and not after]


def changes_since(students: QuerySet[Student], at: dt.datetime) -> NetChanges:
    """Net changes of flags of ``students`` after ``at``, most urgent first, only with their ids; two queries."""
    net = _Net(students, at)
    changed = [*net.opened, *net.rose, *net.resolved]
    rows = Flag.objects.filter(pk__in=many_ids(changed)).order_by("-severity", "-pk").only("pk")
    flags = list(rows) if changed else []
    opened, rose, resolved = set(net.opened), set(net.rose), set(net.resolved)
    return NetChanges(
        at=at,
        opened=[flag for flag in flags if flag.pk in opened],
        rose=[flag for flag in flags if flag.pk in rose],
        resolved=[flag for flag in flags if flag.pk in resolved],
    )


def changes_in_short(students: QuerySet[Student], at: dt.datetime, most: int = 6) -> ChangesInShort:
    """`changes_since` for a page that names only the first ``most`` new flags; two queries.

    Moves of levels are the report's: it knows which of them chance explains.
    """
    net = _Net(students, at)
    sentence = _in_words(len(net.opened), len(net.rose), len(net.resolved))
    return ChangesInShort(at, sentence, list(_flags(net.opened)[:most]))


def _in_words(opened: int, rose: int, resolved: int, moves: int | None = None) -> str:
    if not (opened or rose or resolved or moves):
        return _("Nothing has changed.")
    parts = [
        ngettext("%(n)s new flag", "%(n)s new flags", opened) % {"n": formats.number(opened)},
        ngettext("%(n)s cleared", "%(n)s cleared", resolved) % {"n": formats.number(resolved)},
    ]
    if moves is not None:
        parts.append(
            ngettext("%(n)s level moved", "%(n)s levels moved", moves) % {"n": formats.number(moves)}
        )
    if rose:
        more = ngettext("%(n)s became more urgent", "%(n)s became more urgent", rose)
        parts.insert(1, more % {"n": formats.number(rose)})
    return ", ".join(parts) + "."


def _flags(ids: Collection[int]) -> QuerySet[Flag]:
    """Flags with their rules and students, most urgent first."""
    rows = Flag.objects.filter(pk__in=ids).select_related("rule", "student")
    return rows.order_by("-severity", "-pk")
