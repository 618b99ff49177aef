"""Rules for new passwords, in addition to Django's.

zxcvbn (MIT) ships the lists it knows: 30 000 passwords from leaks (Xato's ten million), English words and names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

if TYPE_CHECKING:
    from teams.directory.models import User

LEAST_SCORE = 3  # of 4: more than 10⁸ guesses
READ = 72  # characters that are scored; further ones only make a password better


class GuessablePasswordValidator:
    """Refuses passwords close to leaked ones, names, words, repetitions, keyboard rows, and the user's own names."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError if few guesses suffice."""
        own = [user.email, *user.email.split("@"), user.first_name, user.last_name] if user else []
        estimate = zxcvbn(password[:READ], user_inputs=["collab", *filter(None, own)])
        if estimate["score"] < LEAST_SCORE:
            raise ValidationError(
                _("This password is too easy to guess. Use four unrelated words."), "guessable"
            )

    def get_help_text(self) -> str:
        """The rule, for forms."""
        return _("Four unrelated words make a good password.")


class RepeatedPasswordValidator:
    """Refuses the password that the user already has."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError if nothing would change."""
        if user and user.pk and user.check_password(password):
            raise ValidationError(_("This is the password you already have."), "repeated")

    def get_help_text(self) -> str:
        """The rule, for forms."""
        return _("It must differ from your current password.")
