"""Who is in which tier, what brought students in and out, and how many needed more by month."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.spec import Chart, Line, Series, Table
from datareview.outcomes.queries.answers import NONE, Finding, FindingTable, row
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.progress.models import PhaseChange
from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from datareview.records.queries.stays import stays_of
from teams.lib import formats
from teams.lib.tags.grades import grade as grade_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datareview.outcomes.queries.answers import Asked, FindingRow

LINE = 80  # percent of students for whom core instruction is meant to suffice
FIRST = 1  # the tier of everybody without a plan


def tiers_answer(asked: Asked) -> Finding:
    """Tiers today by grade, plans that began and ended with the reason, and tiers at the end of each month."""
    students = dict(
        students_visible_to(asked.user)
        .filter(school=asked.school, status=Student.Status.ACTIVE)
        .values_list("pk", "grade")
    )
    moves = _TierHistory(asked)
    today = moves.on(asked.today)
    tiers = {pk: today.get(pk, FIRST) for pk in students}
    plans = list(
        asked.some(plans_visible_to(asked.user))
        .filter(student__school=asked.school)
        .exclude(state=Plan.State.DRAFT)
        .select_related("candidate")
    )
    began = [plan for plan in plans if asked.since <= plan.starts_on <= asked.until]
    ended = [plan for plan in plans if plan.ended_on and asked.since <= plan.ended_on <= asked.until]
    history = _history(asked, moves)
    tables = [_by_grade(students, tiers, asked.least), _in_table(began, moves), _out_table(ended), history]
    return Finding(
        "tiers",
        _in_words(tiers, began, ended),
        asked.scope_words(
            ngettext("%(n)s student", "%(n)s students", len(students)) % {"n": formats.number(len(students))},
            is_own=False,
        ),
        [table for table in tables if table.rows],
        [
            _("A student is in the highest tier of their running plans, and in tier 1 without one."),
            _(
                "The line at %(line)s is a usual expectation: where fewer students do well with core instruction alone, look"
                " at core instruction first."
            )
            % {"line": formats.percent(LINE)},
        ],
    )


class _TierHistory:
    """The tier of each student with a plan on any day; a plan that ended and was reopened did not run in between."""

    def __init__(self, asked: Asked) -> None:
        rows = plans_visible_to(asked.user).filter(student__school=asked.school)
        rows = rows.exclude(state=Plan.State.DRAFT).exclude(ended_on__lt=asked.since)
        self._plans = list(rows.values_list("pk", "student_id", "tier", "starts_on", "ended_on"))
        self._before: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
        self._pauses: dict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
        changes = PhaseChange.objects.filter(plan__in=rows).order_by("changed_on")
        for plan_id, day, tier, paused_from in changes.values_list(
            "plan_id", "changed_on", "tier_before", "paused_from"
        ):
            if tier is not None:
                self._before[plan_id].append((day, tier))
            if paused_from is not None:
                self._pauses[plan_id].append((paused_from, day))

    def at_start(self, plan: Plan) -> int:
        """The tier in which ``plan`` began."""
        return self._before[plan.pk][0][1] if self._before[plan.pk] else plan.tier

    def on(self, day: dt.date) -> dict[int, int]:
        """Map ids of students with a plan on ``day`` to their highest tier."""
        found: dict[int, int] = {}
        for pk, student_id, tier, starts_on, ended_on in self._plans:
            is_paused = any(first <= day < again for first, again in self._pauses[pk])
            if starts_on <= day and (ended_on is None or ended_on > day) and not is_paused:
                then = next((before for changed_on, before in self._before[pk] if changed_on > day), tier)
                found[student_id] = max(found.get(student_id, FIRST), then)
        return found


def _by_grade(students: Mapping[int, int | None], tiers: Mapping[int, int], least: int) -> FindingTable:
    counts: dict[int | None, Counter[int]] = defaultdict(Counter)
    for pk, grade in students.items():
        counts[grade][tiers[pk]] += 1
    order = sorted(counts, key=lambda grade: (grade is None, grade or 0))
    rows = [_grade_row(grade_name(grade) or _("No grade"), counts[grade], least) for grade in order]
    if len(rows) > 1:
        rows.append(_grade_row(_("Together"), Counter(tiers.values()), least))
    columns = (
        *(_("Grade"), _("Students"), _("Tier 1 only"), _("Tier 2"), _("Tier 3"), _("Share in tier 1 only")),
        _("Line at %(line)s") % {"line": formats.percent(LINE)},
    )
    return FindingTable(_("Today, by grade"), columns, rows)


def _grade_row(name: str, counts: Counter[int], least: int) -> FindingRow:
    n = sum(counts.values())
    share, place = NONE, NONE
    if n >= least:
        percent = 100 * counts[FIRST] / n
        share, place = formats.percent(percent, 0), _("under it") if percent < LINE else _("met")
    return row(name, n, counts[FIRST], counts[2], counts[3], share, place)


def _in_table(plans: Iterable[Plan], moves: _TierHistory) -> FindingTable:
    counts = Counter((_reason_in(plan), moves.at_start(plan)) for plan in plans)
    return FindingTable(
        _("Into a tier: plans that began"),
        (_("Why"), _("Tier 1"), _("Tier 2"), _("Tier 3"), _("Together")),
        _tier_rows(counts),
    )


def _reason_in(plan: Plan) -> str:
    candidate = plan.candidate
    if candidate is None:
        return _("Started without a candidate")
    domain = candidate.get_domain_display()
    if candidate.is_requested:
        return _("Someone asked for help: %(domain)s") % {"domain": domain}
    return _("A flag: %(domain)s") % {"domain": domain}


def _out_table(plans: Iterable[Plan]) -> FindingTable:
    counts = Counter((str(plan.get_outcome_display()), plan.tier) for plan in plans)
    return FindingTable(
        _("Out of a tier: plans that ended"),
        (_("How"), _("Tier 1"), _("Tier 2"), _("Tier 3"), _("Together")),
        _tier_rows(counts),
    )


def _tier_rows(counts: Counter[tuple[str, int]]) -> list[FindingRow]:
    names = Counter({name: 0 for name, _tier in counts})
    for (name, _tier), many in counts.items():
        names[name] += many
    order = sorted(names, key=lambda name: (-names[name], name))
    return [row(name, *(counts[name, tier] for tier in (1, 2, 3)), names[name]) for name in order]


def _history(asked: Asked, moves: _TierHistory) -> FindingTable:
    """Students enrolled and in tiers at the end of each month; who sees only some students sees only those who are here."""
    stays = stays_of(students_visible_to(asked.user).filter(school=asked.school))
    rows: list[FindingRow] = []
    days, shares = [], []
    for day in _month_ends(asked.since, min(asked.until, asked.today)):
        here = {
            pk
            for pk, spans in stays.items()
            if any((first or day) <= day <= (last or day) for first, last in spans)
        }
        tiers = Counter(tier for pk, tier in moves.on(day).items() if pk in here)
        if not here and not rows:
            continue  # before the first student
        core = len(here) - tiers[2] - tiers[3]
        share = 100 * core / len(here) if len(here) >= asked.least else None
        days.append(day)
        shares.append(share)
        rows.append(
            row(
                formats.day(day),
                len(here),
                core,
                tiers[2],
                tiers[3],
                NONE if share is None else formats.percent(share, 0),
            )
        )
    columns = (_("Day"), _("Students"), _("Tier 1 only"), _("Tier 2"), _("Tier 3"), _("Share in tier 1 only"))
    return FindingTable(_("At the end of each month"), columns, rows, chart=_history_chart(days, shares))


def _history_chart(days: list[dt.date], shares: list[float | None]) -> Chart | None:
    known = [share for share in shares if share is not None]
    if len(known) < 2:
        return None
    return Chart(
        title=_("Share of students in tier 1 only, by month"),
        sentence=_("From %(first)s to %(last)s of the students.")
        % {"first": formats.percent(known[0], 0), "last": formats.percent(known[-1], 0)},
        y_label=_("% in tier 1 only"),
        y_range=(0.0, 100.0),
        series=[Series(kind="line", name=_("In tier 1 only"), x=days, y=shares, role="trend")],
        lines=[Line(axis="y", at=LINE, label=formats.percent(LINE), role="benchmark")],
        table=Table(
            columns=(_("Day"), _("% in tier 1 only")),
            rows=tuple(
                (formats.day(day), None if share is None else formats.percent(share, 0))
                for day, share in zip(days, shares, strict=True)
            ),
        ),
    )


def _month_ends(since: dt.date, until: dt.date) -> list[dt.date]:
    """The last day of each month from ``since`` to ``until``, and ``until``."""
    found = []
    day = since.replace(day=1)
    while day <= until:
        day = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)  # the first of the next month
        found.append(min(day - dt.timedelta(days=1), until))
    return found


def _in_words(tiers: Mapping[int, int], began: list[Plan], ended: list[Plan]) -> str:
    if not tiers:
        return _("You see no students here.")
    core = sum(tier == FIRST for tier in tiers.values())
    found = _("%(share)s of students are in tier 1 only; %(began)s.") % {
        "share": formats.percent(100 * core / len(tiers), 0),
        "began": ngettext("%(n)s plan began", "%(n)s plans began", len(began))
        % {"n": formats.number(len(began))},
    }
    if not ended:
        return found
    met = sum(plan.outcome == Plan.Outcome.MET for plan in ended)
    words = ngettext(
        "%(n)s plan ended; %(met)s met its goal.",
        "Of %(n)s plans that ended, %(met)s met the goal.",
        len(ended),
    )
    return f"{found} {words % {'n': formats.number(len(ended)), 'met': formats.number(met)}}"
