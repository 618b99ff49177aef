"""Upload a file, and start its reading, check, application or undoing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.imports.models import Import
from datareview.imports.permissions import require_loading, require_own
from datareview.recipes.queries import USUAL_ORDER
from datareview.recipes.services import remember_recipe
from datareview.recognition.kinds import NEEDED
from datareview.recognition.labels import LABELS
from teams.audit.services import record_event
from teams.jobs.services.jobs import start_job
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.lib.uploads import stored_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.core.files import File

    from datareview.records.models import Assessment
    from teams.directory.models import School, Team, User
    from teams.jobs.models import Job

STATES = Import.State
ACCEPTED = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".xlsx", ".xlsm", ".xls", ".ods")
SETS = (".zip",)  # of such files
NOT_READ = gettext_lazy(
    "Collab reads CSV, TSV and spreadsheets (.xlsx, .xls, .ods). Save the file as one of these."
)
BUSY = (STATES.READING, STATES.CHECKING, STATES.APPLYING, STATES.UNDOING)


def upload_file(
    school: School,
    *,
    actor: User,
    file: File[bytes],
    name: str,
    team: Team | None = None,
    uuid: UUID | None = None,
) -> Import:
    """Store an uploaded file and start the job that reads its header. A ``uuid`` is that of the import."""
    with stored_import(school, actor=actor, file=file, name=name, team=team) as row:
        row.uuid = uuid or row.uuid
        return start_reading(row, actor=actor)


@contextmanager
def stored_import(
    school: School,
    *,
    actor: User,
    file: File[bytes],
    name: str,
    team: Team | None = None,
    assessment: Assessment | None = None,
) -> Iterator[Import]:
    """Store an uploaded file, which is not opened here, for an import that `start_reading` saves.

    ``team`` is that for which a member brings answers, of ``assessment`` if it is there already. Enter this before a
    transaction; on exit, the file is deleted again unless the import was saved.
    """
    require_loading(actor, school, team)
    if not name.lower().endswith(ACCEPTED if team else (*ACCEPTED, *SETS)):
        raise DomainError(str(NOT_READ))
    if not file.size:
        raise DomainError(_("The file is empty."))
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise DomainError(
            _("The file is %(mb)d MB, and the limit is %(most)d MB. Split it.")
            % {"mb": file.size // 2**20 + 1, "most": settings.UPLOAD_MAX_BYTES // 2**20}
        )
    row = Import(school=school, uploaded_by=actor, name=name[:200], team=team, assessment=assessment)
    with stored_file(row.file, file, f"{row.uuid}{_ending(name)}"):
        yield row


@transaction.atomic
def start_reading(row: Import, *, actor: User, job: Job | None = None) -> Import:
    """Save a new import and start the job that reads its header, or the files of a set; none if ``job`` does it."""
    require_own(actor, row)
    row.save()
    record_event(actor, "uploaded", row, school=row.school)
    is_set = row.name.lower().endswith(SETS)
    return _start(
        row, actor, STATES.READING, "datareview.check_set" if is_set else "datareview.read_import", job
    )


@transaction.atomic
def start_reading_again(row: Import, *, actor: User, way: dict[str, Any]) -> Import:
    """Start the job that reads a file that is not applied in the ``way`` that a person says (`teams.tables.ways`)."""
    row = _locked(row)
    require_own(actor, row)
    if row.state in (*BUSY, STATES.APPLIED) or row.writing_since or row.is_set:
        raise DomainError(_("This file is being processed or has already been applied."))
    row.way = way
    back = reverse("datareview:import-reading", args=[row.uuid])
    return _start(row, actor, STATES.READING, "datareview.read_import", None, return_url=back)


def _ending(name: str) -> str:
    return next(
        ending
        for ending in sorted((*ACCEPTED, *SETS), key=len, reverse=True)
        if name.lower().endswith(ending)
    )


@transaction.atomic
def start_check(
    row: Import, *, actor: User, kind: str, mapping: dict[str, Any], job: Job | None = None
) -> Import:
    """Store the mapping and start the job that checks the file; none if ``job`` does it."""
    row = _locked(row)
    require_own(actor, row)
    if row.state in (*BUSY, STATES.APPLIED) or row.writing_since:
        raise DomainError(_("This file is being processed or has already been applied."))
    if kind not in NEEDED or (row.team and kind != Import.Kind.ANSWERS):
        raise DomainError(_("Choose what each row of the file is about."))
    missing = [field for field in NEEDED[kind] if not mapping["columns"].get(field)]
    if kind == Import.Kind.SCORES and mapping.get("measures"):
        missing = [field for field in missing if field != "value"]
    if missing:
        names = ", ".join(str(LABELS[field]) for field in missing)
        raise DomainError(_("Choose the column for: %(names)s.") % {"names": names})
    unknown = [name for name in mapping["columns"].values() if name and name not in row.columns]
    if unknown:
        raise DomainError(_("The file has no column “%(name)s”.") % {"name": unknown[0]})
    if told := _doubled_column(mapping):
        raise DomainError(told)
    row.kind, row.mapping = kind, mapping
    return _start(row, actor, STATES.CHECKING, "datareview.check_import", job)


def _doubled_column(mapping: dict[str, Any]) -> str:
    """A sentence on a column that two fields have; empty if there is none.

    Only first and last name may share one, which is split at its comma.
    """
    fields: dict[str, list[str]] = {}
    for name, column in mapping["columns"].items():
        if column:
            fields.setdefault(column, []).append(name)
    for column, names in fields.items():
        if len(names) > 1 and {*names} != {"first_name", "last_name"}:
            labels = " / ".join(str(LABELS[name]) for name in names)
            return _("The column “%(column)s” is matched twice: %(fields)s. Match it once.") % {
                "column": column,
                "fields": labels,
            }
    return ""


@transaction.atomic
def start_apply(
    row: Import, *, actor: User, confirm: bool = False, seen: str | None = None, job: Job | None = None
) -> Import:
    """Start the job that writes the file's valid rows, all or none, and remember how it was matched.

    ``seen`` is the `Import.check_stamp` of the result that the actor has read (None: the present one). Raises DomainError
    if the file was checked again since.
    """
    row = _locked(row)
    require_own(actor, row)
    if row.state in (STATES.APPLYING, STATES.APPLIED):
        return row
    if row.state != STATES.CHECKED:
        raise DomainError(_("Check the file before you apply it."))
    if seen is not None and seen != row.check_stamp:
        raise DomainError(
            _("The file was checked again after you opened this page. Look at the new result, then apply it.")
        )
    if row.saves_nothing:
        raise DomainError(
            _("No row of this file can be saved. Change how its columns are matched, then check it again.")
        )
    if row.counts.get("needs_confirm") and not confirm and row.seconds:
        raise DomainError(
            _("%(n)s new students have the name and grade of students here. Review them, then confirm.")
            % {"n": formats.number(row.seconds)}
        )
    if row.counts.get("needs_confirm") and not confirm:
        raise DomainError(
            _("%(n)s stored values would change. Review them, then confirm.")
            % {"n": formats.number(row.counts["changed"])}
        )
    options = dict(row.mapping.get("options", {}))
    if order := row.counts.get("order"):
        options[USUAL_ORDER] = order
    row.recipe = remember_recipe(
        row.school,
        actor=actor,
        name=row.name,
        kind=row.kind,
        columns=row.columns,
        mapping={**row.mapping, "options": options},
        way=row.way,
    )
    refuse_older(row, row.counts.get("changed", 0))
    return _start(row, actor, STATES.APPLYING, "datareview.apply_import", job)


def refuse_older(row: Import, changed: int) -> None:
    """Raise DomainError if a file would change ``changed`` values and a later one of its form has been applied."""
    if not changed or row.recipe_id is None:
        return
    later = Import.objects.filter(
        school=row.school, recipe=row.recipe_id, state=STATES.APPLIED, pk__gt=row.pk
    )
    if newest := later.order_by("-pk").first():
        raise DomainError(
            _(
                "“%(name)s” has the same form, was uploaded after this file and has been applied. This one would "
                "bring back %(n)s older values. Undo the other one first, or upload this one again."
            )
            % {"name": newest.name, "n": formats.number(changed)}
        )


@transaction.atomic
def start_undo(row: Import, *, actor: User, keep: bool = False, job: Job | None = None) -> Import:
    """Start the job that restores the data from before the file was applied, within a year. Again changes nothing.

    With ``keep``, rows on which people or later files have built stay; without, the job then undoes nothing.
    """
    row = _locked(row)
    require_own(actor, row)
    if row.state == STATES.UNDOING:
        return row
    if row.state != STATES.APPLIED:
        raise DomainError(_("Only a file that was applied can be undone."))
    if not row.is_undoable:
        raise DomainError(_("This file was applied more than a year ago, so it can’t be undone any more."))
    return _start(row, actor, STATES.UNDOING, "datareview.undo_import", job, keep=keep)


@transaction.atomic
def start_undo_of_rest(row: Import) -> Import:
    """Start the job that undoes what is left of a file whose job failed between two parts."""
    row = _locked(row)
    keep = bool(row.job and row.job.payload.get("keep"))
    return _start(row, row.uploaded_by, STATES.UNDOING, "datareview.undo_import", keep=keep)


@transaction.atomic
def discard_import(row: Import, *, actor: User) -> None:
    """Delete an upload that was never applied, with its file; of a set, also its files that never were."""
    row = _locked(row)
    require_own(actor, row)
    is_working = row.is_set and row.job is not None and not row.job.is_finished
    if is_working or row.state in BUSY or row.applied_at or row.writing_since:
        raise DomainError(_("This file is being processed or was applied, so it is kept."))
    for part in row.parts.filter(applied_at=None, writing_since=None):
        discard_import(part, actor=actor)
    record_event(actor, "discarded", row, school=row.school)
    storage, name = row.file.storage, row.file.name or ""
    transaction.on_commit(lambda: storage.delete(name))
    row.delete()


def _start(row: Import, actor: User, state: str, task: str, job: Job | None = None, **more: Any) -> Import:
    row.state, row.error = state, ""
    payload = {"import": row.pk, "return_url": row.get_absolute_url(), **more}
    row.job = job or start_job(task, school=row.school, actor=actor, payload=payload)
    row.save()
    record_event(actor, str(state), row, school=row.school)
    return row


def _locked(row: Import) -> Import:
    row = (
        Import.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "job", "team__school")
        .get(pk=row.pk)
    )
    row.state = row.standing
    return row
