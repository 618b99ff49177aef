"""One process of a run migrates its database; the others copy it."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from tests.servers import RUN

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def migrated_once(name: str) -> Iterator[bool]:
    """Whether the database ``name`` is a copy; if not, it is the one that others copy once the block is left.

    Blocks of other processes wait meanwhile. ``name`` is the path of its file on SQLite.
    """
    folder = Path(os.environ[RUN])
    original = folder / "migrated"  # on PostgreSQL an empty file that says that there is one
    with (folder / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_copy = original.exists()
        if is_copy:
            _copy(str(original), name)
        yield is_copy
        if not is_copy:
            _copy(name, str(original))
            original.touch()


def restore(name: str) -> None:
    """Make the database ``name`` again what it was before the tests, on SQLite.

    A copy of its file takes a hundredth of the time in which Django empties all tables and fills some again.
    """
    connection.close()
    made = Path(f"{name}.made")
    shutil.copyfile(Path(os.environ[RUN]) / "migrated", made)
    for ending in ("-wal", "-shm"):
        Path(f"{name}{ending}").unlink(missing_ok=True)
    made.replace(name)  # a connection that somebody has left open goes on with the old file


def _copy(source: str, target: str) -> None:
    """Copy a database to which nobody is connected."""
    connection.close()
    if connection.vendor == "sqlite":
        shutil.copyfile(source, target)
        return
    with closing(connection.copy()) as other:
        other.settings_dict["NAME"] = "postgres"
        with other.cursor() as cursor:
            source, target = (Path(name).name for name in (source, target))
            cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
