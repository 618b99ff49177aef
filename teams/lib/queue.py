"""Sending work to a worker by name, once the transaction that asked for it is committed."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def enqueue_on_commit(kind: str, job_id: int) -> None:
    """Send task ``kind`` with ``job_id`` after commit; nothing is sent when the transaction rolls back."""
    transaction.on_commit(partial(enqueue, kind, job_id))


def enqueue(kind: str, job_id: int) -> bool:
    """Send it now; False, and a line in the log, when the broker is gone: the sweeper sends it again."""
    try:
        current_app.send_task(kind, args=[job_id])
    except Exception as error:  # every broker has its own; a save must not fail for it
        logger.warning("Job %s (%s) waits: the broker does not answer (%s).", job_id, kind, error)
        return False
    return True
