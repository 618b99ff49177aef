"""Starts Python programs as forks of a process that has imported what they need, which is most of a start.

``python -m tests.forking`` is that process; it reads requests of `Forks`. It has imported packages only, so that each
program reads the settings and our own modules itself; or, as ``python -m tests.forking ready``, it has also read the
settings in its environment, our modules and the templates. `tests.test_production` starts every program from the
beginning.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import random
import runpy
import subprocess
import sys
import time
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent
# None of them reads settings, starts a thread or opens a file when it is imported.
PACKAGES = """celery.apps.beat celery.apps.worker celery.bin.celery celery.concurrency.prefork celery.worker.strategy
    cryptography.x509 csp.middleware django.contrib.humanize.templatetags.humanize django.contrib.staticfiles.finders
    django.core.management.commands.shell django.db.backends.sqlite3.base django.db.migrations.executor django.db.models
    django.forms django.template.defaulttags django.template.loader_tags django.views.generic django_htmx.middleware environs
    fido2.server icalendar kombu.transport.filesystem kombu.transport.redis numpy pandas psycopg redis requests structlog
    uvicorn.lifespan.on uvicorn.loops.asyncio uvicorn.main uvicorn.protocols.http.h11_impl whitenoise.middleware"""


class Forks:
    """The process that forks, seen from the tests. It starts when it is asked for the first time."""

    def __init__(self, environment: Mapping[str, str], *arguments: str) -> None:
        self.environment = dict(environment)
        self.arguments = arguments

    @cached_property
    def process(self) -> subprocess.Popen[str]:
        """The process."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.forking", *self.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            # Threads of another library would not survive a fork.
            env={**self.environment, "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,  # an interrupted run stops its programs through it
            text=True,
        )

    def ask(self, **request: Any) -> Any:
        """The answer to ``request``: see `main`."""
        print(json.dumps(request), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def start(self, command: tuple[str, ...], environment: dict[str, str], log: Path) -> Fork:
        """Start ``python -m command``, which writes to ``log``."""
        return Fork(self, self.ask(start=command, environment=environment, log=str(log)))

    def close(self) -> None:
        """End the process; its forks go on."""
        if "process" in vars(self):
            self.process.communicate()

    def serves(self, environment: Mapping[str, str]) -> bool:
        """Whether programs with this environment are the same as with one's own, but for the clock."""
        changing = {"CLOCK_OFFSET", "PYTEST_CURRENT_TEST"}
        return all(
            self.environment.get(name) == environment.get(name)
            for name in {*self.environment, *environment} - changing
        )


class Fork:
    """A program, with what tests use of `subprocess.Popen`."""

    def __init__(self, forks: Forks, pid: int) -> None:
        self.forks, self.pid = forks, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        if self.returncode is None:
            self.returncode = self.forks.ask(poll=self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Its exit status, once it has ended; TimeoutError after ``timeout`` seconds."""
        end = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > end:
                raise TimeoutError(self.pid)
            time.sleep(0.01)
        return self.returncode


def main() -> None:
    """Answer each line of stdin: ``start`` with the id of the new process, ``poll`` with its exit status or null."""
    for package in PACKAGES.split():
        import_module(package)
    if "ready" in sys.argv:
        read_everything()
    gc.collect()
    gc.freeze()  # a collection in a fork would touch, and so copy, all pages of this memory
    for line in sys.stdin:
        request = json.loads(line)
        if "poll" in request:
            pid, status = os.waitpid(request["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            os.setpgid(answer, answer or os.getpid())  # in both, because either may be first
            if not answer:
                become(request["start"], request["environment"], request["log"])
        print(json.dumps(answer), flush=True)


def read_everything() -> None:
    """Import what web servers and workers have in common, and compile the templates."""
    import django
    from django.template.loader import get_template
    from django.urls import get_resolver

    django.setup()
    get_resolver().url_patterns  # noqa: B018 (imports every view)
    folder = ROOT / "templates"
    for template in folder.rglob("*.html"):
        get_template(str(template.relative_to(folder)))


def become(command: list[str], environment: dict[str, str], log: str) -> None:
    """Be the program from here on."""
    nothing, file = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for place, opened in ((0, nothing), (1, file), (2, file)):
        os.dup2(opened, place)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[1:1] = environment["PYTHONPATH"].split(os.pathsep)
    random.seed()
    if "ready" in sys.argv:
        from django.conf import settings

        settings.CLOCK_OFFSET = dt.timedelta(seconds=float(environment["CLOCK_OFFSET"]))
    sys.argv = command
    status: Any = 0
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = ended.code
    except BaseException:  # as Python itself ends
        sys.excepthook(*sys.exc_info())
        status = 1
    sys.stdout.flush()
    os._exit(status if isinstance(status, int) else bool(status))


if __name__ == "__main__":
    main()
