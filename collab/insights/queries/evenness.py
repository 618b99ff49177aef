"""How evenly people contributed to meetings."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from collab.discussion.models import Contribution
from collab.meetings.models import Attendance, Meeting
from collab.meetings.queries.participants import HERE

FEWEST_CONTRIBUTIONS, FEWEST_PEOPLE = 6, 3


@dataclass(frozen=True, slots=True)
class Evenness:
    """How evenly people contributed, 100 % being perfectly even, over ``meetings`` with enough contributions.

    It is as uneven as if ``as_if`` of ``of`` people had contributed equally. All are means over the meetings.
    """

    percent: int
    as_if: float
    of: float
    meetings: int


def evenness_in(meetings: list[Meeting]) -> Evenness | None:
    """Mean evenness of meetings with at least three people and six contributions; None without any."""
    by_author: dict[int, dict[int, int]] = defaultdict(dict)
    rows = Contribution.objects.filter(item__meeting__in=meetings, deleted_at=None).order_by()
    for meeting, author, many in rows.values_list("item__meeting_id", "author_id").annotate(many=Count("pk")):
        by_author[meeting or 0][author] = many
    here: dict[int, set[int]] = defaultdict(set)
    present = Attendance.objects.filter(meeting__in=meetings, mark__in=HERE)
    for meeting, person in present.values_list("meeting_id", "staff__user_id"):
        here[meeting].add(person)
    found = []
    for meeting, counts in by_author.items():
        people = len(here[meeting] | set(counts))
        if people >= FEWEST_PEOPLE and sum(counts.values()) >= FEWEST_CONTRIBUTIONS:
            found.append((*evenness_of(list(counts.values()), people), people))
    if not found:
        return None
    share, as_if, of = (sum(column) / len(found) for column in zip(*found, strict=True))
    return Evenness(round(100 * share), round(as_if, 1), round(of, 1), len(found))


def evenness_of(counts: list[int], people: int) -> tuple[float, float]:
    """Pielou's evenness of contribution ``counts`` per person, and the equivalent number of equal voices.

    Shannon entropy divided by its maximum for so many contributions of so many people: 0 for one person
    alone, 1 for the most even. The second value is exp(entropy).
    """
    total = sum(counts)
    entropy = -sum(count / total * math.log(count / total) for count in counts if count)
    most = math.log(min(people, total))
    return (entropy / most if most else 1.0), math.exp(entropy)
