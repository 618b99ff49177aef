"""Load a file in this process, without waiting for a worker: for the command line and the demo.

The worker finds the jobs' work done and ends them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datareview.checking.services.checking import check_job
from datareview.imports.models import Import
from datareview.imports.services import files
from datareview.imports.services.reading import read_job
from datareview.loading.services.applying import apply_job
from teams.jobs.models import Job
from teams.jobs.services.jobs import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.core.files import File

    from teams.directory.models import School, User


def read_file_now(school: School, *, actor: User, file: File[bytes], name: str) -> Import:
    """Upload a file, read its header and guess its kind and mapping."""
    return _done(files.upload_file(school, actor=actor, file=file, name=name), read_job)


def check_file_now(row: Import, *, actor: User, kind: str, mapping: dict[str, Any]) -> Import:
    """Check a file by a mapping; its ``counts`` and ``problems`` are the result."""
    return _done(files.start_check(row, actor=actor, kind=kind, mapping=mapping), check_job)


def apply_file_now(row: Import, *, actor: User, confirm: bool = False) -> Import:
    """Write the valid rows of a checked file. Trends and flags are left to the worker."""
    return _done(files.start_apply(row, actor=actor, confirm=confirm), apply_job)


def load_once(
    uuid: UUID,
    school: School,
    *,
    actor: User,
    file: File[bytes],
    name: str,
    kind: str,
    mapping: dict[str, Any],
) -> Import:
    """Load a file whose columns are known, as far as it has no problems, or go on where an earlier try was cut off.

    The ``uuid`` of its import is how it is found again, so that it is stored once. Raises DomainError if a person has to
    confirm it.
    """
    states = Import.State
    row = Import.objects.filter(uuid=uuid).select_related("school", "job").first()
    if row is None:
        row = files.upload_file(school, actor=actor, file=file, name=name, uuid=uuid)
    row = _done(row, read_job)
    if row.state == states.UPLOADED:
        row = files.start_check(row, actor=actor, kind=kind, mapping=mapping)
    row = _done(row, check_job)
    if row.state == states.CHECKED and (row.counts["new"] or row.counts["changed"]):
        row = files.start_apply(row, actor=actor)
    return _done(row, apply_job)


def _done(row: Import, work: Callable[..., object]) -> Import:
    work(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


class Quiet(Progress):
    """Progress that nobody watches."""

    def __init__(self) -> None:
        super().__init__(Job())

    def step(self, done: int, total: int, note: str = "") -> None:
        """Ignore progress."""
