"""Find the school's standards by code, and add those that it does not have yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.records.models import Standard
from teams.audit.services import record_events
from teams.directory.models import School
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teams.directory.models import User

MOST_CODE = 60


class UnknownStandards(DomainError):
    """Codes that are not among the school's standards: ``codes``."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(
            _("Your school has no standard %(codes)s. Correct the code, or add it.")
            % {"codes": ", ".join(codes)}
        )
        self.codes = codes


def standards_for(
    school: School, codes: Sequence[str], *, actor: User, add: bool = False
) -> dict[str, Standard]:
    """Map ``codes`` (in lower case, but empty ones) to the school's standards; one in use goes before a retired one.

    Raises UnknownStandards for codes that the school does not have, or adds them if ``add``: without a framework, and
    with the code as their statement until someone writes it.
    """
    wanted = {code.casefold(): code for code in reversed(codes) if code}
    if not wanted:
        return {}
    # All of the school's standards are read: databases compare capitals differently, and there are a few hundred.
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    rows = Standard.objects.filter(school=school).order_by("-is_retired", "-framework")
    found = {row.code.casefold(): row for row in rows if row.code.casefold() in wanted}
    missing = [code for key, code in reversed(wanted.items()) if key not in found]
    if missing and not add:
        raise UnknownStandards(missing)
    if too_long := [code for code in missing if len(code) > MOST_CODE]:
        raise DomainError(_("“%(code)s” is too long for a code.") % {"code": too_long[0]})
    new = [Standard(school=school, code=code, statement=code) for code in missing]
    Standard.objects.bulk_create(new)
    record_events(actor, "added-standard", new, school=school)
    return found | {row.code.casefold(): row for row in new}
