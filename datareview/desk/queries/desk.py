"""The page of the desk: lines by section, the one that is open with its case, and today's sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.case_rules.queries import case_rules_of
from datareview.delivery.permissions import groups_visible_to
from datareview.delivery.queries.groups import free_seats, members_now
from datareview.desk.queries.lines import SECTIONS, candidate_key, candidate_line, desk_lines
from datareview.desk.queries.today import sessions_today
from datareview.disputes.queries.disputes import disputes_waiting
from datareview.plans.permissions import plans_visible_to
from datareview.progress.queries.plan_page import plan_page
from datareview.triage.queries.candidates import candidate_page
from teams.access.permissions import can
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datareview.desk.queries.lines import DeskLine
    from datareview.desk.queries.today import SessionToday
    from datareview.flags.models import Candidate
    from datareview.plans.models import PlanGroup
    from datareview.progress.queries.plan_page import PlanPage
    from datareview.triage.queries.candidates import CandidatePage
    from teams.directory.models import School, User

FEW = 5  # lines of a section that are shown unless it is chosen
MOST = 100
ROOMS = 6
OF_PLANS = ("due", "not_working", "not_logged", "not_delivered", "late")


@dataclass(frozen=True, slots=True)
class DeskSection:
    """A section of the desk: the lines shown, and how many there are."""

    key: str
    name: str
    lines: list[DeskLine]
    total: int

    @property
    def further(self) -> int:
        """Number of lines that are not shown."""
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True)
class Room:
    """A running group with seats: how many are taken and free (None: no limit)."""

    group: PlanGroup
    taken: int
    free: int | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The page of the desk; ``current`` is the line that is open, with its ``candidate`` or ``plan`` page.

    ``disputes`` counts the disputed values that wait for the user's answer, ``overdue`` what has waited for more than
    ``limit`` days.
    """

    finding: str
    overdue: int
    limit: int
    sections: list[DeskSection]
    tabs: list[tuple[str, str, int]]
    total: int
    chosen: str
    is_mine: bool
    may_triage: bool
    current: DeskLine | None
    previous: str
    following: str
    place: int
    candidate: CandidatePage | None
    plan: PlanPage | None
    rooms: list[Room]
    sessions: list[SessionToday]
    disputes: int

    @property
    def onward(self) -> str:
        """The query of the desk with the next line open, in the section that is chosen."""
        mine = "yes" if self.may_triage and self.is_mine else ""
        named = {"section": self.chosen, "mine": mine, "line": self.following}
        return urlencode({name: value for name, value in named.items() if value})


def desk_of(
    user: User, school: School, wanted: Mapping[str, str], *, last: str = "", refused: Candidate | None = None
) -> Desk:
    """The desk of ``user``: all of the school for who may triage, else the plans they deliver.

    ``wanted`` may name a section, a line, or ask for one's own plans; without a line, the one after ``last``. The
    ``refused`` candidate, about whom a decision was not saved, is open even if it waits no longer.
    """
    may_triage = can(user, "triage", school)
    is_mine = not may_triage or wanted.get("mine") == "yes"
    chosen = wanted.get("section", "") if wanted.get("section") in SECTIONS else ""
    key = wanted.get("line") or last
    lines = desk_lines(user, school, is_mine=is_mine, most=MOST if chosen else FEW, key=key)
    found = {key: rows for key, rows in lines.items() if not chosen or key == chosen}
    order = [line for rows in found.values() for line in rows]
    current = _current(order, key)
    if refused and (current is None or current.key != candidate_key(refused)):
        current = candidate_line(refused, "new", refused.said, "")
        order.insert(0, current)
    at = order.index(current) if current else 0
    counts = {key: len(rows) for key, rows in lines.items()}
    every = [line for rows in lines.values() for line in rows]
    to_do = {section: sum(line.section == section for line in every) for section in SECTIONS}
    return Desk(
        finding=finding_of(to_do, students=len({one.student.pk for one in every if one.section == "new"})),
        overdue=counts["overdue"],
        limit=case_rules_of(school.pk)["unseen_days"],
        sections=[_section(key, rows, chosen, current) for key, rows in found.items() if rows],
        tabs=[
            (key, str(name), counts[key]) for key, name in SECTIONS.items() if counts[key] or key == chosen
        ],
        total=sum(counts.values()),
        chosen=chosen,
        is_mine=is_mine,
        may_triage=may_triage,
        current=current,
        previous=order[at - 1].key if current and at else "",
        following=order[at + 1].key if current and at + 1 < len(order) else "",
        place=at + 1,
        candidate=_candidate(user, current),
        plan=_plan(user, current),
        rooms=_rooms(user, school, current) if can(user, "start_plan", school) else [],
        sessions=sessions_today(user, school),
        disputes=len(disputes_waiting(user, school)) if may_triage else 0,
    )


def finding_of(counts: Mapping[str, int], *, students: int) -> str:
    """The page's title: what is true now. ``students`` wait for a first decision, some of them about several concerns."""
    if not sum(counts.values()):
        return _("Nothing is waiting for you.")
    due, failing = counts["due"], counts["not_working"]
    if many := students:
        first = ngettext(
            "%(n)s student is waiting for a first decision",
            "%(n)s students are waiting for a first decision",
            many,
        )
    elif many := due:
        first = ngettext("%(n)s plan is due for a decision", "%(n)s plans are due for a decision", many)
    elif many := sum(counts[section] for section in OF_PLANS):
        first = ngettext("%(n)s plan needs a look", "%(n)s plans need a look", many)
        failing = 0  # they are among these
    elif many := counts["exit"]:
        first = ngettext(
            "%(n)s plan that has ended needs a look", "%(n)s plans that have ended need a look", many
        )
    else:
        many = counts["no_seat"] + counts["worse"]
        first = ngettext("%(n)s concern needs a look", "%(n)s concerns need a look", many)
    first %= {"n": formats.number(many)}
    if not failing:
        return first
    second = ngettext("%(n)s plan is not working", "%(n)s plans are not working", failing)
    return _("%(first)s, and %(second)s") % {
        "first": first,
        "second": second % {"n": formats.number(failing)},
    }


def _current(order: list[DeskLine], key: str) -> DeskLine | None:
    return next((line for line in order if line.key == key), order[0] if order else None)


def _section(key: str, rows: list[DeskLine], chosen: str, current: DeskLine | None) -> DeskSection:
    """The first lines of a section, and the one that is open."""
    shown = rows[: MOST if chosen else FEW]
    if current in rows and current not in shown and current is not None:
        shown.append(current)
    return DeskSection(key, str(SECTIONS[key]), shown, len(rows))


def _candidate(user: User, line: DeskLine | None) -> CandidatePage | None:
    return candidate_page(user, line.candidate) if line and line.candidate else None


def _plan(user: User, line: DeskLine | None) -> PlanPage | None:
    kind, _dash, text = line.key.partition("-") if line else ("", "", "")
    if kind != "plan":
        return None
    rows = plans_visible_to(user).select_related(
        "student__school", "strategy", "provider__user", "measure", "team__school", "candidate"
    )
    return plan_page(user, rows.get(uuid=text))


def _rooms(user: User, school: School, line: DeskLine | None) -> list[Room]:
    """Running groups with their seats, those with free ones first; for a candidate those of its domain."""
    rows = groups_visible_to(user).filter(school=school, ended_on=None)
    if line and line.domain:
        rows = rows.filter(measure__domain=line.domain)
    found = rows.select_related("provider__user").annotate(many=members_now()).order_by("time", "name", "pk")
    rooms = [Room(one, one.many, free_seats(one.seats, one.many)) for one in found]
    return sorted(rooms, key=lambda room: room.free == 0)[:ROOMS]
