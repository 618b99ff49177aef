"""Flags that opened, what people decided about them, and needs that they found without one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from datareview.flags.models import Candidate, Flag, ReopenedDecision
from datareview.plans.models import Plan
from datareview.requests.models import AssistanceRequest
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Collection

    from teams.directory.models import School

    Need = tuple[int, str]  # a student's id and a domain

SOON = 14  # days from a flag to the first decision
LINGERS = dt.timedelta(days=30)  # for so long after it was resolved, a flag still showed a need
ACTED = (Candidate.State.ON_AGENDA, Candidate.State.SEAT, Candidate.State.PLAN, Candidate.State.SUPPORTED)


@dataclass(frozen=True, slots=True)
class FlagFate:
    """A flag that opened, and what became of its candidate (None: it has none).

    ``said`` is "confirmed" if people acted on it, "false_alarm" if they saw no need, else "". ``is_raised`` says whether it
    came before people at all: one that only watches does not. ``days`` are from the flag to the first decision of a
    person, None while there is none.
    """

    flag: int
    rule: str
    student: int
    domain: str
    opened_on: dt.date
    said: str
    is_raised: bool
    has_plan: bool
    is_resolved: bool
    is_cleared: bool
    days: int | None


class FlagRecord:
    """Flags of ``school`` that opened from ``since`` to ``until``, and needs that people found.

    The number of queries is constant.
    """

    def __init__(self, school: School, since: dt.date, until: dt.date) -> None:
        self.school, self.since, self.until = school, since, until

    @cached_property
    def fates(self) -> list[FlagFate]:
        """The flags, with the candidate that was raised for each first."""
        rows = Flag.objects.filter(student__school=self.school, opened_on__range=(self.since, self.until))
        flags = rows.order_by("opened_on", "pk").values_list(
            "pk", "rule__name", "student_id", "domain", "opened_on", "resolved_on"
        )
        found = list(flags)
        links = Candidate.flags.through.objects.filter(flag__in=many_ids(row[0] for row in found))
        candidate_of = dict(links.order_by("-candidate_id").values_list("flag_id", "candidate_id"))
        ids = set(candidate_of.values())
        candidates = {
            pk: (state, decided_at)
            for pk, state, decided_at in Candidate.objects.filter(pk__in=many_ids(ids)).values_list(
                "pk", "state", "decided_at"
            )
        }
        decided = decision_days(self.school, ids)
        planned = set(Plan.objects.filter(candidate__in=many_ids(ids)).values_list("candidate_id", flat=True))
        fates = []
        for pk, rule, student, domain, opened_on, resolved_on in found:
            if opened_on is None:
                continue
            candidate = candidate_of.get(pk, 0)
            state = candidates[candidate][0] if candidate in candidates else ""
            day = next(iter(decided.get(candidate, ())), None)
            fates.append(
                FlagFate(
                    *(pk, rule, student, domain, opened_on),
                    said=said_of(state),
                    is_raised=candidate in candidates,
                    has_plan=candidate in planned,
                    is_resolved=resolved_on is not None,
                    is_cleared=state == Candidate.State.CLEARED,
                    days=max((day - opened_on).days, 0) if day else None,
                )
            )
        return fates

    @property
    def found_by_people(self) -> set[Need]:
        """Needs that people acted on without a flag in the domain that was open then: they asked, or began a plan."""
        return self._needs[0]

    @cached_property
    def _needs(self) -> tuple[set[Need], set[Need]]:
        """Needs that people acted on: without and with a flag in the domain that was open then."""
        plans = Plan.objects.filter(
            student__school=self.school, starts_on__range=(self.since, self.until)
        ).exclude(state=Plan.State.DRAFT)
        needs = {
            (student, domain, day)
            for student, domain, day in plans.values_list("student_id", "measure__domain", "starts_on")
        }
        asked = AssistanceRequest.objects.filter(
            student__school=self.school, asked_on__range=(self.since, self.until), candidate__state__in=ACTED
        )
        needs |= set(asked.values_list("student_id", "domain", "asked_on"))
        open_flags: dict[Need, list[tuple[dt.date, dt.date | None]]] = defaultdict(list)
        flags = Flag.objects.filter(
            student__in=many_ids({student for student, _domain, _day in needs}), opened_on__isnull=False
        )
        for student, domain, first, last in flags.values_list(
            "student_id", "domain", "opened_on", "resolved_on"
        ):
            if first is not None:
                open_flags[student, domain].append((first, last))
        without: set[Need] = set()
        with_flag: set[Need] = set()
        for student, domain, day in needs:
            is_shown = any(
                first <= day and (last is None or last >= day - LINGERS)
                for first, last in open_flags[student, domain]
            )
            (with_flag if is_shown else without).add((student, domain))
        return without, with_flag

    @cached_property
    def confirmed(self) -> set[Need]:
        """Needs that flags showed and people acted on, be it from the flag or by a plan or request while it was open."""
        acted = {(one.student, one.domain) for one in self.fates if one.said == "confirmed" or one.has_plan}
        return acted | self._needs[1]


def said_of(state: str) -> str:
    """What people said about a flag, by the state of its candidate; a watch and what cleared automatically say nothing."""
    if state in ACTED:
        return "confirmed"
    return "false_alarm" if state == Candidate.State.NO_ACTION else ""


def decision_days(school: School, candidates: Collection[int]) -> dict[int, list[dt.date]]:
    """Map ids of ``candidates`` to the days on which a person decided, in order, undone or not; two queries."""
    decided = Candidate.objects.filter(pk__in=many_ids(candidates), decided_by__isnull=False)
    rows = list(decided.values_list("pk", "decided_at"))
    reopened = ReopenedDecision.objects.filter(candidate__in=many_ids(candidates), decided_by__isnull=False)
    rows += list(reopened.values_list("candidate_id", "decided_at"))
    found: dict[int, list[dt.date]] = defaultdict(list)
    for pk, moment in rows:
        if moment:
            found[pk].append(moment.astimezone(school.tz).date())
    return {pk: sorted(days) for pk, days in found.items()}
