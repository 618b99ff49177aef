"""The minutes of a closed meeting without student information, for all staff."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from collab.actions.models import Action, ActionVersion
from collab.actions.queries.actions import as_agreed, with_agreed
from collab.agendas.models import AgendaItem, Visibility
from collab.agendas.queries.subjects import is_about_student
from collab.decisions.models import Decision
from collab.findings.queries.results import summary_without_classes
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from collab.minutes.models import Correction
from collab.minutes.queries.minutes import by_item
from collab.minutes.queries.people import people_at
from datareview.privacy.queries import aliases_of
from teams.access.permissions import roles_of
from teams.directory.models import Team
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from datareview.shared_results.frames import TeamSummary
    from teams.directory.models import School, User

A_PAGE = 20


def staff_minutes_visible_to(user: User) -> QuerySet[Meeting]:
    """Minutes that the user may read as staff: approved ones of the schools where they work.

    People who may see the meeting can read it before approval, to check what will be published.
    """
    approved = Q(approved_at__isnull=False, team__school_id__in=roles_of(user))
    own = Q(pk__in=meetings_visible_to(user).values("pk"))
    return Meeting.objects.filter(approved | own, state=Meeting.State.CLOSED)


@dataclass(frozen=True, slots=True)
class StaffItem:
    """An item open to all staff, with its results, decisions and action items. No students, classes or charts."""

    title: str
    item: AgendaItem
    decisions: list[tuple[str, Decision]]
    actions: list[tuple[str, Action | ActionVersion]]
    corrections: list[str]
    results: TeamSummary | None


def staff_minutes_of(meeting: Meeting) -> list[StaffItem]:
    """Items open to all staff, except those about a student.

    Decisions and action items for named students are left out, and students' names in typed text are
    redacted.
    """
    actions = Action.objects.filter(student=None, plan=None).select_related("owner__user")
    rows = meeting.items.filter(visibility=Visibility.STAFF, state=AgendaItem.State.DONE)
    rows = rows.select_related("topic__decision").prefetch_related(
        "exhibits",
        "topic__decision__students",
        Prefetch("decisions", Decision.objects.filter(students=None)),
        Prefetch("actions", with_agreed(actions, meeting.closed_at or clock.now())),
    )
    items = [item for item in rows.order_by("position", "pk") if not is_about_student(item)]
    corrections = by_item(Correction.objects.filter(item__in=items))
    results = summary_without_classes(items)
    redact = without_names(meeting.team.school) if items else str
    return [
        StaffItem(
            redact(item.title),
            item,
            [(redact(row.text), row) for row in item.decisions.all()],
            [(redact(row.text), row) for row in map(as_agreed, item.actions.all())],
            [redact(row.text) for row in corrections[item.pk]],
            results.get(item.pk),
        )
        for item in items
    ]


def staff_present_at(meeting: Meeting) -> list[str]:
    """Names of people present. Absences are visible to the team only."""
    here, _away = people_at(meeting)
    return [str(person.staff) for person in here]


@dataclass(frozen=True, slots=True)
class OpenMinutes:
    """Approved minutes with items open to all staff, newest first. Each has their number, ``open_items``."""

    page: Page
    teams: list[Team]
    team: Team | None


def open_minutes_of(school: School, *, team_uuid: str = "", page: int | str = 1) -> OpenMinutes:
    """Approved minutes at ``school`` with items for all staff, or of one team by its uuid."""
    published = AgendaItem.objects.filter(
        visibility=Visibility.STAFF,
        state=AgendaItem.State.DONE,
        topic__candidate=None,
        topic__plan=None,
        meeting__state=Meeting.State.CLOSED,
        meeting__approved_at__isnull=False,
        meeting__team__school=school,
    )
    teams = list(Team.objects.filter(pk__in=published.values("meeting__team")).order_by("name"))
    team = next((one for one in teams if str(one.uuid) == team_uuid), None)
    rows = Meeting.objects.filter(pk__in=published.values("meeting"))
    rows = rows.filter(team=team) if team else rows
    rows = rows.select_related("team").annotate(
        open_items=Count("items", filter=Q(items__in=published), distinct=True)
    )
    return OpenMinutes(Paginator(rows.order_by("-starts_at", "-pk"), A_PAGE).get_page(page), teams, team)


def without_names(school: School) -> Callable[[str], str]:
    """Returns a function that replaces names of the school's students in a text."""
    aliases = aliases_of(school)
    numbered = re.compile(rf"\b{re.escape(_('Student'))} \d+\b")
    return lambda text: numbered.sub(_("a student"), aliases.hide(text))
