"""People who have signed in."""

from django.conf import settings

from teams.directory.models import User
from teams.lib import clock


def sign_in_once(user: User) -> None:
    """Give ``user`` a password and a sign-in just now."""
    user.set_password("a heron stands on one leg")
    user.last_login = clock.now() - settings.CLOCK_OFFSET
    user.save(update_fields=["password", "last_login"])
