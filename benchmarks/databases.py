"""Environments in which one benchmark runs on each database, in a temporary folder."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASES = ("SQLite", "PostgreSQL and Valkey")


@contextmanager
def environment_of(database: str) -> Iterator[dict[str, str]]:
    """The environment of a process that uses ``database``; servers are stopped and everything is removed after."""
    from tests.servers import Servers

    # In /tmp, not in TMPDIR: a socket's path has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="collab-", dir="/tmp") as folder:
        here = {
            **os.environ,
            "DATA_DIR": folder,
            "DEBUG": "false",
            "DEMO": "false",
            "ENVIRONMENT": "development",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        }
        here.pop("REDIS_URL", None)
        if database == "SQLite":
            yield here
            return
        Path(folder, "servers").mkdir(mode=0o700)
        servers = Servers(Path(folder, "servers"))
        Path(folder).chmod(0o711)
        servers.start()
        here["DATABASE_URL"] = f"postgres://postgres@{os.environ['TEST_POSTGRES']}/postgres"
        here["REDIS_URL"] = f"unix://{os.environ['TEST_VALKEY']}?db=1"
        try:
            yield here
        finally:
            servers.stop()
