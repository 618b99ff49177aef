"""Programs that kill themselves at a chosen moment: tasks for a worker (``--include``) and an application for a web server.

``KILL_AT`` is the moment, once the file ``ARMED`` exists: "write 3" is before the third statement that writes, "commit 2"
before the second transaction commits, and "committed 2" after it. The file is removed first, so that what follows lives.
"""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from collab.config.asgi import application
from tests.faults import tasks

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["application", "tasks"]

WRITES = ("INSERT", "UPDATE", "DELETE")
_lock = Lock()
_counts = {"write": count(1), "commit": count(1), "committed": count(1)}


def die_at(event: str) -> None:
    """Kill this process if this is the moment."""
    armed = Path(os.environ["ARMED"])
    wanted, which = os.environ["KILL_AT"].split()
    with _lock:
        if wanted == event and armed.exists() and str(next(_counts[event])) == which:
            armed.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def _watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.startswith(WRITES):
        die_at("write")
    return execute(sql, params, many, context)


def _commit(
    connection: BaseDatabaseWrapper, commit: Callable[..., None] = BaseDatabaseWrapper._commit
) -> None:
    die_at("commit")
    commit(connection)
    die_at("committed")


if "KILL_AT" in os.environ:
    BaseDatabaseWrapper._commit = _commit
    connection_created.connect(
        lambda connection, **_kwargs: connection.execute_wrappers.append(_watch), weak=False
    )
