"""Choosing colors."""

from __future__ import annotations

from django.utils.translation import gettext as _

from teams.directory.models import User
from teams.lib.errors import DomainError


def choose_theme(user: User, *, theme: str) -> None:
    """Set the colors of pages for ``user``, on all devices; DomainError if there are no such."""
    check_theme(theme)
    user.theme = theme
    user.save(update_fields=["theme"])


def check_theme(theme: str) -> None:
    """Raise DomainError if there are no such colors of pages."""
    if theme not in User.Theme.values:
        raise DomainError(_("Choose light, dark, or the device’s colors."))
