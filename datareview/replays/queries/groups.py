"""How what flags students treats groups: an audit, never an input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.records.models import Subgroup
from teams.access.prepared import many_ids
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class GroupAudit:
    """How the changed rule treats a group: shares as text, against all other students; ``notice`` is "" without one."""

    category: str
    group: str
    n: int
    flagged: str
    found: str
    false_alarms: str
    ratio: str
    notice: str


def members_on(day: dt.date, students: list[int], category: str) -> np.ndarray:
    """The group of each student in ``category`` on ``day``; "" is none."""
    rows = Subgroup.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=day),
        Q(ends_on=None) | Q(ends_on__gte=day),
        category=category,
        student__in=many_ids(students),
    )
    of = dict(rows.values_list("student_id", "group"))
    return np.array([of.get(pk, "") for pk in students], object)


def audited_groups(
    category: str, happened: np.ndarray, flagged: np.ndarray, members: np.ndarray
) -> Iterator[dict[str, Any]]:
    """Figures by group as plain data; none if a category has too few students outside its largest groups.

    Groups that are too small are put together ("…"), and a category is left out if those are still too few: nothing can be
    subtracted.
    """
    from datareview.analysis.audit import audit_score
    from datareview.analysis.schema import OK

    first = audit_score(flagged.astype(float), happened, members, threshold=1.0)
    small = [str(name) for name, status in first["status"].items() if status != OK]
    merged = np.where(np.isin(members, small), TOGETHER, members)
    found = audit_score(flagged.astype(float), happened, merged, threshold=1.0) if small else first
    if len(found) < 2 or (found["status"] != OK).any():
        return
    for name, row in found.iterrows():
        figures = {key: float(row[key]) for key in ("flag_rate", "found", "false_alarms")}
        ratio = float(row["flag_ratio"]) if np.isfinite(row["flag_ratio"]) else None
        yield {
            "category": category,
            "group": str(name),
            "n": int(row["n"]),
            **figures,
            "ratio": ratio,
            "notice": row["notice"],
        }


TOGETHER = "…"


def audit_in_words(figures: dict[str, Any]) -> GroupAudit:
    """A row of `audited_groups` for readers."""
    notices = {
        "flagged more": _("flagged more often than others"),
        "found less": _("found less often than others"),
    }
    names = {"": _("In none of them"), TOGETHER: _("Smaller groups together")}
    words = [str(notices[one]) for one in figures["notice"].split(", ") if one]
    shares = {key: formats.percent(100 * figures[key], 0) for key in ("found", "false_alarms")}
    return GroupAudit(
        figures["category"],
        names.get(figures["group"], figures["group"]),
        figures["n"],
        flagged=formats.percent(100 * figures["flag_rate"], 0),
        ratio="–" if figures["ratio"] is None else formats.number(figures["ratio"], 2),
        notice=", ".join(words),
        **shares,
    )
