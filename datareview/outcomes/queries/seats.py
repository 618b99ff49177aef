"""Needs that wait for a seat, against the seats that are free: what it would take to serve them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from statistics import median, median_low
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.models import Candidate
from datareview.flags.permissions import candidates_visible_to
from datareview.outcomes.queries.answers import NONE, Finding, FindingTable, row
from datareview.outcomes.queries.delivery import free_of, running_groups, weekly_minutes
from datareview.plans.models import Plan, PlanGroup
from datareview.records.models import Domain
from teams.lib import formats
from teams.lib.tags.grades import grade as grade_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from datareview.outcomes.queries.answers import Asked, FindingRow

    Rooms = Sequence[tuple[PlanGroup, set[int]]]

USUAL_SEATS, USUAL_MINUTES = 4, 60  # of a group, and of a week, where the school has no group yet


@dataclass(frozen=True, slots=True)
class Case:
    """What one area lacks: students waiting, the most days, free seats, and new groups with their minutes a week."""

    waiting: int
    longest: int
    middle: int
    free: int
    size: int
    weekly: int

    @property
    def missing(self) -> int:
        """Seats that are missing once the free ones are taken."""
        return max(self.waiting - self.free, 0)

    @property
    def groups(self) -> int:
        """Groups of the usual size for those."""
        return math.ceil(self.missing / self.size)

    @property
    def minutes(self) -> int:
        """Minutes a week of these groups."""
        return self.groups * self.weekly


def cases_of(asked: Asked) -> tuple[dict[str, Case], dict[int | None, int], int | None]:
    """What each area lacks today, who waits by grade, and the median minutes a week of providers (None: no one delivers)."""
    waiting: dict[str, list[int]] = defaultdict(list)
    grades: dict[int | None, int] = defaultdict(int)
    rows = candidates_visible_to(asked.user).filter(student__school=asked.school, state=Candidate.State.SEAT)
    for domain, decided_at, raised_on, grade in rows.values_list(
        "domain", "decided_at", "raised_on", "student__grade"
    ):
        since: dt.date = decided_at.astimezone(asked.school.tz).date() if decided_at else raised_on
        waiting[domain].append((asked.today - since).days)
        grades[grade] += 1
    rooms = running_groups(asked.school)
    cases = {
        str(domain): _case(waiting[domain], [one for one in rooms if one[0].measure.domain == domain], rooms)
        for domain in Domain
        if waiting[domain]
    }
    return cases, grades, _load(asked, rooms)


def _case(days: list[int], own: Rooms, every: Rooms) -> Case:
    like = own or every
    sizes = [group.seats or len(members) for group, members in like if group.seats or members]
    weekly = [group.minutes * len(group.weekdays) for group, _members in like if group.weekdays]
    return Case(
        waiting=len(days),
        longest=max(days),
        middle=median_low(days),
        free=free_of(own),
        size=max(round(median(sizes)), 1) if sizes else USUAL_SEATS,
        weekly=round(median(weekly)) if weekly else USUAL_MINUTES,
    )


def _load(asked: Asked, rooms: Rooms) -> int | None:
    """The median of the minutes a week that those who deliver plans spend on them."""
    plans: dict[int, list[Plan]] = defaultdict(list)
    running = Plan.objects.filter(student__school=asked.school).running()
    for plan in running.only("pk", "provider_id", "minutes", "weekdays"):
        plans[plan.provider_id].append(plan)
    theirs: dict[int, list[tuple[PlanGroup, set[int]]]] = defaultdict(list)
    for group, members in rooms:
        theirs[group.provider_id].append((group, members))
    grouped = {pk for _group, members in rooms for pk in members}
    minutes = [
        weekly_minutes([plan for plan in plans[pk] if plan.pk not in grouped], theirs[pk])
        for pk in {*plans, *theirs}
    ]
    known = [one for one in minutes if one]
    return round(median(known)) if known else None


def seats_answer(asked: Asked) -> Finding:
    """The staffing case: who waits by area and grade, the groups it takes, and their minutes a week."""
    cases, grades, load = cases_of(asked)
    columns = (
        *(_("Area"), _("Wait for a seat"), _("Longest, days"), _("Middle, days")),
        *(_("Free seats"), _("Seats missing")),
        *(_("Seats of a group"), _("New groups"), _("Minutes a week")),
    )
    rows = [_row(domain, case) for domain, case in cases.items()]
    if len(cases) > 1:
        every = cases.values()
        rows.append(
            row(
                _("Together"),
                sum(one.waiting for one in every),
                max(one.longest for one in every),
                NONE,
                *(sum(one.free for one in every), sum(one.missing for one in every)),
                NONE,
                *(sum(one.groups for one in every), sum(one.minutes for one in every)),
            )
        )
    order = sorted(grades, key=lambda grade: (grade is None, grade or 0))
    tables = [
        FindingTable(_("What is missing today"), columns, rows),
        FindingTable(
            _("Who waits, by grade"),
            (_("Grade"), _("Wait for a seat")),
            [row(grade_name(grade) or _("No grade"), grades[grade]) for grade in order],
        ),
    ]
    waiting = sum(grades.values())
    notes = [
        _(
            "Seats and minutes of a group are the middle of the school’s own groups in the area; without any, of all groups."
        ),
        _(
            "A free seat may be at an hour or grade that does not fit. This page is about today, whatever days are chosen."
        ),
    ]
    if load:
        notes.append(
            _("Those who deliver plans spend %(n)s minutes a week on them, in the middle.")
            % {"n": formats.number(load)}
        )
    return Finding(
        "seats",
        _in_words(cases, waiting, load),
        asked.scope_words(ngettext("%(n)s need", "%(n)s needs", waiting) % {"n": formats.number(waiting)}),
        [table for table in tables if table.rows],
        notes,
    )


def _row(domain: str, case: Case) -> FindingRow:
    return row(
        str(Domain(domain).label),
        *(
            case.waiting,
            case.longest,
            case.middle,
            case.free,
            case.missing,
            case.size,
            case.groups,
            case.minutes,
        ),
        url=f"{reverse('datareview:desk-show')}?section=no_seat",
    )


def _in_words(cases: dict[str, Case], waiting: int, load: int | None) -> str:
    if not waiting:
        return _("No one waits for a seat.")
    groups, minutes = (sum(getattr(one, name) for one in cases.values()) for name in ("groups", "minutes"))
    if not groups:
        return ngettext(
            "%(n)s need waits for a seat, and there are free seats in its area.",
            "%(n)s needs wait for a seat, and there are free seats in their areas.",
            waiting,
        ) % {"n": formats.number(waiting)}
    text = ngettext(
        "%(n)s needs wait for a seat; it takes %(groups)s more group, %(minutes)s minutes a week",
        "%(n)s needs wait for a seat; it takes %(groups)s more groups, %(minutes)s minutes a week",
        groups,
    ) % {
        "n": formats.number(waiting),
        "groups": formats.number(groups),
        "minutes": formats.number(minutes),
    }
    if not load:
        return f"{text}."
    return _("%(text)s: %(people)s of what one provider does today.") % {
        "text": text,
        "people": formats.percent(100 * minutes / load, 0),
    }
