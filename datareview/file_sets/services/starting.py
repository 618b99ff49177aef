"""Start the job that checks, applies or undoes the files of a set. It imports no pandas, as pages don't."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.file_sets.queries import files_in_set, stamp_of
from datareview.imports.models import Import
from datareview.imports.permissions import require_own
from teams.audit.services import record_event
from teams.jobs.services.jobs import start_job
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User

TASKS = {
    "check": "datareview.check_set",
    "load": "datareview.load_set",
    "undo": "datareview.undo_set",
}


@transaction.atomic
def start_set(row: Import, *, actor: User, do: str, seen: str = "") -> Import:
    """Start the job that does something to all files of a set, unless one is running; ``seen``: see `stamp_of`.

    Raises DomainError if a file was checked again since the actor has read the results that are to be loaded.
    """
    row = (
        Import.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "job", "team__school")
        .get(pk=row.pk)
    )
    require_own(actor, row)
    if not row.is_set or do not in TASKS:
        raise DomainError(_("This file is no set of files."))
    if row.job and not row.job.is_finished:
        return row
    if do == "load" and seen != stamp_of(files_in_set(row)):
        raise DomainError(
            _(
                "A file was checked again after you opened this page. Look at the new result, then load the files."
            )
        )
    payload = {"import": row.pk, "return_url": row.get_absolute_url()}
    row.job = start_job(TASKS[do], school=row.school, actor=actor, payload=payload)
    row.save(update_fields=["job"])
    record_event(actor, f"{do}-set", row, school=row.school)
    return row
