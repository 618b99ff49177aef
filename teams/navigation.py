"""The navigation in one table: places, and the abilities needed to see their links.

`teams` refers to URLs of higher packages by name and never imports their code. Places whose URL does not exist
are left out, so that no link is dead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from teams.access.permissions import abilities_at, districts_of, roles_of
from teams.access.queries import schools_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from teams.access.permissions import Can
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation: its URL name, and the abilities of which one suffices (none: open to all)."""

    url_name: str
    label: str | _StrPromise
    icon: str
    abilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the bar: its URL, and whether the current page belongs to it."""

    url: str
    label: str | _StrPromise
    icon: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class AccountMenu:
    """Choices in the account menu; empty if there is nothing to choose, or no URL for it."""

    schools: tuple[School, ...]
    school_url: str
    language_url: str
    theme_url: str
    district_url: str


EVERYBODY = ("join_teams", "see_school")
PLACES = (
    Place("collab:home-show", _("Home"), "home"),
    Place("datareview:desk-show", _("Desk"), "list-check", ("triage", "start_plan")),
    Place("collab:meeting-list", _("Meetings"), "calendar-event", EVERYBODY),
    Place("datareview:student-list", _("Students"), "users", EVERYBODY),
    Place("datareview:dashboard-show", _("Data"), "chart-dots", EVERYBODY),
    Place("datareview:candidate-list", _("Candidates"), "flag", ("triage",)),
    Place("datareview:plan-list", _("Plans"), "route", ("deliver_plan", "review_plan", "see_school")),
    Place("collab:overview-show", _("School"), "school", ("see_school",)),
    Place("collab:team-list", _("Teams"), "user", ("edit_teams",)),
    Place("teams:person-list", _("People"), "user", ("edit_people",)),
    Place("datareview:import-list", _("Imports"), "file-import", ("import_data",)),
    Place("collab:setup-show", _("Set-up"), "list-check", ("edit_school",)),
)


# Pages that the bar does not show; searching for their names finds them.
MORE_PLACES = (
    Place("teams:calendar-show", _("School calendar"), "clock", ("edit_calendar",)),
    Place("teams:bells-show", _("Bell schedule"), "clock", ("edit_calendar",)),
    Place("teams:timetable-show", _("Timetable"), "clock", ("edit_calendar",)),
    Place("datareview:rule-list", _("Rules: how flags are made"), "flag", ("run_trends",)),
    Place("datareview:measure-list", _("Measures and benchmarks"), "chart-dots", ("run_trends",)),
    Place("datareview:assessment-all", _("Assessments"), "clipboard-list", EVERYBODY),
    Place("datareview:standard-list", _("Learning standards"), "list-check", EVERYBODY),
    Place("datareview:skill-list", _("Skills that notes name"), "list-check", ("edit_skills",)),
    Place("datareview:strategy-list", _("Strategies"), "route", ("start_plan", "edit_rules")),
    Place("collab:coverage-show", _("No one forgotten"), "users", EVERYBODY),
    Place("datareview:assistance-list", _("Requests for help"), "flag", EVERYBODY),
    Place("datareview:dispute-list", _("Disputed values"), "flag", EVERYBODY),
    Place("datareview:class-list", _("My classes"), "users", EVERYBODY),
    Place("datareview:photo-list", _("Photos"), "users", ("edit_students",)),
    Place("datareview:survey-list", _("Surveys"), "clipboard-list", EVERYBODY),
    Place("datareview:section-list", _("Sections"), "users", ("edit_students",)),
    Place("datareview:report-show", _("Trend report"), "chart-line", EVERYBODY),
    Place("datareview:outcome-list", _("What came of it"), "chart-line", EVERYBODY),
    Place("collab:action-list", _("Action items"), "list-check", EVERYBODY),
    Place("collab:protocol-list", _("Protocols"), "clipboard-list", EVERYBODY),
    Place("collab:observation-list", _("Peer observation"), "eye", EVERYBODY),
    Place("collab:poll-list", _("Polls"), "calendar-plus", EVERYBODY),
    Place("collab:schedule-list", _("One weekly time for every team"), "calendar-event", ("schedule_teams",)),
    Place("teams:school-edit", _("School settings"), "school", ("edit_school",)),
    Place("teams:sign-in-edit", _("Sign-in at the school"), "shield-lock", ("edit_sign_in",)),
    Place("teams:mail-list", _("Failed jobs and outbox"), "mail", ("see_jobs",)),
    Place("teams:mail-preferences", _("Email and calendar"), "mail"),
)


def pages_open_to(can: Can) -> list[Link]:
    """Links to all pages with a name of their own that are open to the user, those of the bar first."""
    found = [(place, _address(place.url_name)) for place in (*PLACES, *MORE_PLACES) if _is_open(place, can)]
    return [Link(url, place.label, place.icon, is_current=False) for place, url in found if url]


def links_for(can: Can, path: str) -> list[Link]:
    """Links to the places open to the user, in order; the one that contains ``path`` is current."""
    open_places = [place for place in PLACES if _is_open(place, can)]
    found = [(place, url) for place in open_places if (url := _address(place.url_name))]
    return [Link(url, place.label, place.icon, _is_current(url, path)) for place, url in found]


def account_menu_for(user: User) -> AccountMenu:
    """The account menu: schools to switch between (none if only one), URLs to post to, and the user's district."""
    school_url, language_url = _address("teams:school-switch"), _address("teams:language-switch")
    theme_url = _address("teams:theme-switch")
    schools = tuple(schools_of(user)) if len(roles_of(user)) > 1 else ()
    district_url = _address("collab:district-show") if districts_of(user).exists() else ""
    return AccountMenu(schools, school_url, language_url, theme_url, district_url)


def page_at(user: User, before: School, school: School, path: str) -> str:
    """The page at ``school`` of the kind that ``path`` has at ``before``: the same list, that of the same things, or Home.

    Pages outside the navigation open only to people with the same abilities at both schools.
    """
    there, here = abilities_at(user, school), abilities_at(user, before)
    try:
        is_list = not resolve(path).kwargs
    except Resolver404:
        return "/"
    if is_list and there.abilities >= here.abilities:
        return path
    urls = [_address(place.url_name) for place in PLACES if _is_open(place, there)]
    found = [url for url in urls if url and _is_current(url, path)]
    if not found:
        return "/"
    return path if is_list and path in found else max(found, key=len)


def _is_open(place: Place, can: Can) -> bool:
    return not place.abilities or any(getattr(can, ability) for ability in place.abilities)


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _is_current(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
