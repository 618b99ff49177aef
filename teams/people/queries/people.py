"""The list of a school's people: filtered, sorted and paged, with teams, classes and sign-in."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext as _

from teams.access.permissions import TEAM_ROLES, in_roles
from teams.account.queries import machine_time
from teams.directory.models import Role, Staff, Team, TeamMember
from teams.invitations.models import Invitation
from teams.lib import clock, formats
from teams.lib.parameters import uuid_or_none
from teams.names.columns import people_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from teams.directory.models import School

A_PAGE = 50
MOST_WORDS = 4
PATIENCE = dt.timedelta(days=7)  # after which someone who was invited needs a reminder
SORTS = {"role": ("place_of_role",), "seen": (F("seen_at").desc(nulls_last=True),)}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the list. ``second_factor`` says how they sign in; ``need`` what an administrator should do."""

    staff: Staff
    teams: list[str]
    classes: list[str]
    seen_at: dt.datetime | None
    second_factor: str
    need: str


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A page of people, the tabs as (value, label, number), the tab that is shown, and the teams to choose from."""

    rows: list[PersonRow]
    page: Page
    tabs: list[tuple[str, str, int]]
    tab: str
    teams: list[Team]

    @property
    def needing(self) -> int:
        """How many people need an administrator."""
        return next(many for value, _label, many in self.tabs if value == "need")


def people_list(school: School, wanted: Mapping[str, Any]) -> PeopleList:
    """The people of ``school``, filtered by ``wanted`` (the query string)."""
    rows = described_people(school)
    tabs = _tabs(school)
    tab = wanted.get("tab", "")
    tab = tab if tab in {value for value, _label, _condition in tabs} else ""
    numbers = [(value, label, rows.filter(condition).count()) for value, label, condition in tabs]
    shown = narrowed_people(school, {**wanted, "tab": tab})
    page = Paginator(shown, A_PAGE).get_page(wanted.get("page", 1))
    return PeopleList(person_rows(list(page)), page, numbers, tab, teams_to_choose(school))


def teams_to_choose(school: School) -> list[Team]:
    """The teams of ``school`` that meet."""
    return list(Team.objects.filter(school=school, is_active=True))


def narrowed_people(school: School, wanted: Mapping[str, Any]) -> QuerySet[Staff]:
    """The people whom `people_list` shows on all its pages."""
    rows = described_people(school)
    conditions = {value: condition for value, _label, condition in _tabs(school)}
    rows = rows.filter(conditions.get(wanted.get("tab", ""), conditions[""]))
    if wanted.get("role") in Role.values:
        rows = rows.filter(in_roles([Role(wanted["role"])]))
    if team := uuid_or_none(wanted.get("team")):
        rows = rows.filter(pk__in=TeamMember.objects.active().filter(team__uuid=team).values("staff"))
    for word in wanted.get("q", "").split()[:MOST_WORDS]:
        rows = rows.filter(
            Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__email__icontains=word)
            | Q(local_id__icontains=word)
        )
    chosen = SORTS.get(wanted.get("sort", ""), ())
    return rows.order_by(*chosen, *people_order("user__"), "user__email", "pk")


def person_rows(people: list[Staff]) -> list[PersonRow]:
    """What the list shows of ``people``, from `narrowed_people`."""
    teams, classes = _teams_of(people), _classes_of(people)
    factors = _second_factors_of(people)
    return [
        PersonRow(
            staff=staff,
            teams=teams[staff.pk],
            classes=classes[staff.pk],
            seen_at=clock.of_machine(staff.seen_at) if staff.seen_at else None,  # type: ignore[attr-defined]
            second_factor=factors.get(staff.user_id, _("password only")) if staff.seen_at else "",  # type: ignore[attr-defined]
            need=_need_of(staff),
        )
        for staff in people
    ]


def has_left(school: School) -> Q:
    """Whether a staff member's last day has passed, as a Q on Staff."""
    return Q(ends_on__lt=school.today())


def described_people(school: School) -> QuerySet[Staff]:
    """Staff of ``school`` with ``is_in_team``, ``seen_at`` and their last invitation (``invited_at``, ``invited_until``).

    ``seen_at`` is their last sign-in since they were added here or their account was opened again, in the machine's
    time: an earlier one was at another school, and is not ours to show. ``is_lost`` says that the email with the
    invitation could not be sent.
    """
    last = Invitation.objects.unanswered().filter(staff=OuterRef("pk"))
    seen = Q(user__last_login__gte=machine_time("created_at")) & (
        Q(user__opened_again_at=None) | Q(user__last_login__gte=machine_time("user__opened_again_at"))
    )
    return (
        Staff.objects.filter(school=school)
        .select_related("user", "school")
        .annotate(
            is_in_team=Exists(TeamMember.objects.active(school.today()).filter(staff=OuterRef("pk"))),
            invited_at=Subquery(last.values("created_at")[:1]),
            invited_until=Subquery(last.values("expires_at")[:1]),
            is_lost=Exists(last.exclude(email=None).exclude(email__error="")),
            seen_at=Case(When(seen, then=F("user__last_login")), output_field=DateTimeField()),
            place_of_role=Case(
                *(When(role=role, then=Value(place)) for place, role in enumerate(Role.values)),
                default=Value(9),
            ),
        )
    )


def _tabs(school: School) -> list[tuple[str, str, Q]]:
    here = ~has_left(school)
    unseen, no_team = Q(seen_at=None), Q(is_in_team=False) & in_roles(TEAM_ROLES)
    waits = Q(invited_at__gt=clock.now() - PATIENCE, is_lost=False)
    return [
        ("", _("All"), here),
        ("need", _("Need you"), here & (no_team | (unseen & ~waits))),
        ("unseen", _("Not signed in"), here & unseen),
        ("no-team", _("In no team"), here & no_team),
        ("left", _("Left"), has_left(school)),
    ]


def _need_of(staff: Staff) -> str:
    if staff.ends_on and staff.ends_on < staff.school.today():
        return ""
    if staff.seen_at is None:  # type: ignore[attr-defined]
        return _invitation_in_words(staff)
    if TEAM_ROLES & staff.roles and not staff.is_in_team:  # type: ignore[attr-defined]
        return _("in no team")
    return ""


def _invitation_in_words(staff: Any) -> str:
    """How far the invitation of someone who never signed in has come."""
    if staff.invited_at is None:
        return _("not invited")
    if staff.is_lost:
        return _("email not delivered")
    if staff.invited_until <= clock.now():
        return _("invitation expired")
    return _("invited %(day)s") % {"day": formats.short_day(staff.invited_at, tz=staff.school.tz)}


def _teams_of(people: Iterable[Staff]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = TeamMember.objects.active().filter(staff__in=people, team__is_active=True).select_related("team")
    for member in rows.order_by("team__name"):
        name = str(member.team)
        found[member.staff_id].append(_("%(team)s, lead") % {"team": name} if member.is_lead else name)
    return found


def _classes_of(people: Iterable[Staff]) -> dict[int, list[str]]:
    """Names of this year's sections. Sections are a higher area: only the relation's name refers to them."""
    found: dict[int, list[str]] = defaultdict(list)
    day = clock.server_day()
    rows = Staff.objects.filter(
        pk__in=[staff.pk for staff in people],
        sections__year__starts_on__lte=day,
        sections__year__ends_on__gte=day,
    )
    for pk, name in rows.order_by("sections__name").values_list("pk", "sections__name"):
        found[pk].append(name)
    return found


def _second_factors_of(people: Iterable[Staff]) -> dict[int, str]:
    """How people sign in besides the password, by user."""
    words = {Authenticator.Type.TOTP: _("codes"), Authenticator.Type.WEBAUTHN: _("passkey")}
    users = [staff.user_id for staff in people]
    rows = Authenticator.objects.filter(user__in=users, type__in=words).order_by("type")
    return {user: words[Authenticator.Type(kind)] for user, kind in rows.values_list("user_id", "type")}
