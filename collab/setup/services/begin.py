"""Begin on a new server: the one-time code, and the first school with its administrator."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.setup.models import SetupCode
from collab.setup.queries.begin import someone_exists
from collab.setup.services.schools import add_school
from teams.directory.models import User
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from teams.directory.models import School

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look alike
GROUPS, GROUP = 3, 4


@transaction.atomic
def make_setup_code() -> str:
    """Make a new code, which replaces the one before, and return it; empty if someone can sign in, or in a demo."""
    SetupCode.objects.all().delete()
    if settings.DEMO or someone_exists():
        return ""
    groups = ("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(GROUPS))
    code = "-".join(groups)
    SetupCode.objects.create(digest=_digest(code))
    return code


def check_code(code: str) -> None:
    """Raise DomainError if ``code`` is wrong, and count the try, also if the caller's transaction is rolled back."""
    with transaction.atomic(durable=True):
        row = SetupCode.objects.select_for_update(no_key=True).first()
        _refuse_without(row)
        if row is None or _is_right(row, code):
            return
        row.tries_left -= 1
        row.save(update_fields=["tries_left"])
    log_security_event("wrong setup code", tries_left=row.tries_left)
    if not row.tries_left:
        _refuse_without(row)
    raise DomainError(
        ngettext(
            "That is not the code. You have %(n)d more try.",
            "That is not the code. You have %(n)d more tries.",
            row.tries_left,
        )
        % {"n": row.tries_left}
    )


@transaction.atomic
def begin(
    *,
    code: str,
    school_name: str,
    time_zone: str,
    language: str,
    first_name: str,
    last_name: str,
    email: str,
    password: str,
) -> tuple[User, School]:
    """Make the first school and its administrator, and use up the code. Of two visitors at once, one succeeds."""
    row = SetupCode.objects.select_for_update(no_key=True).first()
    _refuse_without(row)
    if row is None or not _is_right(row, code):
        raise DomainError(_("That is not the code."))
    user = User.objects.create_user(
        email, password, first_name=first_name, last_name=last_name, language=language
    )
    school = add_school(school_name, actor=user, administrator=user, time_zone=time_zone, language=language)
    row.delete()
    log_security_event("server set up", person=user)
    return user, school


def _refuse_without(row: SetupCode | None) -> None:
    """Raise DomainError if there is no code to enter (any more)."""
    if someone_exists():
        raise DomainError(
            _("Someone else has just set up Collab here. Ask them for an account, then sign in.")
        )
    if row is None or not row.tries_left:
        raise DomainError(
            _("There is no code to enter now. Print a new one on the server with “./dev manage setup_code”.")
        )


def _is_right(row: SetupCode, code: str) -> bool:
    return row.tries_left > 0 and constant_time_compare(row.digest, _digest(code))


def _digest(code: str) -> str:
    """A keyed hash of the code, however it is spaced and capitalized."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("collab.setup.code", letters, algorithm="sha256").hexdigest()
