"""The page of a replay: each term in figures, whom the change adds and removes, and the same by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from datareview.delivery.permissions import groups_visible_to
from datareview.delivery.queries.groups import free_seats, members_now
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from datareview.replays.queries.groups import GroupAudit, audit_in_words, audited_groups, members_on
from teams.access.permissions import can
from teams.access.prepared import many_ids
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.records.models import Student
    from datareview.replays.queries.landmarks import Landmark
    from datareview.replays.queries.replay import TermReplay
    from teams.directory.models import School, User

    Named = tuple[Student, str]


@dataclass(frozen=True, slots=True)
class Hits:
    """Whom one rule flags among the students whose outcome is known.

    ``over`` is the number of those flagged beyond the free seats. ``precision`` and ``found`` are shares with their 95 %
    interval as text: of those flagged, how many had the outcome, and of those with it, how many were flagged.
    """

    flagged: int
    hits: int
    false_alarms: int
    misses: int
    over: int
    precision: str
    found: str


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """A term, or all of them (``landmark`` is None): students with a known outcome, and without, and what each rule did.

    ``before`` is None for a new rule. ``added`` and ``removed`` are students whom the reader may see, each with what came
    of it; ``unnamed`` is the number of others.
    """

    landmark: Landmark | None
    n: int
    unknown: int
    happened: int
    before: Hits | None
    changed: Hits
    added: list[Named]
    removed: list[Named]
    unnamed: int


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """The replay of a rule. ``groups`` are those of which enough is known, and ``hidden`` the categories left out."""

    rows: list[ReplayRow]
    total: ReplayRow | None
    groups: list[GroupAudit]
    hidden: list[str]
    seats: int


def free_seats_now(user: User, school: School) -> int:
    """Free seats in the school's running groups that have a limit."""
    rows = groups_visible_to(user).filter(school=school, ended_on=None).exclude(seats=None)
    return sum(free_seats(one.seats, one.many) or 0 for one in rows.annotate(many=members_now()))


def replay_page_of(
    user: User, school: School, terms: list[TermReplay], *, is_new: bool, seats: int
) -> ReplayPage:
    """The figures of ``terms`` for ``user``; by group only for who may see the school."""
    rows = [_row(user, one, is_new=is_new, seats=seats) for one in terms]
    groups: list[GroupAudit] = []
    hidden: list[str] = []
    if can(user, "see_school", school):
        groups, hidden = _by_group(school, terms)
    return ReplayPage(rows, _total(terms, is_new=is_new) if len(rows) > 1 else None, groups, hidden, seats)


def _row(user: User, term: TermReplay, *, is_new: bool, seats: int) -> ReplayRow:
    moved = term.before != term.changed
    visible = students_visible_to(user).filter(pk__in=many_ids(term.students[moved].tolist()))
    named = list(visible.order_by(*by_name()))
    at = {pk: place for place, pk in enumerate(term.students.tolist())}
    words = {1.0: _("it happened"), 0.0: _("it did not happen")}
    told = [(one, words.get(float(term.happened[at[one.pk]]), _("not known"))) for one in named]
    is_added = [bool(term.changed[at[one.pk]]) for one in named]
    return ReplayRow(
        landmark=term.landmark,
        **_counts(term.happened, term.before, term.changed, is_new=is_new, seats=seats),
        added=[one for one, added in zip(told, is_added, strict=True) if added],
        removed=[one for one, added in zip(told, is_added, strict=True) if not added],
        unnamed=int(moved.sum()) - len(named),
    )


def _total(terms: list[TermReplay], *, is_new: bool) -> ReplayRow:
    """All terms together; a student counts in each."""
    happened, before, changed = (
        np.concatenate([getattr(one, name) for one in terms]) for name in ("happened", "before", "changed")
    )
    counts = _counts(happened, before, changed, is_new=is_new, seats=0)
    return ReplayRow(landmark=None, **counts, added=[], removed=[], unnamed=0)


def _counts(
    happened: np.ndarray, before: np.ndarray, changed: np.ndarray, *, is_new: bool, seats: int
) -> dict[str, Any]:
    known = np.isfinite(happened)
    return {
        "n": int(known.sum()),
        "unknown": int((~known).sum()),
        "happened": int((happened == 1).sum()),
        "before": None if is_new else _hits(happened, before, seats),
        "changed": _hits(happened, changed, seats),
    }


def _hits(happened: np.ndarray, flagged: np.ndarray, seats: int) -> Hits:
    from datareview.analysis.flagquality import at_threshold

    found = at_threshold(flagged.astype(float), happened, 1.0)
    return Hits(
        flagged=found.flagged,
        hits=found.true_flags,
        false_alarms=found.flagged - found.true_flags,
        misses=found.positives - found.true_flags,
        over=max(int(flagged.sum()) - seats, 0),
        precision=_share(found.true_flags, found.flagged),
        found=_share(found.true_flags, found.positives),
    )


def _share(cases: int, of: int) -> str:
    """A share with its interval, such as 60% (45% to 73%); a dash of nobody."""
    from datareview.analysis.equity import wilson_interval

    if not of:
        return "–"
    low, high = (formats.percent(100 * end, 0) for end in wilson_interval(cases, of))
    return _("%(share)s (%(low)s to %(high)s)") % {
        "share": formats.percent(100 * cases / of, 0),
        "low": low,
        "high": high,
    }


def _by_group(school: School, terms: list[TermReplay]) -> tuple[list[GroupAudit], list[str]]:
    """The audit of the changed rule over all terms, and the categories of which too little is known.

    Groups that are too small are put together, and a category is left out if those are still too few: nothing can be
    subtracted.
    """
    groups: list[GroupAudit] = []
    hidden: list[str] = []
    names = school.group_names.order_by("category").values_list("category", flat=True).distinct()
    happened, changed = (
        np.concatenate([getattr(one, name) for one in terms] or [np.empty(0)])
        for name in ("happened", "changed")
    )
    for category in names:
        members = np.concatenate(
            [members_on(one.landmark.judged_on, one.students.tolist(), category) for one in terms]
            or [np.empty(0, object)]
        )
        if found := list(audited_groups(category, happened, changed, members)):
            groups += [audit_in_words(one) for one in found]
        else:
            hidden.append(category)
    return groups, hidden
