"""The groups of an assessment: who would be in which, who is, and what clashes."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from datareview.assessments.permissions import assessments_visible_to
from datareview.assessments.queries import response_frame
from datareview.plans.permissions import plans_visible_to
from datareview.records.models import KeyChange
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from datareview.regrouping.models import MasteryBand, Regrouping
from datareview.regrouping.queries.outcomes import checks_of
from datareview.regrouping.queries.points import open_students, standard_points
from teams.access.permissions import schools_where
from teams.access.scope import scope_of
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd
    from django.db.models import QuerySet

    from datareview.records.models import Assessment, Standard, Student
    from datareview.regrouping.models import RegroupedGroup
    from datareview.regrouping.queries.outcomes import CheckedAgain
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A student with what they have so far on the standard, "3 of 5", and the lessons that clash with the group.

    ``band`` is empty unless all items were entered. ``got`` is None if nothing was, and of classes that are closed to the
    reader, of which only the bands are everyone's in the team.
    """

    student: Student
    got: float | None
    possible: float
    band: str
    clashes: str = ""

    @property
    def band_name(self) -> str:
        """The band in words."""
        return str(MasteryBand(self.band).label) if self.band else ""

    @property
    def points(self) -> str:
        """The points in words; empty if nothing was entered or the class is closed to the reader."""
        if self.got is None:
            return ""
        return _("%(got)s of %(possible)s") % {
            "got": formats.number(self.got),
            "possible": formats.number(self.possible),
        }


@dataclass(frozen=True, slots=True)
class BandOfStudents:
    """The students in one band, in order of points and then of name."""

    band: MasteryBand
    places: list[GroupPlace]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Groups by band that could be formed; ``without`` are students in none: not all of their items are entered."""

    assessment: Assessment
    standard: Standard | None
    bands: list[BandOfStudents]
    without: list[GroupPlace]


@dataclass(frozen=True, slots=True)
class StandardChoice:
    """A standard of an assessment, its items that count, and the groups formed on it already."""

    standard: Standard
    items: int
    regrouping: Regrouping | None


@dataclass(frozen=True, slots=True)
class TeachingGroup:
    """One group with its students; of several groups of a band, ``name`` has the number of each but the first."""

    group: RegroupedGroup
    places: list[GroupPlace]
    name: str


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The groups of one regrouping, who is in none, and each check afterwards."""

    regrouping: Regrouping
    groups: list[TeachingGroup]
    outside: list[GroupPlace]
    checks: list[CheckedAgain]
    changed_keys: list[KeyChange]

    @property
    def elsewhere(self) -> list[GroupPlace]:
        """The students who have another band than their group; what a changed key did to the groups."""
        return [
            place
            for line in self.groups
            for place in line.places
            if place.band and place.band != line.group.band
        ]


def regroupings_visible_to(user: User) -> QuerySet[Regrouping]:
    """Sets of groups of the assessments that the user may see, of active teams that the user is in.

    Nobody else: a group shows each student's band, from which a class's results could be counted.
    """
    is_own = Q(assessment__team__in=scope_of(user).team_ids)
    is_led = Q(assessment__team__school__in=schools_where(user, "lead_all_teams"))
    visible = Regrouping.objects.filter(assessment__in=assessments_visible_to(user))
    rows = visible.filter(is_own | is_led, assessment__team__is_active=True)
    return rows.select_related("assessment__team__school", "standard")


def formed_groups(assessment: Assessment, standard: Standard | None) -> Regrouping | None:
    """The groups formed on ``standard`` (None: on the whole assessment), if there are any."""
    return assessment.regroupings.filter(standard=standard).first()


def standards_asked(assessment: Assessment) -> list[StandardChoice]:
    """Standards of an assessment in the order in which its items ask them."""
    formed = {one.standard_id: one for one in assessment.regroupings.all()}
    counts: dict[Standard, int] = {}
    for item in assessment.items.filter(is_dropped=False).select_related("standard"):
        if item.standard:
            counts[item.standard] = counts.get(item.standard, 0) + 1
    return [StandardChoice(standard, items, formed.get(standard.pk)) for standard, items in counts.items()]


def proposed_groups(user: User, assessment: Assessment, standard: Standard | None) -> Proposal:
    """Students of an assessment by band on ``standard``, for the groups that could be formed."""
    frame = response_frame(assessment)
    found = standard_points(frame, standard.pk if standard else None)
    places = _places(user, assessment, found, open_students(user, assessment, frame))
    by_band = defaultdict(list)
    for place in places:
        by_band[place.band].append(place)
    return Proposal(
        assessment,
        standard,
        [BandOfStudents(band, by_band[band.value]) for band in MasteryBand],
        by_band[""],
    )


def groups_page(user: User, regrouping: Regrouping) -> GroupsPage:
    """The groups with their students, those in no group, and the checks afterwards."""
    assessment = regrouping.assessment
    frame = response_frame(assessment)
    is_open = open_students(user, assessment, frame)
    places = _places(user, assessment, standard_points(frame, regrouping.standard_id), is_open)
    group_of = dict(regrouping.places.values_list("student_id", "group_id"))
    groups = list(regrouping.groups.select_related("teacher__user"))
    clashes = _clashes(user, groups, group_of)
    inside: dict[int, list[GroupPlace]] = defaultdict(list)
    outside = []
    for place in places:
        pk = place.student.pk
        if pk in group_of:
            words = clashes.get(pk, "")
            inside[group_of[pk]].append(
                GroupPlace(place.student, place.got, place.possible, place.band, words)
            )
        else:
            outside.append(place)
    return GroupsPage(
        regrouping,
        [
            TeachingGroup(group, inside[group.pk], name)
            for group, name in zip(groups, _names(groups), strict=True)
        ],
        outside,
        checks_of(user, regrouping, frame, groups, group_of, is_open),
        _changed_since(regrouping),
    )


def _changed_since(regrouping: Regrouping) -> list[KeyChange]:
    """Keys and points of the items of these groups that were changed after they were formed, latest first."""
    rows = KeyChange.objects.filter(
        item__assessment=regrouping.assessment, item__is_dropped=False, changed_at__gt=regrouping.made_at
    )
    if regrouping.standard_id:
        rows = rows.filter(item__standard=regrouping.standard_id)
    return list(rows.select_related("item"))


def _names(groups: Sequence[RegroupedGroup]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for group in groups:
        name = str(group)
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found


def _places(
    user: User, assessment: Assessment, found: pd.DataFrame, is_open: Collection[int]
) -> list[GroupPlace]:
    """Students of the assessment whom the user may see, by band and name; points of those in ``is_open`` classes."""
    from datareview.analysis.mastery import mastery_bands

    bands = mastery_bands(found["share"], cut=assessment.mastery)
    pairs = found[["got", "possible"]].to_numpy(float).tolist()
    points = dict(zip(found.index, pairs, strict=True))
    rows = students_visible_to(user).filter(pk__in=found.index).order_by(*by_name(), "pk")
    places = []
    for student in rows:
        got, possible = points[student.pk]
        band = bands[student.pk]
        known = got if math.isfinite(got) and student.pk in is_open else None
        places.append(GroupPlace(student, known, possible, band if isinstance(band, str) else ""))
    order = {band.value: number for number, band in enumerate(MasteryBand)}
    return sorted(places, key=lambda place: order.get(place.band, len(order)))


def _clashes(user: User, groups: Collection[RegroupedGroup], group_of: dict[int, int]) -> dict[int, str]:
    """Map a student to the sessions of running plans on the weekdays of their group, in words."""
    days_of = {group.pk: set(group.weekdays) for group in groups}
    plans = plans_visible_to(user).running().filter(student__in=group_of).select_related("strategy")
    found: dict[int, list[str]] = defaultdict(list)
    for plan in plans:
        days = sorted(days_of.get(group_of[plan.student_id], set()) & set(plan.weekdays))
        if days:
            found[plan.student_id].append(
                _("%(plan)s on %(days)s")
                % {"plan": plan.strategy, "days": ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)}
            )
    return {student: "; ".join(words) for student, words in found.items()}


def lists_by_teacher(page: GroupsPage) -> list[TeachingGroup]:
    """Groups for printing, in order of teacher; groups without students are left out."""
    lines = [line for line in page.groups if line.places]
    return sorted(lines, key=lambda line: (line.group.teacher is None, str(line.group.teacher or "")))
