"""Send tasks to a worker by name, after the current transaction commits."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def enqueue_on_commit(kind: str, job_id: int) -> None:
    """Send task ``kind`` with ``job_id`` after commit; nothing is sent if the transaction rolls back."""
    transaction.on_commit(partial(enqueue, kind, job_id))


def enqueue(kind: str, job_id: int) -> bool:
    """Send task ``kind`` now. Returns False and logs if the broker is down; the sweeper then resends it."""
    try:
        current_app.send_task(kind, args=[job_id])
    except Exception as error:  # brokers raise different errors, and none may make a save fail
        logger.warning("Job %s (%s) waits: the broker does not answer (%s).", job_id, kind, error)
        return False
    return True
