"""Each standard a row: the team's latest check on it and the one before, as the reader may see them; few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from datareview.assessments.models import ClassShare
from datareview.assessments.permissions import assessments_visible_to
from datareview.looks.frames import NO_CLASS, SumReader, choose_sum
from datareview.looks.models import ResultsView
from datareview.looks.queries import sum_of
from datareview.mastery.frames import Check
from datareview.mastery.queries.answers import read_checks
from datareview.records.models import (
    Assessment,
    AssessmentItem,
    SectionTeacher,
    Standard,
)
from datareview.records.queries.mastery import items_in
from datareview.results.queries.classes import WHOLE, classes_by_lead
from teams.access.permissions import own_teams
from teams.access.scope import scope_of
from teams.directory.models import Team

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datareview.looks.frames import Choice, Seen, TeamSum
    from datareview.results.frames.standards import StandardResult
    from teams.directory.models import School, User

A_PAGE = 50
MOST_CHECKS = 200
EVERY_TEAM = "all"
SORTS = ("standard", "checks", "share")


@dataclass(frozen=True, slots=True, eq=False)
class MasteryRow:
    """A standard of a team: its checks of the year, and results of the latest and of the one before it.

    A result is None if there is none, or if the reader may not see it. ``own_url`` opens the students of the reader's
    own class in the latest check; it is empty if none of them sat it.
    """

    standard: Standard
    team: Team
    checks: list[Assessment]
    latest: StandardResult | None
    before: StandardResult | None
    own_url: str

    @property
    def url(self) -> str:
        """The team's results of the latest check, in bands by the standard."""
        return f"{self.checks[0].get_absolute_url()}?section=team&by={self.standard.uuid}"

    @property
    def share(self) -> float | None:
        """The share who are secure in the latest check."""
        return self.latest.share if self.latest else None


@dataclass(frozen=True, slots=True)
class MasteryColumn:
    """A column's heading: ``sort`` is what a click sorts by, and ``direction`` how it is sorted now ("" if it is not)."""

    name: str
    sort: str
    direction: str


@dataclass(frozen=True, slots=True, eq=False)
class MasteryTable:
    """A page of rows. ``chosen`` is the public id of the team, or ``all``; ``total`` counts rows without a search.

    ``seen`` is what the team's numbers on the page are over, by check.
    """

    page: Page[Any]
    columns: list[MasteryColumn]
    teams: list[Team]
    chosen: str
    total: int
    seen: dict[Assessment, Seen]


def mastery_table(user: User, school: School, wanted: Mapping[str, str]) -> MasteryTable:
    """Standards of this school year's checks that the user may see: of the team ``wanted``, else of the user's own."""
    visible = assessments_visible_to(user).filter(team__school=school)
    year = visible.filter(given_on__range=(school.year_start(), school.today()))
    teams = list(Team.objects.filter(pk__in=year.values("team")).order_by("name", "pk"))
    chosen = _chosen(user, teams, wanted.get("team", ""))
    if chosen:
        year = year.filter(team=chosen)
    assessments = list(year.select_related("team__school").order_by("-given_on", "-pk")[:MOST_CHECKS])
    checks = {one.pk: Check(one) for one in assessments}
    of_standard = _asked(checks)
    standards = Standard.objects.in_bulk({standard for standard, _team in of_standard})
    needed = {one.pk for found in of_standard.values() for one in found[:2]}
    checks = {pk: one for pk, one in checks.items() if pk in needed}
    read_checks(checks)
    own, counted = _countable(user, checks)
    rows = []
    for (pk, _team_id), found in of_standard.items():
        results = [_shown(checks[one.pk], standards[pk], counted.get(one.pk)) for one in found[:2]]
        theirs = own[found[0].pk] & set(checks[found[0].pk].entered())
        own_url = f"{found[0].get_absolute_url()}?by={standards[pk].uuid}" if theirs else ""
        latest, before = (*results, None)[:2]
        rows.append(MasteryRow(standards[pk], found[0].team, found, latest, before, own_url))
    words = wanted.get("q", "")[:100].casefold().split()
    shown = [one for one in rows if all(word in _text(one.standard) for word in words)]
    sort = wanted.get("sort", "")
    page = Paginator(_sorted(shown, sort), A_PAGE).get_page(wanted.get("page"))
    on_page = {one for row in page.object_list for one in row.checks[:2] if one.pk in counted}
    return MasteryTable(
        page=page,
        columns=_columns(sort),
        teams=teams,
        chosen=str(chosen.uuid) if chosen else EVERY_TEAM,
        total=len(rows),
        seen={one: counted[one.pk].seen for one in on_page},
    )


def _shown(check: Check, standard: Standard, counted: Choice | None) -> StandardResult | None:
    """The result of a check on a standard over what is ``counted``; None if it may not be shown."""
    if counted:
        return check.result(standard, counted.students)
    return None if check.entered() else check.result(standard, check.sat)


def _chosen(user: User, teams: list[Team], wanted: str) -> Team | None:
    """The team that is wanted, else the first of the user's own; None for all."""
    if wanted == EVERY_TEAM:
        return None
    own = set(own_teams(user).values_list("pk", flat=True))
    found = [one for one in teams if str(one.uuid) == wanted] or [one for one in teams if one.pk in own]
    return found[0] if found else None


def _asked(checks: dict[int, Check]) -> dict[tuple[int, int], list[Assessment]]:
    """Fill in what each check asks; returns the checks of each standard and team, latest first."""
    items = AssessmentItem.objects.filter(assessment__in=list(checks), is_dropped=False).exclude(
        standard=None
    )
    sums = items.order_by().values_list("assessment_id", "standard_id")
    for pk, standard, n, possible in sums.annotate(n=items_in(), possible=Sum("max_points")):
        checks[pk].asked[standard] = n, float(possible)
    found: dict[tuple[int, int], list[Assessment]] = defaultdict(list)
    for check in checks.values():
        for standard in check.asked:
            found[standard, check.assessment.team_id].append(check.assessment)
    return found


def _countable(user: User, checks: dict[int, Check]) -> tuple[dict[int, set[int]], dict[int, Choice]]:
    """The classes of each check that the user teaches, and over what the team's numbers may be shown.

    The second is without checks whose numbers may not be shown, as `team_numbers` decides of one check; here classes
    that the user taught at any time count as known as well.
    """
    scope = scope_of(user)
    teaching = SectionTeacher.objects.filter(staff__in=[*scope.staff_ids, *scope.replaced_ids])
    links = list(teaching.values_list("section_id", "starts_on", "ends_on"))
    taught = {section for section, _first, _last in links}
    opened: dict[int, set[int]] = defaultdict(set)
    open_now: dict[int, set[int]] = defaultdict(set)
    shares = ClassShare.objects.filter(assessment__in=list(checks), is_waiting=False)
    for pk, section, closed_at in shares.values_list("assessment_id", "section_id", "closed_at"):
        opened[pk].add(section)
        if closed_at is None:
            open_now[pk].add(section)
    sums: dict[int, list[TeamSum]] = defaultdict(list)
    views = ResultsView.objects.filter(Q(reader=user) | Q(reader=None), assessment__in=list(checks))
    for pk, section, counted, students in views.order_by("-at", "-pk").values_list(
        "assessment_id", "section_id", "counted", "students"
    ):
        if section:
            opened[pk].add(section)
        if counted:
            sums[pk].append(sum_of(counted, students))
    classes = {section for check in checks.values() for section in check.entered()}
    leading = SectionTeacher.objects.filter(section__in=classes, is_lead=True)
    owners = classes_by_lead(leading.values_list("staff_id", "section_id"))
    own: dict[int, set[int]] = {}
    found: dict[int, Choice] = {}
    for pk, check in checks.items():
        days = (check.assessment.given_on, check.assessment.team.school.today())
        own[pk] = {
            section
            for section, first, last in links
            if any((first is None or first <= day) and (last is None or last >= day) for day in days)
        }
        seen = tuple(dict.fromkeys(sums[pk]))
        is_open = open_now[pk] | own[pk]
        outside = {NO_CLASS} if check.entered().keys() <= is_open else set()
        reader = SumReader(frozenset(is_open | outside), frozenset(taught | opened[pk]), seen)
        everything = {
            one for one in check.entered() if one in own[pk] | opened[pk] or check.is_whole(one, WHOLE)
        }
        choice = choose_sum(check.who(), everything, [reader], seen, owners)
        if choice.shown:
            found[pk] = choice
    return own, found


def _text(standard: Standard) -> str:
    return f"{standard.code} {standard.statement} {standard.framework}".casefold()


def _columns(sort: str) -> list[MasteryColumn]:
    names = {
        "standard": _("Standard"),
        "checks": _("Checks this year"),
        "share": _("Secure in the latest check"),
    }
    found = []
    for key, name in names.items():
        is_sorted = sort.removeprefix("-") == key or (key == "standard" and not sort)
        direction = ("descending" if sort.startswith("-") else "ascending") if is_sorted else ""
        found.append(MasteryColumn(name, f"-{key}" if direction == "ascending" else key, direction))
    return found


def _sorted(rows: Iterable[MasteryRow], sort: str) -> list[MasteryRow]:
    """By code unless another order is asked for; rows without a share come last."""
    by_code = sorted(rows, key=lambda one: (one.standard.code, one.team.name, one.standard.pk))
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    if key == "checks":
        return sorted(by_code, key=lambda one: len(one.checks), reverse=is_down)
    if key == "share":
        known = [one for one in by_code if one.share is not None]
        rest = [one for one in by_code if one.share is None]
        return sorted(known, key=lambda one: one.share or 0.0, reverse=is_down) + rest
    return by_code[::-1] if is_down else by_code
