"""The places of the product and who finds them in the bar, in one table.

`teams` names addresses of the packages above as text, never their code; a place whose address does not
exist in this composition is left out, so there is never a dead link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from teams.access.permissions import roles_of
from teams.access.queries import schools_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from teams.access.permissions import Can
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the product: its address's name, and the abilities of which one is enough (none: all)."""

    url_name: str
    label: str | _StrPromise
    icon: str
    abilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A place as shown: its address, and whether the page being shown belongs to it."""

    url: str
    label: str | _StrPromise
    icon: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class AccountMenu:
    """Choices in a person's own menu; empty where there is nothing to choose or no address to choose at."""

    schools: tuple[School, ...]
    school_url: str
    language_url: str


EVERYBODY = ("join_teams", "see_school")
PLACES = (
    Place("collab:home-show", _("Home"), "home"),
    Place("collab:meeting-list", _("Meetings"), "calendar-event", EVERYBODY),
    Place("datareview:student-list", _("Students"), "users", EVERYBODY),
    Place("datareview:dashboard-show", _("Data"), "chart-dots", EVERYBODY),
    Place("datareview:candidate-list", _("Candidates"), "flag", ("triage",)),
    Place("datareview:plan-list", _("Plans"), "route", ("deliver_plan", "review_plan", "see_school")),
    Place("collab:overview-show", _("School"), "school", ("see_school",)),
    Place("teams:calendar-show", _("School calendar"), "clock", ("edit_calendar",)),
    Place("datareview:import-list", _("Imports"), "file-import", ("import_data",)),
)


def links_for(can: Can, path: str) -> list[Link]:
    """The places this person may go to, in order; the one that ``path`` lies under is current."""
    open_places = [place for place in PLACES if _is_open(place, can)]
    found = [(place, url) for place in open_places if (url := _address(place.url_name))]
    return [Link(url, place.label, place.icon, _is_current(url, path)) for place, url in found]


def account_menu_for(user: User) -> AccountMenu:
    """The schools to switch between (none when there is one) and where to post a choice."""
    school_url, language_url = _address("teams:school-switch"), _address("teams:language-switch")
    schools = tuple(schools_of(user)) if len(roles_of(user)) > 1 else ()
    return AccountMenu(schools, school_url, language_url)


def _is_open(place: Place, can: Can) -> bool:
    return not place.abilities or any(getattr(can, ability) for ability in place.abilities)


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _is_current(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
