"""Name a substitute for some days, and end a substitution before its last day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import TEAM_ROLES, require_ability
from teams.account.services.joining import end_substitutions, lock_people
from teams.audit.services import record_event
from teams.directory.models import Staff, Substitution
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from teams.directory.models import School, User

LONGEST = dt.timedelta(days=366)


@transaction.atomic
def name_substitute(
    replaced: Staff, *, substitute: Staff, starts_on: dt.date, ends_on: dt.date, actor: User
) -> Substitution:
    """Let ``substitute`` see what ``replaced`` sees from ``starts_on`` to ``ends_on``, both included.

    DomainError if the days are past, too many or taken by another substitute, or if the work of either is not in teams
    only: other roles see the whole school, so they are given by hand.
    """
    school = replaced.school
    require_ability(actor, "edit_people", school)
    lock_people(school)
    rows = Staff.objects.select_related("user", "school").filter(school=school)
    people = {one.pk: one for one in rows.filter(pk__in=[replaced.pk, substitute.pk])}
    if len(people) < 2:
        raise DomainError(_("Choose a colleague at this school."))
    replaced, substitute = people[replaced.pk], people[substitute.pk]
    _check_days(school, starts_on, ends_on)
    for person in (replaced, substitute):
        _check_person(person, max(starts_on, school.today()))
    taken = Substitution.objects.filter(replaced=replaced, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if other := taken.select_related("substitute__user").first():
        raise DomainError(
            _("%(who)s is the substitute on some of these days already.") % {"who": other.substitute}
        )
    made = Substitution.objects.create(
        replaced=replaced, substitute=substitute, starts_on=starts_on, ends_on=ends_on
    )
    days: dict[str, Any] = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    record_event(actor, "named-substitute", replaced, school=school, who=str(substitute.uuid), **days)
    record_event(actor, "became-substitute", substitute, school=school, whom=str(replaced.uuid), **days)
    log_security_event("substitute named", person=substitute.user, replaced=str(replaced.uuid), **days)
    return made


@transaction.atomic
def end_substitution(substitution: Substitution, *, actor: User) -> None:
    """End a substitution at once; one that began today or later is deleted. A second click changes nothing."""
    school = substitution.replaced.school
    require_ability(actor, "edit_people", school)
    lock_people(school)
    end_substitutions(Substitution.objects.filter(pk=substitution.pk), actor=actor)


def _check_days(school: School, starts_on: dt.date, ends_on: dt.date) -> None:
    if ends_on < starts_on:
        raise DomainError(_("The last day is before the first."))
    if ends_on < school.today():
        raise DomainError(_("These days are over. Choose a last day from today on."))
    if ends_on - starts_on > LONGEST:
        raise DomainError(_("A substitution lasts up to a year. Choose an earlier last day."))


def _check_person(person: Staff, day: dt.date) -> None:
    if person.role not in TEAM_ROLES:
        raise DomainError(
            _("%(name)s is %(role)s. Only teachers and specialists have substitutes and are substitutes.")
            % {"name": person, "role": person.get_role_display().lower()}
        )
    if not person.works_on(day):
        raise DomainError(
            _("%(name)s does not work here on %(day)s.") % {"name": person, "day": formats.short_day(day)}
        )
