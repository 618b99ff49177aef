"""Demo accounts for the sign-in page, and the use of second factors at a school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from teams.directory.models import Staff, User
from teams.lib import clock
from teams.names.columns import people_order

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from teams.directory.models import School

DOMAIN = "demo.test"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A demo account: the part of its email before the @, and the texts on its button."""

    key: str
    label: str | _StrPromise


def demo_people() -> list[DemoPerson]:
    """The demo accounts, in the order of a tour."""
    return [
        DemoPerson("teacher", _("Teacher")),
        DemoPerson("teammate", _("Teammate")),
        DemoPerson("coordinator", _("Coordinator")),
        DemoPerson("specialist", _("Specialist")),
        DemoPerson("principal", _("Principal")),
        DemoPerson("administrator", _("Administrator")),
    ]


def demo_user(key: str) -> User | None:
    """The demo account with this key, or None."""
    if key not in {person.key for person in demo_people()}:
        return None
    return User.objects.filter(email=f"{key}@{DOMAIN}", is_active=True).first()


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """How many of a school's current staff use a second factor, and who does not yet."""

    ready: int
    missing: list[User]


def second_steps_at(school: School) -> SecondSteps:
    """Who at ``school`` has a second factor."""
    people = User.objects.filter(
        pk__in=Staff.objects.active(school.today()).filter(school=school).values("user")
    )
    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    missing = people.exclude(pk__in=factors.values("user")).order_by(*people_order())
    return SecondSteps(people.filter(pk__in=factors.values("user")).count(), list(missing))


def people_who_sign_in(actor: User | None = None) -> QuerySet[User]:
    """Open accounts that someone has signed in with since they were opened, and still can. ``actor`` is signed in now.

    They still can with a password or a passkey, or at one of this server's sign-in providers.
    """
    keys = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.WEBAUTHN)
    has_password = ~Q(password="") & ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    still = Q() if settings.SIGN_IN_PROVIDERS else has_password | Q(Exists(keys))
    seen = Q(opened_again_at=None) | Q(last_login__gte=machine_time("opened_again_at"))
    own = Q(pk=actor.pk) if actor else Q()
    return User.objects.filter(is_active=True).filter(Q(last_login__isnull=False) & seen & still | own)


class PassedOnTokens(PasswordResetTokenGenerator):
    """Tokens of links that an administrator passes on: other than emailed ones, they prove no address."""

    key_salt = "teams.account.passed-on-link"


PASSED_ON = PassedOnTokens()


def new_password_address(user: User) -> str:
    """A link that sets a new password of ``user``, for an administrator to pass on.

    It ends with the next sign-in or password, and after ``PASSWORD_RESET_TIMEOUT``.
    """
    keys = {"uidb36": user_pk_to_url_str(user), "key": PASSED_ON.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=keys)


def machine_time(field: str) -> ExpressionWrapper:
    """A moment of the product's clock in the machine's time, which sign-ins are recorded in."""
    return ExpressionWrapper(F(field) - settings.CLOCK_OFFSET, DateTimeField())


def may_begin(user: User) -> bool:
    """Whether ``user`` may set a first password by email, or sign in at a provider for the first time.

    Not if every school that they were added to has invited them and no invitation is open. Schools that invite nobody
    (`manage.py add_school`, or sign-in at a provider) leave it open. Accounts in use are not affected.
    """
    if user.has_usable_password() or user.last_login is not None:
        return True
    rows = Staff.objects.filter(user=user)
    # Invitations are a higher area: only the relation's name refers to them.
    invited = Q(
        invitations__accepted_at=None,
        invitations__withdrawn_at=None,
        invitations__expires_at__gt=clock.now(),
    )
    return not rows.exists() or rows.filter(Q(invitations=None) | invited).exists()


def unproven_sentence(user: User) -> str:
    """Why ``user``, whose address was never proven, can't work at another school yet."""
    return _(
        "%(email)s has an account, but no one has proven yet that the address is theirs. They choose “Forgot your"
        " password?” first; on a server without email its operator runs “confirm_address”."
    ) % {"email": user.email}
