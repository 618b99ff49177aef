"""Demo accounts for the sign-in page, and the use of second factors at a school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from teams.directory.models import Staff, User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from teams.directory.models import School

DOMAIN = "demo.test"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A demo account: the part of its email before the @, and the texts on its button."""

    key: str
    label: str | _StrPromise


def demo_people() -> list[DemoPerson]:
    """The demo accounts, in the order of a tour."""
    return [
        DemoPerson("teacher", _("Teacher")),
        DemoPerson("teammate", _("Teammate")),
        DemoPerson("coordinator", _("Coordinator")),
        DemoPerson("specialist", _("Specialist")),
        DemoPerson("principal", _("Principal")),
        DemoPerson("administrator", _("Administrator")),
    ]


def demo_user(key: str) -> User | None:
    """The demo account with this key, or None."""
    if key not in {person.key for person in demo_people()}:
        return None
    return User.objects.filter(email=f"{key}@{DOMAIN}", is_active=True).first()


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """How many of a school's current staff use a second factor, and who does not yet."""

    ready: int
    missing: list[User]


def second_steps_at(school: School) -> SecondSteps:
    """Who at ``school`` has a second factor."""
    people = User.objects.filter(
        pk__in=Staff.objects.active(school.today()).filter(school=school).values("user")
    )
    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    missing = people.exclude(pk__in=factors.values("user")).order_by("last_name", "first_name")
    return SecondSteps(people.filter(pk__in=factors.values("user")).count(), list(missing))


def unproven_sentence(user: User) -> str:
    """Why ``user``, whose address was never proven, can't work at another school yet."""
    return _(
        "%(email)s has an account, but no one has proven yet that the address is theirs. They choose “Forgot your"
        " password?” first; on a server without email its operator runs “confirm_address”."
    ) % {"email": user.email}
