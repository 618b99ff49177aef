"""Start to load a class list. It imports no pandas, as pages don't."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.class_lists.queries import summary_in
from datareview.imports.models import Import
from datareview.imports.permissions import require_own
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.jobs.services.jobs import start_job
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User

NEEDED_ABILITIES = ("import_data", "edit_people", "edit_teams")


@transaction.atomic
def start_class_list(row: Import, *, actor: User, leads: dict[str, str]) -> Import:
    """Start the job that loads a class list; ``leads`` are the addresses of leads of new teams by grade."""
    row = Import.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=row.pk)
    require_own(actor, row)
    for ability in NEEDED_ABILITIES:
        require_ability(actor, ability, row.school)
    found = summary_in(row)
    if not found:
        raise DomainError(_("This file is no class list."))
    if found.get("is_loaded"):
        raise DomainError(_("This class list has been loaded already."))
    row.job = start_job(
        "datareview.load_class_list",
        school=row.school,
        actor=actor,
        payload={"import": row.pk, "leads": leads, "return_url": f"{row.get_absolute_url()}class-list/"},
        dedupe_key=f"class-list-{row.pk}",
    )
    row.save(update_fields=["job"])
    record_event(actor, "started-class-list", row, school=row.school)
    return row
