"""What was planned of each plan on each day, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.spec import Chart, Series, Table
from datareview.outcomes.queries.answers import NONE, Finding, FindingTable, row
from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.plans.permissions import provider_ids
from datareview.progress.models import Session
from datareview.progress.queries.progress import planned_days
from teams.directory.queries.names import distinct_names
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from datareview.outcomes.queries.answers import Asked, FindingRow
    from teams.directory.models import School, Staff

ONE_DAY = dt.timedelta(days=1)
UNLOGGED, SHORTER = "unlogged", "shorter"
LOST = (Session.Result.ABSENT, Session.Result.ASSEMBLY, Session.Result.PROVIDER_OUT, Session.Result.REFUSED)


@dataclass(frozen=True, slots=True)
class DeliveredDay:
    """Minutes of one plan on one day: ``planned`` (0 of an extra session), ``held``, and why some are missing.

    ``cause`` is a result of `Session`, `UNLOGGED`, `SHORTER` (held, but less than planned), or "".
    """

    plan: Plan
    day: dt.date
    planned: int
    held: int
    cause: str

    @property
    def missing(self) -> int:
        """Minutes that were planned and not held."""
        return max(self.planned - self.held, 0)


def deliveries(asked: Asked) -> list[DeliveredDay]:
    """Days with planned or held minutes, up to yesterday, and today if logged; found once.

    Sessions are planned on the plan's weekdays while the school is open; minutes are those of the plan today.
    """
    if asked.delivered is None:
        asked.delivered = list(_days_of_plans(asked))
    return asked.delivered


def _days_of_plans(asked: Asked) -> Iterator[DeliveredDay]:
    for plan in asked.plans:
        logged = {day: one for day, one in asked.sessions[plan.pk].items() if day <= asked.today}
        end = min(asked.today, plan.ended_on or asked.today)
        planned = set()
        for day in planned_days(plan, end + ONE_DAY, asked.closed):
            if asked.since <= day <= asked.until and (day < end or day in logged):
                planned.add(day)
                yield _delivered(plan, day, logged.get(day))
        for day, (result, minutes) in logged.items():
            if day not in planned and result == Session.Result.HELD:
                yield DeliveredDay(plan, day, 0, minutes, "")


def _delivered(plan: Plan, day: dt.date, logged: tuple[str, int] | None) -> DeliveredDay:
    if logged is None:
        return DeliveredDay(plan, day, plan.minutes, 0, UNLOGGED)
    result, minutes = logged
    if result != Session.Result.HELD:
        return DeliveredDay(plan, day, plan.minutes, 0, result)
    return DeliveredDay(plan, day, plan.minutes, minutes, SHORTER if minutes < plan.minutes else "")


@dataclass(slots=True)
class Minutes:
    """Sums of minutes: planned, held on planned days and on others, and missing by cause."""

    planned: int = 0
    held: int = 0
    extra: int = 0
    missing: dict[str, int] | None = None

    def add(self, one: DeliveredDay) -> None:
        """Add what was planned and held on a day."""
        self.planned += one.planned
        if one.planned:
            self.held += min(one.held, one.planned)
            self.extra += max(one.held - one.planned, 0)
        else:
            self.extra += one.held
        if one.missing:
            self.missing = self.missing or defaultdict(int)
            self.missing[one.cause] += one.missing

    def of(self, cause: str) -> int:
        """Minutes that are missing for a cause."""
        return (self.missing or {}).get(cause, 0)

    @property
    def share(self) -> str:
        """The share of planned minutes that were held, in words."""
        return formats.percent(100 * self.held / self.planned, 0) if self.planned else NONE


def minutes_answer(asked: Asked) -> Finding:
    """Minutes that were lost, by cause and month."""
    whole = Minutes()
    months: dict[dt.date, Minutes] = defaultdict(Minutes)
    for one in deliveries(asked):
        whole.add(one)
        months[one.day.replace(day=1)].add(one)
    names = cause_names()
    by_cause = FindingTable(_("By cause"), *_by_cause(whole, names), chart=_cause_chart(whole, names))
    return Finding(
        "minutes",
        _minutes_in_words(whole, names),
        asked.scope_words(_plans_in_words(len(asked.plans))),
        [by_cause, _by_month(months, whole, names)] if whole.planned else [],
        [
            _(
                "Each planned session of each plan counts with the minutes of its plan today, on school days only."
            ),
            _("A session that no one logged may have been held: it is counted apart, and not as lost."),
        ],
    )


def _by_month(months: dict[dt.date, Minutes], whole: Minutes, names: dict[str, str]) -> FindingTable:
    named = [(formats.month(month, with_year=True), sums) for month, sums in sorted(months.items())]
    if len(named) > 1:
        named.append((_("Together"), whole))
    rows = [
        row(name, sums.planned, sums.held, sums.share, *(sums.of(cause) for cause in names), sums.extra)
        for name, sums in named
    ]
    return FindingTable(
        _("By month, in minutes"),
        (_("Month"), _("Planned"), _("Held"), _("Share"), *names.values(), _("Extra")),
        rows,
        _(
            "Extra minutes were held on days without a plan, or longer than planned; they make up for nothing here."
        ),
    )


def _by_cause(whole: Minutes, names: dict[str, str]) -> tuple[tuple[str, ...], list[FindingRow]]:
    columns = (_("Cause"), _("Minutes"), _("Of what was planned"))
    rows = [
        row(name, whole.of(cause), formats.percent(100 * whole.of(cause) / whole.planned, 0))
        for cause, name in sorted(names.items(), key=lambda one: (one[0] == UNLOGGED, -whole.of(one[0])))
        if whole.of(cause)
    ]
    return columns, rows


def cause_names() -> dict[str, str]:
    """The causes of missing minutes, in words."""
    return {
        **{cause: str(cause.label) for cause in LOST},
        SHORTER: _("Shorter than planned"),
        UNLOGGED: _("Not logged"),
    }


def _minutes_in_words(whole: Minutes, names: dict[str, str]) -> str:
    if not whole.planned:
        return _("No session was planned in these days.")
    many = {"held": whole.held, "planned": whole.planned, "unlogged": whole.of(UNLOGGED)}
    words = {name: formats.number(one) for name, one in many.items()} | {"share": whole.share}
    found = (
        _("%(held)s of %(planned)s planned minutes were held (%(share)s), %(unlogged)s not logged") % words
    )
    causes = {cause: many for cause, many in (whole.missing or {}).items() if cause != UNLOGGED}
    if not causes:
        return f"{found}."
    most = max(causes, key=lambda cause: (causes[cause], cause))
    return _("%(found)s. The largest loss: %(cause)s (%(minutes)s minutes).") % {
        "found": found,
        "cause": names[most].lower(),
        "minutes": formats.number(causes[most]),
    }


def _cause_chart(whole: Minutes, names: dict[str, str]) -> Chart | None:
    shown = {names[cause]: whole.of(cause) for cause in names if whole.of(cause)}
    if not shown:
        return None
    return Chart(
        title=_("Minutes that were planned and not held, by cause"),
        sentence=_minutes_in_words(whole, names),
        x_kind="category",
        y_label=_("minutes"),
        series=[Series(kind="bars", name=_("Minutes"), x=list(shown), y=list(shown.values()))],
        table=Table(columns=(_("Cause"), _("Minutes")), rows=tuple(shown.items())),
    )


def caseload_answer(asked: Asked) -> Finding:
    """Students, groups, minutes and free seats of each provider, by name: a help to plan, and no ranking."""
    held: dict[int, Minutes] = defaultdict(Minutes)
    for one in deliveries(asked):
        held[one.plan.provider_id].add(one)
    now: dict[int, list[Plan]] = defaultdict(list)
    people: dict[int, Staff] = {one.provider_id: one.provider for one in (*asked.plans, *asked.running)}
    for plan in asked.running:
        now[plan.provider_id].append(plan)
    rooms: dict[int, list[tuple[PlanGroup, set[int]]]] = defaultdict(list)
    for group, members in running_groups(asked.school, None if asked.is_whole else provider_ids(asked.user)):
        people.setdefault(group.provider_id, group.provider)
        rooms[group.provider_id].append((group, members))
    names = distinct_names(people.values())
    free_all = sum(free_of(rooms[pk]) for pk in people)
    rows = [
        row(
            names[pk],
            len({plan.student_id for plan in now[pk]}),
            len(now[pk]),
            weekly_minutes(now[pk], rooms[pk]),
            *(held[pk].planned, held[pk].held, held[pk].share),
            *(len(rooms[pk]), free_of(rooms[pk])),
            url=f"{reverse('datareview:plan-list')}?provider={pk}",
        )
        for pk in sorted(people, key=lambda pk: (*people[pk].user.sort_key, pk))
    ]
    students = len({plan.student_id for plan in asked.running})
    finding = ngettext(
        "%(students)s has a running plan, and groups have %(seats)s.",
        "%(students)s have a running plan, and groups have %(seats)s.",
        students,
    ) % {
        "students": _students_in_words(students),
        "seats": ngettext("%(n)s free seat", "%(n)s free seats", free_all) % {"n": formats.number(free_all)},
    }
    columns = (
        *(_("Provider"), _("Students"), _("Plans"), _("Minutes a week")),
        *(_("Students’ minutes, planned"), _("Held"), _("Share"), _("Groups"), _("Free seats")),
    )
    return Finding(
        "caseload",
        finding,
        asked.scope_words(_plans_in_words(len(asked.plans))),
        [FindingTable(_("By provider"), columns, rows)] if rows else [],
        [
            _(
                "In the order of names. It says where there is room, not who works well: minutes are lost for many reasons."
            ),
            _(
                "Minutes a week are the provider’s own: a group’s count once. Planned and held minutes count for each"
                " student."
            ),
            _("Plans count for who delivers them today. A group without a limit adds no free seat."),
        ],
    )


def free_of(rooms: Iterable[tuple[PlanGroup, set[int]]]) -> int:
    """Free seats of groups, each with the ids of its members' plans; a group without a limit has none to count."""
    return sum(max(group.seats - len(members), 0) for group, members in rooms if group.seats is not None)


def weekly_minutes(plans: Iterable[Plan], rooms: Iterable[tuple[PlanGroup, set[int]]]) -> int:
    """Minutes a week that a provider spends on ``plans``: a group's once, however many are in it."""
    rooms = list(rooms)
    grouped = {pk for _group, members in rooms for pk in members}
    alone = sum(plan.minutes * len(plan.weekdays) for plan in plans if plan.pk not in grouped)
    return alone + sum(group.minutes * len(group.weekdays) for group, _members in rooms)


def running_groups(
    school: School, providers: Collection[int] | None = None
) -> list[tuple[PlanGroup, set[int]]]:
    """Running groups, all or those of some providers (ids), each with the ids of its members' plans; two queries."""
    rows = PlanGroup.objects.filter(school=school, ended_on=None).select_related("provider__user", "measure")
    if providers is not None:
        rows = rows.filter(provider__in=providers)
    members: dict[int, set[int]] = defaultdict(set)
    inside = GroupMember.objects.filter(group__school=school, group__ended_on=None, left_on=None)
    for group_id, plan_id in inside.values_list("group_id", "plan_id"):
        members[group_id].add(plan_id)
    return [(group, members[group.pk]) for group in rows]


def _plans_in_words(many: int) -> str:
    return ngettext("%(n)s plan", "%(n)s plans", many) % {"n": formats.number(many)}


def _students_in_words(many: int) -> str:
    return ngettext("%(n)s student", "%(n)s students", many) % {"n": formats.number(many)}
