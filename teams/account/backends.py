"""How accounts sign in with a password, and how the user of a session is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import ModelBackend

from teams.access.scope import read_user

if TYPE_CHECKING:
    from teams.directory.models import User


class ScopeBackend(ModelBackend):
    """Django's backend; the user of a request is read together with their schools and teams, in one query."""

    def get_user(self, user_id: int) -> User | None:
        """The user with this id if the account is open."""
        user = read_user(user_id)
        if user is None:  # never worked at a school
            return super().get_user(user_id)
        return user if self.user_can_authenticate(user) else None
