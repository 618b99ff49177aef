"""Read, check and apply a file that came by itself, or stop it where a person has to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.checking.services.checking import check_job
from datareview.imports.models import Import
from datareview.imports.services import files
from datareview.imports.services.reading import read_job
from datareview.inbox.models import Delivery
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
MANY, SHARE = 10, 0.1  # more rows than both of these are a reason to stop


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
        _load(delivery, row, progress)
    except PostponedError:
        raise
    except DomainError as error:
        stop_delivery(delivery, str(error))
    return {"state": delivery.state}


def _load(delivery: Delivery, row: Import, progress: Progress) -> None:
    """Take the file through all its states, each of which may be done already. Raises DomainError to stop it."""
    actor = row.uploaded_by
    _step(row, STATES.READING, read_job, progress)
    if row.state == STATES.UPLOADED:
        last = _last_applied(delivery, row)
        if last is not None and last.of_import is not None and last.of_import.digest == row.digest:
            with transaction.atomic():  # without its import it could not be taken up again
                files.discard_import(row, actor=actor)
                delivery.of_import, delivery.state = None, Delivery.State.SAME
                delivery.save(update_fields=["of_import", "state"])
            return
        _require_form(delivery, row, last)
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
    delivery.state = Delivery.State.APPLIED
    delivery.save(update_fields=["state"])


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


def _require_form(delivery: Delivery, row: Import, last: Delivery | None) -> None:
    """Raise DomainError if no remembered form fits, or the file is older than the last one of its form."""
    if row.recipe is None:
        raise DomainError(
            _(
                "Its columns are not those of a file that was loaded before. Match them once, then it is known."
            )
        )
    if last is not None and delivery.changed_at < last.changed_at:
        raise DomainError(
            _("It is of %(then)s, and a newer one of %(last)s has been loaded.")
            % {
                "then": formats.moment(delivery.changed_at, tz=delivery.school.tz),
                "last": formats.moment(last.changed_at, tz=delivery.school.tz),
            }
        )


def reason_to_stop(row: Import) -> str:
    """Why a checked file is not applied without a person: too much would change, be missing or stay out; else empty."""
    counts = row.counts
    known = counts["changed"] + counts["same"]
    errors = set(row.problems.filter(severity="error").values_list("code", flat=True))
    out = sum(many for code, many in counts["problems"].items() if code in errors)
    absent = counts.get("absent", 0)
    if row.seconds:
        return _("%(n)s new students have the name and grade of students here.") % {
            "n": formats.number(row.seconds)
        }
    if _is_many(counts["changed"], known) or counts["needs_confirm"]:
        return _("%(n)s stored values would change.") % {"n": formats.number(counts["changed"])}
    if _is_many(absent, known + absent):
        return _("%(n)s students of the school are not in it.") % {"n": formats.number(absent)}
    if _is_many(out, counts["rows"]):
        return _("%(n)s rows would stay out.") % {"n": formats.number(out)}
    return ""


def _is_many(part: int, whole: int) -> bool:
    return part > MANY and part > SHARE * whole
