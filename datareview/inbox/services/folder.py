"""Look into the watched folders: take each file that has not changed since the last look."""

from __future__ import annotations

import datetime as dt
import logging
import os
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.utils.translation import gettext as _

from datareview.inbox.models import Delivery, Inbox
from datareview.inbox.queries import folder_of
from datareview.inbox.services.receiving import receive_file, stop_delivery
from teams.jobs.models import Job
from teams.jobs.services.batches import run_each
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

AT_ONCE = 20  # files of a school in one look
SEEN_SECONDS = 3600  # how long the size and time of a file are kept for the next look


def watch_folders() -> int:
    """Take the files of all watched folders. Returns the number of files that were taken."""
    watched = Inbox.objects.exclude(watched_by=None).select_related("school", "watched_by")
    run_each("datareview.stop_failed_deliveries", _failed(), _stop_failed, about=lambda one: one.school)
    taken = 0
    for inbox in watched:  # not in a transaction: files are stored outside of one
        try:
            taken += take_files(inbox)
        except (OSError, PermissionDenied) as error:
            _warn(inbox, error)
    return taken


def take_files(inbox: Inbox) -> int:
    """Take the files of a school's folder that are whole: unchanged since the last look. Returns their number.

    Folders, links and hidden files are left alone; a file that was taken is deleted from the folder.
    """
    folder = folder_of(inbox.school)
    folder.mkdir(parents=True, exist_ok=True)
    found = [path for path in folder.iterdir() if not path.name.startswith(".") and not path.is_symlink()]
    files = sorted((path for path in found if path.is_file()), key=lambda path: path.stat().st_mtime)
    taken = 0
    for path in files[:AT_ONCE]:
        try:
            taken += _take_whole(inbox, path)
        except OSError as error:  # one that may not be read or deleted must not stop the next
            _warn(inbox, error)
    return taken


def _take_whole(inbox: Inbox, path: Path) -> bool:
    """Take a file if it has not changed since the last look."""
    facts = path.stat()
    key = f"inbox:{inbox.school_id}:{version_of(path.name)}"
    state = [facts.st_size, facts.st_mtime_ns]
    if cache.get(key) != state:
        cache.set(key, state, SEEN_SECONDS)
        return False
    _take(inbox, path, dt.datetime.fromtimestamp(facts.st_mtime, dt.UTC))
    return True


def _warn(inbox: Inbox, error: Exception) -> None:
    logger.warning("In the folder of school %s a file was not read: %s", inbox.school_id, error)


def _take(inbox: Inbox, path: Path, changed_at: dt.datetime) -> None:
    """Store one file and delete it from the folder; it is not stored twice if it could not be deleted."""
    there = Delivery.objects.filter(school=inbox.school, name=path.name[:200], changed_at=changed_at)
    if not there.exists() and inbox.watched_by:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            receive_file(
                inbox.school,
                actor=inbox.watched_by,
                file=File(file, name=path.name),
                name=path.name,
                changed_at=changed_at,
            )
    path.unlink()


def _failed() -> list[Delivery]:
    """Files whose job failed for good before they were applied or stopped."""
    rows = Delivery.objects.filter(state=Delivery.State.WAITING, job__state=Job.State.FAILED)
    return list(rows.select_related("school", "of_import", "job"))


def _stop_failed(delivery: Delivery) -> int:
    reason = delivery.job.error if delivery.job else ""
    stop_delivery(delivery, reason or _("The work on this file failed. Try it by hand."))
    return 1
