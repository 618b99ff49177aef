"""Read, check and apply a file that came by itself, or stop it where a person has to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.checking.services.checking import check_job
from datareview.class_lists.services.dividing import divide_class_list, is_loaded_form
from datareview.file_sets.services.working import check_parts, load_parts, read_parts
from datareview.imports.models import Import
from datareview.imports.queries import reason_to_stop
from datareview.imports.services import files
from datareview.imports.services.reading import content_digest, read_job, read_once
from datareview.inbox.models import Delivery
from datareview.inbox.queries import last_of_name
from datareview.inbox.services.receiving import stop_delivery
from datareview.loading.services.applying import apply_job
from teams.jobs.models import Job
from teams.jobs.services.jobs import PostponedError
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from teams.jobs.services.jobs import Progress

STATES = Import.State


def take_delivery_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Load a file as the last one of its form was, or stop it. Idempotent."""
    delivery = Delivery.objects.select_related("school", "of_import__recipe", "of_import__uploaded_by").get(
        pk=job.payload["delivery"]
    )
    row = delivery.of_import
    if delivery.state != Delivery.State.WAITING or row is None:
        return {}
    earlier = Delivery.objects.filter(
        school=delivery.school_id, state=Delivery.State.WAITING, pk__lt=delivery.pk
    )
    if earlier.exclude(job__state=Job.State.FAILED).exists():
        raise PostponedError(_("A file that came before is loaded first. This one is next."))
    try:
        with read_once():
            _load(delivery, row, progress)
    except PostponedError:
        raise
    except DomainError as error:
        stop_delivery(delivery, str(error))
    return {"state": delivery.state}


def _load(delivery: Delivery, row: Import, progress: Progress) -> None:
    """Take the file through all its states, each of which may be done already. Raises DomainError to stop it."""
    if row.name.lower().endswith(files.SETS):
        _load_set(delivery, row, progress)
        return
    _step(row, STATES.READING, read_job, progress)
    if row.state == STATES.UPLOADED and is_loaded_form(row):
        _load_class_list(delivery, row, progress)
    else:
        _load_one(delivery, row, progress)


def _load_set(delivery: Delivery, row: Import, progress: Progress) -> None:
    last = last_of_name(delivery)
    if row.state == STATES.READING and _is_same(delivery, row, last, content_digest(row)):
        return
    _require_newer(delivery, last)
    _step(row, STATES.READING, read_job, progress)
    parts = read_parts(row)
    if unknown := [part for part in parts if not part.kind or not part.recipe_id]:
        raise DomainError(f"{unknown[0].name}: {_unknown()}")
    _load_parts(delivery, parts, progress)


def _load_class_list(delivery: Delivery, row: Import, progress: Progress) -> None:
    last = last_of_name(delivery)
    if not _is_same(delivery, row, last, row.digest):
        _require_newer(delivery, last)
        _load_parts(delivery, divide_class_list(row, actor=row.uploaded_by), progress)


def _load_one(delivery: Delivery, row: Import, progress: Progress) -> None:
    actor = row.uploaded_by
    if row.state == STATES.UPLOADED:
        last = _last_applied(delivery, row)
        if _is_same(delivery, row, last, row.digest):
            return
        if row.recipe is None:
            raise DomainError(_unknown())
        _require_newer(delivery, last)
        files.start_check(row, actor=actor, kind=row.kind, mapping=row.mapping)
        row.refresh_from_db()
    _step(row, STATES.CHECKING, check_job, progress)
    if row.state == STATES.CHECKED:
        if reason := reason_to_stop(row):
            raise DomainError(reason)
        files.start_apply(row, actor=actor)
        row.refresh_from_db()
    _step(row, STATES.APPLYING, apply_job, progress)
    if row.state != STATES.APPLIED:
        raise DomainError(row.error or _("The work on this file failed. Try it by hand."))
    _note_applied(delivery)


def _load_parts(delivery: Delivery, parts: list[Import], progress: Progress) -> None:
    """Load the files of a set, if none of them has to be looked at: all are checked before the first is applied."""
    actor = parts[0].uploaded_by
    if not any(part.state in (STATES.APPLYING, STATES.APPLIED) for part in parts):
        check_parts(parts, actor, delivery.job, progress)
        for part in parts:
            if reason := part.error if part.state != STATES.CHECKED else reason_to_stop(part):
                raise DomainError(f"{part.name}: {reason}")
    if not load_parts(parts, actor, delivery.job, progress):
        stopped = next(part for part in parts if part.state != STATES.APPLIED)
        raise DomainError(f"{stopped.name}: {stopped.error or reason_to_stop(stopped)}")
    _note_applied(delivery)


def _unknown() -> str:
    return _("Its columns are not those of a file that was loaded before. Match them once, then it is known.")


def _note_applied(delivery: Delivery) -> None:
    delivery.state = Delivery.State.APPLIED
    delivery.save(update_fields=["state"])


def _is_same(delivery: Delivery, row: Import, last: Delivery | None, digest: str) -> bool:
    """Whether the file has the bytes of the last one; then it is not kept."""
    if last is None or last.of_import is None or last.of_import.digest != digest:
        return False
    with transaction.atomic():  # without its import it could not be taken up again
        row.state = STATES.UPLOADED
        row.save(update_fields=["state"])
        files.discard_import(row, actor=row.uploaded_by)
        delivery.of_import, delivery.state = None, Delivery.State.SAME
        delivery.save(update_fields=["of_import", "state"])
    return True


def _step(row: Import, state: str, work: Callable[[Job, Progress], object], progress: Progress) -> None:
    """Do the work of ``state``, if the file is in it."""
    if row.state == state:
        work(Job(payload={"import": row.pk}), progress)
        row.refresh_from_db()


def _last_applied(delivery: Delivery, row: Import) -> Delivery | None:
    """The newest file of the same form that came by itself and was applied."""
    rows = Delivery.objects.filter(school=delivery.school, state=Delivery.State.APPLIED)
    rows = rows.filter(of_import__recipe=row.recipe, of_import__state=STATES.APPLIED).exclude(pk=delivery.pk)
    return rows.select_related("of_import").order_by("-changed_at", "-pk").first() if row.recipe else None


def _require_newer(delivery: Delivery, last: Delivery | None) -> None:
    """Raise DomainError if the file is older than the last one of its form."""
    if last is not None and delivery.changed_at < last.changed_at:
        raise DomainError(
            _("It is of %(then)s, and a newer one of %(last)s has been loaded.")
            % {
                "then": formats.moment(delivery.changed_at, tz=delivery.school.tz),
                "last": formats.moment(last.changed_at, tz=delivery.school.tz),
            }
        )
