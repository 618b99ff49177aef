"""Hand over the open work of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.account.services.joining import lock_people
from teams.audit.services import record_event
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event
from teams.people.queries.handover import work_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teams.directory.models import Staff, User


@transaction.atomic
def hand_over_work(staff: Staff, recipients: Mapping[str, Staff], *, actor: User) -> int:
    """Give open work to others: ``recipients`` by the names of `open_work_of`. Returns how many things changed hands.

    Who takes over a plan sees its student from then on. DomainError if someone can't take something over.
    """
    require_ability(actor, "edit_people", staff.school)
    lock_people(staff.school)
    done = 0
    for source in work_sources():
        for work in source.work_of(staff):
            to = recipients.get(f"{source.name}-{work.key}")
            if to is None:
                continue
            if to not in work.recipients:
                raise DomainError(_("%(name)s can’t take over this work.") % {"name": to})
            done += source.hand_over(staff, work.key, to=to, actor=actor)
            log_security_event("work handed over", person=to.user, school=staff.school_id, work=source.name)
    if done:
        record_event(actor, "handed-over", staff, school=staff.school, things=done)
    return done
