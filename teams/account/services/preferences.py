"""Preferences of a user, and what a school requires at sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import School, User


def choose_language(user: User, *, language: str) -> None:
    """Set the language of ``user``; DomainError if it is not supported."""
    if language not in dict(settings.LANGUAGES):
        raise DomainError(_("Collab isn’t available in that language yet."))
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def demand_second_factor(school: School, *, actor: User, demands_second_factor: bool) -> None:
    """Set whether everyone at ``school`` needs a second factor."""
    require_ability(actor, "edit_sign_in", school)
    school.demands_second_factor = demands_second_factor
    school.save(update_fields=["demands_second_factor"])
    record_event(actor, "set-second-factor", school, school=school, demanded=demands_second_factor)
