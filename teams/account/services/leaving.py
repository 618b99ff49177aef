"""End a person's access at once: at one school, or everywhere."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q

from teams.account.services.joining import end_substitutions_of
from teams.audit.services import record_event
from teams.directory.models import District, Staff, User
from teams.documents.services import delete_documents_at
from teams.lib import clock
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from teams.directory.models import School

AT_ONCE = 100  # accounts closed by one run of the task
_ENDINGS: list[Callable[[User, School | None], object]] = []


def on_access_end(ending: Callable[[User, School | None], object]) -> None:
    """Call ``ending`` whenever a user's access ends: at the school, or everywhere (None). Higher apps register here."""
    if ending not in _ENDINGS:
        _ENDINGS.append(ending)


@transaction.atomic
def end_access(user: User, *, school: School | None = None, actor: User | None = None) -> list[School]:
    """End the user's work at ``school``, or at every school, as of yesterday. Returns the schools where it ended.

    Someone who works at no school afterwards can't sign in: the account is closed, and its sessions, open streams, second
    factors and pending email addresses end. What they wrote stays; PDF files that they requested there are deleted, and
    substitutions there end. ``actor`` is None for the server and its operator.
    """
    rows = Staff.objects.filter(user=user).select_related("school").order_by("school__name")
    ended = []
    for staff in rows.filter(school=school) if school else rows:
        last_day = min(clock.server_day(), staff.school.today()) - dt.timedelta(days=1)
        if staff.ends_on is None or staff.ends_on > last_day:
            staff.ends_on = last_day
            staff.save(update_fields=["ends_on"])
            record_event(actor, "ended-access", staff, school=staff.school)
            ended.append(staff.school)
        end_substitutions_of([staff], actor=actor)
        delete_documents_at(staff.school, user)
    working = rows.filter(Q(ends_on=None) | Q(ends_on__gte=clock.server_day()))
    _end_district_roles(user, working)
    if not working.exists():
        _close_account(user)
    for ending in _ENDINGS:
        ending(user, school if user.is_active else None)
    return ended


def close_ended_accounts() -> int:
    """Close the open accounts of people whose last day, at every school, was before yesterday. Returns their number.

    Yesterday may not be over in every time zone; they see nothing meanwhile.
    """
    yesterday = clock.server_day() - dt.timedelta(days=1)
    working = Staff.objects.filter(Q(ends_on=None) | Q(ends_on__gte=yesterday)).values("user")
    users = User.objects.filter(is_active=True, is_staff=False, is_superuser=False, staff_rows__isnull=False)
    ended = list(users.exclude(pk__in=working).distinct().order_by("pk")[:AT_ONCE])
    for user in ended:
        end_access(user)
    return len(ended)


def _end_district_roles(user: User, working: QuerySet[Staff]) -> None:
    """Let ``user`` no longer administer districts at none of whose schools they work any more."""
    kept = working.exclude(school__district=None).values("school__district")
    for district in District.objects.filter(administrators=user).exclude(pk__in=kept):
        district.administrators.remove(user)
        record_event(None, "removed-district-administrator", district, person=str(user.uuid))
        log_security_event("district role ended", person=user, district=str(district.uuid))


def _close_account(user: User) -> None:
    """Close the account. Without its password, sessions that began before stay ended if it is opened again."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    EmailAddress.objects.filter(user=user, verified=False).delete()
    take_keys(user)


@transaction.atomic
def take_keys(user: User) -> None:
    """Remove password and second factors, and end all sessions: only the owner of the address signs in afterwards."""
    user.set_unusable_password()
    user.has_unproven_address = False
    user.save(update_fields=["password", "has_unproven_address"])
    Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
