"""Store a file, and let a worker check, apply and undo it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.checked_files.models import CheckedFile
from teams.jobs.services.jobs import start_job
from teams.lib.errors import DomainError
from teams.lib.uploads import stored_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.core.files import File
    from django.utils.functional import Promise

    from teams.directory.models import School, User
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

Uploaded = TypeVar("Uploaded", bound=CheckedFile)
States = CheckedFile.State


@dataclass(frozen=True, slots=True)
class FileKind(Generic[Uploaded]):
    """What is special about a kind of file.

    ``read`` returns the file's lines, outside any transaction. ``check`` returns what they would change, without writing.
    ``apply`` changes it, all or nothing, sets the row's ``before`` and returns what was changed. ``undo`` takes it back
    and returns what is to be told of that; it may run twice. The last three return parts of the row's ``found``.
    ``name`` names the tasks: ``teams.check_<name>`` and so on.
    """

    name: str
    model: type[Uploaded]
    ability: str
    endings: tuple[str, ...]
    most_bytes: int
    wrong_ending: str | Promise
    too_large: str | Promise
    read: Callable[[Path, str], list[Any]]
    check: Callable[[Uploaded, list[Any]], dict[str, Any]]
    apply: Callable[[Uploaded, list[Any], User], dict[str, Any]]
    undo: Callable[[Uploaded, User], dict[str, Any]]


@contextmanager
def stored_upload(
    kind: FileKind[Uploaded], school: School, *, actor: User, file: File[bytes], name: str
) -> Iterator[Uploaded]:
    """Store a file, which is not opened here, for a row that `check_later` saves.

    Enter this before a transaction; on exit, the file is deleted again unless the row was saved.
    """
    require_ability(actor, kind.ability, school)
    ending = next((ending for ending in kind.endings if name.lower().endswith(ending)), None)
    if ending is None:
        raise DomainError(str(kind.wrong_ending))
    if (file.size or 0) > kind.most_bytes:
        raise DomainError(str(kind.too_large))
    row = kind.model(school=school, uploaded_by=actor, name=name[:200])
    with stored_file(row.file, file, f"{row.uuid}{ending}"):
        yield row


@transaction.atomic
def check_later(kind: FileKind[Uploaded], row: Uploaded, *, actor: User) -> Uploaded:
    """Save a new file and start its check."""
    require_ability(actor, kind.ability, row.school)
    row.save()
    return _start(kind, "check", row, actor, States.CHECKING)


@transaction.atomic
def apply_later(kind: FileKind[Uploaded], row: Uploaded, *, actor: User) -> Uploaded:
    """Start the job that applies a checked file."""
    row = _locked(kind, row, actor)
    if row.standing in (States.APPLYING, States.APPLIED):
        return row
    if row.standing != States.CHECKED:
        raise DomainError(_("Check the file before you apply it."))
    return _start(kind, "apply", row, actor, States.APPLYING)


@transaction.atomic
def undo_later(kind: FileKind[Uploaded], row: Uploaded, *, actor: User) -> Uploaded:
    """Start the job that undoes an applied file."""
    row = _locked(kind, row, actor)
    if row.standing in (States.UNDOING, States.UNDONE):
        return row
    if not row.may_undo:
        raise DomainError(_("This file has not been applied, so there is nothing to undo."))
    return _start(kind, "undo", row, actor, States.UNDOING)


def check_file(kind: FileKind[Uploaded], job: Job, _progress: Progress) -> dict[str, Any]:
    """Check a file and store what it would change. Idempotent."""
    row = _row_of(kind, job)
    with _state_if_refused(row, States.FAILED):
        row.found = kind.check(row, kind.read(Path(row.file.path), row.name))
    row.state = States.CHECKED
    row.save(update_fields=["found", "state"])
    return {}


def apply_file(kind: FileKind[Uploaded], job: Job, _progress: Progress) -> dict[str, Any]:
    """Apply a checked file. Applying again changes nothing."""
    row = _row_of(kind, job)
    if row.state == States.APPLIED:
        return {}
    with _state_if_refused(row, States.CHECKED):
        lines = kind.read(Path(row.file.path), row.name)
        with transaction.atomic():
            row.found |= kind.apply(row, lines, _actor_of(job))
            row.state = States.APPLIED
            row.save(update_fields=["before", "found", "state"])
    return {}


def undo_file(kind: FileKind[Uploaded], job: Job, _progress: Progress) -> dict[str, Any]:
    """Undo an applied file. Idempotent."""
    row = _row_of(kind, job)
    with _state_if_refused(row, States.APPLIED):
        row.found |= kind.undo(row, _actor_of(job))
    row.state = States.UNDONE
    row.save(update_fields=["found", "state"])
    return {}


@contextmanager
def _state_if_refused(row: CheckedFile, state: str) -> Iterator[None]:
    """Store the reason for which a step was refused, and the state to go on from."""
    try:
        yield
    except DomainError as error:
        type(row)._default_manager.filter(pk=row.pk).update(state=state, error=str(error))  # noqa: SLF001
        raise


def _locked(kind: FileKind[Uploaded], row: Uploaded, actor: User) -> Uploaded:
    rows = kind.model._default_manager.select_for_update(of=("self",), no_key=True)  # noqa: SLF001 (Django's API)
    locked = rows.get(pk=row.pk)
    require_ability(actor, kind.ability, locked.school)
    return locked


def _start(kind: FileKind[Uploaded], step: str, row: Uploaded, actor: User, state: str) -> Uploaded:
    row.state, row.error = state, ""
    payload = {"file": row.pk, "return_url": row.get_absolute_url()}
    row.job = start_job(f"teams.{step}_{kind.name}", school=row.school, actor=actor, payload=payload)
    row.save()
    return row


def _row_of(kind: FileKind[Uploaded], job: Job) -> Uploaded:
    return kind.model._default_manager.select_related("school").get(pk=job.payload["file"])  # noqa: SLF001


def _actor_of(job: Job) -> User:
    if job.requested_by is None:
        raise DomainError(_("The person who asked for this no longer has an account."))
    return job.requested_by
