"""Watches the transactions of services: how many statements each runs, and what it waits for outside the database.

A pytest plugin. On SQLite, a service with an open transaction keeps everyone else from writing, so it must read and
write files, use the network and start processes before or after it. A test fails if a service does not (reading is not
noticed), or if a transaction runs more than `MOST_STATEMENTS`, as a loop over rows would, or writes more than `MOST_ROWS`.
Rows are counted on SQLite only: PostgreSQL lets others write meanwhile.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_STATEMENTS = 200
MOST_ROWS = 5_000
# They ask each table that can name a student: their statements grow with the tables, not with the rows.
BY_TABLE = {
    "datareview.loading.services.undoing.undo_job": 300,
    "datareview.privacy.services.erasure.erase_student": 300,
    "datareview.doubles.services.merging.merge_students": 300,
}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
PACKAGES = ("teams.", "datareview.", "collab.")
SIMULATOR = "collab.demo."  # fills an empty database
# Folders of modules imported for the first time, and of the cache without Redis, where jobs report their progress.
HARMLESS = {"__pycache__", "cache"}
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")


class Watch(threading.local):
    """The transaction of a service that this thread has open: its owner, the block that began it, its work."""

    owner = ""
    block: Any = None
    statements = 0
    rows = 0


watch = Watch()
longest: Counter[str] = Counter()  # service → most statements in one transaction
largest: Counter[str] = Counter()  # service → most rows written in one transaction
outside: list[str] = []  # what services waited for inside a transaction


def owner_of(frame: Any) -> str:
    """The function of ours that opens a block: the decorated one, or the one with the ``with``; else ""."""
    decorated = frame.f_locals.get("func") if frame.f_code.co_name == "inner" else None
    module = decorated.__module__ if decorated else frame.f_globals.get("__name__", "")
    name = decorated.__qualname__ if decorated else frame.f_code.co_name
    is_service = module.startswith(PACKAGES) and not module.startswith(SIMULATOR)
    return f"{module}.{name}" if is_service else ""


def count(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Execute a statement and count it and the rows that it writes, but not a savepoint."""
    if not str(sql).startswith(SAVEPOINTS):
        watch.statements += 1
    result = execute(sql, params, many, context)
    if str(sql).lstrip().upper().startswith(WRITES) and connection.vendor == "sqlite":
        watch.rows += max(context["cursor"].rowcount, 0)
    return result


def enter(atomic: Any, original: Callable[[Any], None] = transaction.Atomic.__enter__) -> None:
    """Enter a block; begin to watch if it is the outermost of a service."""
    original(atomic)
    if watch.block is None and (owner := owner_of(sys._getframe(1))):
        watch.owner, watch.block, watch.statements, watch.rows = owner, atomic, 0, 0
        transaction.get_connection(atomic.using).execute_wrappers.append(count)


def leave(atomic: Any, *error: Any, original: Callable[..., None] = transaction.Atomic.__exit__) -> None:
    """Leave a block; stop watching if it is the one that began it."""
    if watch.block is atomic:
        watch.block = None
        transaction.get_connection(atomic.using).execute_wrappers.remove(count)
        longest[watch.owner] = max(longest[watch.owner], watch.statements)
        largest[watch.owner] = max(largest[watch.owner], watch.rows)
    original(atomic, *error)


def hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Note a process, a network connection or the writing of a file that begins inside a transaction of a service."""
    if event not in ("subprocess.Popen", "socket.connect", "open") or watch.block is None:
        return
    if event == "open" and (
        not arguments[2] & (os.O_WRONLY | os.O_RDWR)
        or isinstance(arguments[0], int)  # a file that is open already
        or HARMLESS & set(Path(str(arguments[0])).parts)
    ):
        return
    if event == "socket.connect" and arguments[0].family == socket.AF_UNIX:
        return  # the tests' Valkey
    what = f"{event} {arguments[0]}" if event == "open" else event
    outside.append(f"{watch.owner}: {what}")


def findings() -> list[str]:
    """What services have wrongly done in transactions since the last call."""
    found = [
        f"{name}: {n} statements" for name, n in longest.items() if n > BY_TABLE.get(name, MOST_STATEMENTS)
    ]
    found += [f"{name}: {n} rows" for name, n in largest.items() if n > MOST_ROWS] + outside
    longest.clear()
    largest.clear()
    outside.clear()
    return found


def pytest_configure() -> None:
    """Start watching."""
    transaction.Atomic.__enter__ = enter  # type: ignore[method-assign]
    transaction.Atomic.__exit__ = leave  # type: ignore[method-assign]
    sys.addaudithook(hear)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Fail a test in which a service did too much inside a transaction."""
    findings()
    yield
    if found := findings():
        pytest.fail("Do this before or after the transaction: " + "; ".join(found), pytrace=False)
