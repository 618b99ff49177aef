"""Set a school's rules for cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.case_rules.models import CaseRules
from datareview.case_rules.queries import rules_version, stored_rules
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teams.directory.models import User

LONGEST = 90  # days


@transaction.atomic
def set_case_rules(school: School, *, actor: User, seen: str, asks_family: bool, unseen_days: int) -> bool:
    """Set the school's rules, which hold at once. Returns whether they changed.

    Raises StaleEdit if ``seen`` is not the version stored now.
    """
    require_ability(actor, "edit_rules", school)
    if not 1 <= unseen_days <= LONGEST:
        raise DomainError(_("Between 1 and 90 days."))
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    before = stored_rules(school)
    if seen != rules_version(before):
        theirs = rules_in_words(before)
        raise StaleEdit(
            _(
                "Someone changed these rules while you were working. Theirs: %(theirs)s. Saving replaces theirs."
            )
            % {"theirs": theirs},
            current=theirs,
        )
    after = {"asks_family": asks_family, "unseen_days": unseen_days}
    if after == before:
        return False
    CaseRules.objects.update_or_create(school=school, defaults=after)
    record_event(actor, "case-rules-changed", school, school=school, before=before, after=after)
    return True


def begin_case_rules(school: School) -> None:
    """Let a school that begins ask for a family step, unless it has rules of its own."""
    CaseRules.objects.get_or_create(school=school, defaults={"asks_family": True})


def rules_in_words(rules: Mapping[str, Any]) -> str:
    """The rules in a line."""
    family = _("a family step is asked for") if rules["asks_family"] else _("no family step is asked for")
    days = ngettext("%(n)d day unseen at most", "%(n)d days unseen at most", rules["unseen_days"])
    return f"{family}, {days % {'n': rules['unseen_days']}}"
