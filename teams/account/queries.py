"""The accounts of the demo, on its sign-in page."""

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
    """One account: the word before the @, and what to show on its button."""

    key: str
    label: str | _StrPromise


def demo_people() -> list[DemoPerson]:
    """The accounts of the demo, in the order in which one would look around."""
    return [
        DemoPerson("teacher", _("Teacher")),
        DemoPerson("teammate", _("Teammate")),
        DemoPerson("coordinator", _("Coordinator")),
        DemoPerson("specialist", _("Specialist")),
        DemoPerson("principal", _("Principal")),
        DemoPerson("administrator", _("Administrator")),
    ]


def demo_user(key: str) -> User | None:
    """The demo account of that name, if it is one."""
    if key not in {person.key for person in demo_people()}:
        return None
    return User.objects.filter(email=f"{key}@{DOMAIN}", is_active=True).first()
