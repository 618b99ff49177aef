"""Hand over the open work of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.access.permissions import require_ability
from teams.account.services.joining import lock_people
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event
from teams.people.queries.handover import HandedOver, work_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teams.directory.models import Staff, User


@transaction.atomic
def hand_over_work(staff: Staff, recipients: Mapping[str, Staff], *, actor: User) -> HandedOver:
    """Give open work to others: ``recipients`` by the names of `open_work_of`.

    Who takes over a plan sees its student from then on. DomainError if someone can't take something over.
    """
    require_ability(actor, "edit_people", staff.school)
    lock_people(staff.school)
    moved = left = 0
    for source in work_sources():
        for work in source.work_of(staff):
            to = recipients.get(f"{source.name}-{work.key}")
            if to is None:
                continue
            if to not in work.recipients:
                raise DomainError(_("%(name)s can’t take over this work.") % {"name": to})
            handed = source.hand_over(staff, work.key, to=to, actor=actor)
            moved, left = moved + handed.moved, left + handed.left
            log_security_event("work handed over", person=to.user, school=staff.school_id, work=source.name)
    if moved:
        record_event(actor, "handed-over", staff, school=staff.school, things=moved)
    return HandedOver(moved, left)


def describe_handed_over(handed: HandedOver) -> str:
    """A sentence about what changed hands and what did not."""
    sentences = [_("Handed over.")] if handed.moved else []
    if handed.left:
        sentence = ngettext(
            "%(n)s action item stays: the person chosen may not read the confidential item it is from.",
            "%(n)s action items stay: the person chosen may not read the confidential items they are from.",
            handed.left,
        )
        sentences.append(sentence % {"n": formats.number(handed.left)})
    return " ".join(sentences)
