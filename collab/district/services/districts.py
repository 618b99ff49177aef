"""Make a district, add schools to it, and choose who administers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.district.permissions import require_district
from collab.district.queries.district import may_found, staff_of_district
from collab.setup.services.schools import add_school
from teams.account.queries import people_who_sign_in
from teams.audit.services import record_event
from teams.directory.models import District, School, User
from teams.invitations.services import invite_first_administrators
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from teams.invitations.models import Invitation


@transaction.atomic
def found_district(school: School, *, actor: User, name: str) -> District:
    """Make a district of ``school``, which has none; ``actor`` administers it."""
    school = School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
    if not may_found(actor, school):
        raise PermissionDenied
    if District.objects.filter(name=name).exists():
        raise DomainError(_("A district of this name already exists."))
    district = District.objects.create(name=name)
    school.district = district
    school.save(update_fields=["district"])
    record_event(actor, "made-district", district, school=school, detail={"name": name})
    _let_administer(district, actor, actor=actor)
    return district


@transaction.atomic
def add_district_school(
    district: District,
    *,
    actor: User,
    school_name: str,
    time_zone: str,
    language: str,
    administrator_email: str = "",
) -> School:
    """Add a school to ``district``, run by the person with ``administrator_email``, or by ``actor`` if it is empty.

    That person is invited; one without an account gets one, without a password.
    """
    require_district(actor, district)
    administrator = _person(administrator_email) if administrator_email else actor
    school = add_school(
        school_name, actor=actor, administrator=administrator, time_zone=time_zone, language=language
    )
    school.district = district
    school.save(update_fields=["district"])
    if administrator != actor:
        invite_first_administrators(school, actor=actor)
    return school


@transaction.atomic
def invite_administrators(school: School, *, actor: User) -> list[Invitation]:
    """Invite the administrators of a school of the actor's district again, while none of them has signed in."""
    require_district(actor, school.district)
    return invite_first_administrators(school, actor=actor)


@transaction.atomic
def add_administrator(district: District, *, actor: User | None, email: str) -> User:
    """Let a person who works at one of its schools administer ``district`` too. ``actor`` is None for a command."""
    if actor is not None:
        require_district(actor, district)
    user = User.objects.filter(email__iexact=email).first()
    if user is None or user.pk not in staff_of_district(district):
        raise DomainError(
            _("No one with this address works at a school of the district. Add them under People first.")
        )
    _let_administer(district, user, actor=actor)
    return user


@transaction.atomic
def remove_administrator(district: District, *, actor: User, user: User) -> None:
    """Let ``user`` no longer administer ``district``; the last one who signs in stays."""
    require_district(actor, district)
    district = District.objects.select_for_update(no_key=True).get(pk=district.pk)
    staying = people_who_sign_in(actor).filter(districts=district, pk__in=staff_of_district(district))
    if not staying.exclude(pk=user.pk).exists():
        raise DomainError(_("A district needs an administrator who has signed in. Add another one first."))
    district.administrators.remove(user)
    record_event(actor, "removed-district-administrator", district, person=str(user.uuid))
    log_security_event("district role ended", person=user, district=str(district.uuid))


def _let_administer(district: District, user: User, *, actor: User | None) -> None:
    district.administrators.add(user)
    record_event(actor, "added-district-administrator", district, person=str(user.uuid))
    log_security_event("district role given", person=user, district=str(district.uuid))


def _person(email: str) -> User:
    """The account with this address, or a new one."""
    return User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
