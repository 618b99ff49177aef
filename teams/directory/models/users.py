"""A person who signs in. Roles belong to `Staff`, never to the user."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from teams.lib import clock
from teams.lib.models import PublicModel
from teams.names.columns import name_key


class UserManager(BaseUserManager["User"]):
    """Creates users identified by email; there is no username."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user who signs in with ``email``, which counts as verified. Without a password they reset it first."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            # The school vouches for the address: nobody can sign up. An unverified one would block the second factor.
            user.emailaddress_set.create(email=user.email, verified=True, primary=True)  # type: ignore[attr-defined]
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a superuser, for `manage.py createsuperuser`."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(PublicModel, AbstractUser):
    """A person who signs in by email. Their abilities come from their `Staff` rows."""

    class Theme(models.TextChoices):
        """Colors of pages; empty follows the device."""

        DEVICE = "", _("Device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("email"), unique=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    theme = models.CharField(_("colors"), max_length=5, blank=True, choices=Theme, default=Theme.DEVICE)
    wants_digest = models.BooleanField(_("a daily email of what is due"), default=True)
    digest_is_weekly = models.BooleanField(_("weekly instead"), default=False)
    wants_invitations = models.BooleanField(_("meeting invitations by email"), default=True)
    quiet_from = models.TimeField(_("no email from"), default=dt.time(18))
    quiet_until = models.TimeField(_("until"), default=dt.time(6, 30))
    date_joined = models.DateTimeField(_("date joined"), default=clock.now)
    opened_again_at = models.DateTimeField(_("opened again"), null=True, blank=True)  # after it was closed
    # The password came from a link that an administrator saw, because the server sent no email.
    has_unproven_address = models.BooleanField(_("the address was never proven"), default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def short_name(self) -> str:
        """First name and initial of the last name: "Lena K"."""
        return f"{self.first_name} {self.last_name[:1]}".strip() or self.email

    @property
    def sort_key(self) -> tuple[str, str]:
        """Sort key in Python, equal to the order of `people_order`."""
        return name_key(self.last_name), name_key(self.first_name)

    @property
    def initials(self) -> str:
        """Two letters for an avatar."""
        return (self.first_name[:1] + self.last_name[:1]).upper() or self.email[:2].upper()
