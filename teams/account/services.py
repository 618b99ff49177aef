"""Preferences of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


def choose_language(user: User, *, language: str) -> None:
    """Set the language of ``user``; DomainError if it is not supported."""
    if language not in dict(settings.LANGUAGES):
        raise DomainError(_("Collab isn’t available in that language yet."))
    user.language = language
    user.save(update_fields=["language"])
