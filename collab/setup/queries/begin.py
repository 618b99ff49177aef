"""Whether the server still waits for its first visitor."""

from __future__ import annotations

from django.conf import settings

from teams.directory.models import User


def someone_exists() -> bool:
    """Whether there is an account, also a closed one."""
    return User.objects.exists()


def waits_for_first_visitor() -> bool:
    """Whether the next visitor is led to the page that begins. Never in a demo."""
    return not settings.DEMO and not someone_exists()
