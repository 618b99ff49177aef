"""Demo accounts for the sign-in page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.directory.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

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
