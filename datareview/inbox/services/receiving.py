"""Store a file that came by itself and start the job that loads it; tell administrators of one that was stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from datareview.imports.models import Import
from datareview.imports.services.files import stored_import
from datareview.inbox.models import Delivery
from datareview.inbox.queries import is_told
from teams.access.permissions import staff_where
from teams.audit.services import record_event
from teams.jobs.services.jobs import start_job
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.mail.queries import language_of
from teams.mail.services.outbox import queue_mail

if TYPE_CHECKING:
    import datetime as dt

    from django.core.files import File

    from datareview.inbox.models import UploadToken
    from teams.directory.models import School, User


def receive_file(
    school: School,
    *,
    actor: User,
    file: File[bytes],
    name: str,
    changed_at: dt.datetime,
    token: UploadToken | None = None,
) -> Delivery:
    """Store a file that came by itself, and start the job that checks and applies it in the name of the actor.

    One that cannot be stored is stopped. Raises PermissionDenied if the actor may no longer load files.
    """
    delivery = Delivery(school=school, name=name[:200], changed_at=changed_at, token=token)
    try:
        with stored_import(school, actor=actor, file=file, name=name) as row:
            return _start(delivery, row, actor)
    except DomainError as error:
        stop_delivery(delivery, str(error))
        return delivery


@transaction.atomic
def stop_delivery(delivery: Delivery, reason: str) -> None:
    """Stop a file, and email those who may load files why.

    Later files of its name that stop for the same reason are not told again, until one is loaded.
    """
    delivery.state, delivery.reason = Delivery.State.STOPPED, reason[:400]
    delivery.save()
    if is_told(delivery):
        return
    for staff in staff_where(delivery.school, "import_data"):
        with translation.override(language_of(staff.user, delivery.school)):
            queue_mail(
                staff.user,
                school=delivery.school,
                kind=Mail.Kind.FILES,
                subject=_("A file was not loaded: %(name)s") % {"name": delivery.name},
                text=_(
                    "The file “%(name)s” arrived and was not loaded:\n\n%(reason)s\n\nNothing of it was saved. "
                    "Look at it, and load it if it is right: %(address)s\n\nThe next files of this name that stop for the "
                    "same reason are listed under Automatic files, without another email."
                )
                % {
                    "name": delivery.name,
                    "reason": reason,
                    "address": settings.SITE_URL + page_of_delivery(delivery),
                },
                dedupe_key=f"delivery:{delivery.uuid}:{staff.user_id}",
            )


def page_of_delivery(delivery: Delivery) -> str:
    """The address of the file's page, or of the inbox if it was not stored."""
    row = delivery.of_import
    return row.get_absolute_url() if row else reverse("datareview:inbox-show")


@transaction.atomic
def _start(delivery: Delivery, row: Import, actor: User) -> Delivery:
    row.state = Import.State.READING
    row.save()
    record_event(actor, "delivered", row, school=row.school)
    delivery.of_import = row
    delivery.save()
    payload = {"delivery": delivery.pk, "return_url": row.get_absolute_url()}
    delivery.job = row.job = start_job(
        "datareview.take_delivery", school=row.school, actor=actor, payload=payload
    )
    row.save(update_fields=["job"])
    delivery.save(update_fields=["job"])
    return delivery
