"""Real programs on the test's own database: web servers, workers, a browser.

They see only committed data, so their tests use ``transactional_db`` (requested by the fixtures here).
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import FLAGS, find_chromium
from tests.forking import Forks
from tests.servers import PATIENCE, wait_until

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent


class Program:
    """A running program with its log. Killed together with its children."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                command,
                env=environment,
                cwd=ROOT,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill it at once, without any cleanup."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    @property
    def output(self) -> str:
        """Everything it printed."""
        return self.log.read_text(errors="replace")


class ForkedProgram(Program):
    """The same, started as a fork: ``python -m command``."""

    def __init__(
        self, forks: Forks, command: tuple[str, ...], environment: dict[str, str], log: Path
    ) -> None:
        self.log = log
        log.touch()
        self.process = forks.start(command, environment, log)


class Programs:
    """Starts programs for one test and stops them all afterwards: as forks, or, without ``forks``, as new processes.

    The last of ``forks`` serves every environment, those before it only their own.
    """

    def __init__(self, environment: dict[str, str], folder: Path, forks: tuple[Forks, ...] = ()) -> None:
        self.forks = forks
        self.environment = environment
        self.folder = folder
        self.started: list[Program] = []

    def start(self, name: str, *command: str, **environment: str) -> Program:
        """Start ``python -m command``, with ``environment`` added to its environment."""
        log = self.folder / f"{name}-{len(self.started)}.log"
        program = self._started(command, {**self.environment, **environment}, log)
        self.started.append(program)
        return program

    def _started(self, command: tuple[str, ...], environment: dict[str, str], log: Path) -> Program:
        if not self.forks:
            return Program([sys.executable, "-m", *command], environment, log)
        *ready, forks = self.forks
        forks = next((some for some in ready if some.serves(environment)), forks)
        return ForkedProgram(forks, command, environment, log)

    def worker(self, *, tasks: str = "", **environment: str) -> Program:
        """Start a worker as ``./dev worker`` does and wait until ready; ``tasks`` is a module with more tasks."""
        more = ["--include", tasks] if tasks else []
        program = self.start(
            "worker",
            "celery",
            "-A",
            "collab.config",
            "worker",
            "--without-gossip",
            "--without-mingle",
            "--concurrency",
            "1",
            *more,
            **environment,
        )
        wait_until(lambda: " ready." in program.output or program.process.poll() is not None, "No worker.")
        assert program.process.poll() is None, program.output
        return program

    def web(
        self, *, port: int = 0, application: str = "collab.config.asgi:application", **environment: str
    ) -> str:
        """Start a web server as ``./dev web`` does. Returns its address once it answers."""
        port = port or free_port()
        options = ["--port", str(port), "--log-level", "warning", "--timeout-graceful-shutdown", "1"]
        program = self.start("web", "uvicorn", application, *options, **environment)
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(address) or program.process.poll() is not None, "No web server.")
        assert program.process.poll() is None, program.output
        return address

    def kill(self) -> None:
        """Kill all programs: a test is over, so nothing of theirs needs to be finished."""
        for program in self.started:
            program.kill()


def free_port() -> int:
    """Return a port for a server that starts later. No connection takes it meanwhile: those have higher ports."""
    while True:
        # Not the tests' random numbers, which are the same in every process.
        port = random.SystemRandom().randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code == 503
    except OSError:
        return False


@pytest.fixture(scope="session")
def forks(django_db_setup: None) -> Iterator[tuple[Forks, ...]]:
    """The processes that fork programs: one for those of most tests, one for those with settings of their own."""
    started = Forks(environment_of_programs(), "ready"), Forks(os.environ)
    yield started
    for one in started:
        one.close()


@pytest.fixture
def programs(
    transactional_db: None, forks: tuple[Forks, ...], clock_set: dt.timedelta, tmp_path: Path
) -> Iterator[Programs]:
    """Starts workers and web servers on the test's database."""
    empty_queue()
    started = Programs(environment_of_programs(), tmp_path, forks)
    yield started
    started.kill()
    empty_queue()


def environment_of_programs() -> dict[str, str]:
    """The environment of programs on the running test's database, with its clock."""
    from django.conf import settings

    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(settings.ENV.data_dir),
        "DJANGO_SETTINGS_MODULE": "collab.config.settings",
        "CLOCK_OFFSET": str(settings.CLOCK_OFFSET.total_seconds()),
    }


def database_url() -> str:
    """The URL of the running test's database."""
    from django.db import connection

    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgres://{values['USER']}@{values['HOST'].replace('/', '%2F')}/{values['NAME']}"


def empty_queue() -> None:
    """Delete messages and cached progress of earlier tests."""
    from django.conf import settings
    from django.core.cache import cache

    cache.clear()
    if settings.REDIS_URL:
        import redis

        redis.from_url(settings.REDIS_URL).flushdb()
        return
    for message in settings.QUEUE_DIR.glob("*/*"):
        message.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def chromium():
    """A real Chromium, per module: Playwright's event loop would disturb the tests of other modules."""
    from playwright.sync_api import expect, sync_playwright

    path = find_chromium()
    if path is None:
        pytest.fail("The journeys need Chromium; ./dev test brings it.")
    expect.set_options(timeout=1000 * PATIENCE)
    # Playwright's event loop runs in this thread, so Django takes the test for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def open_page(chromium, programs: Programs):
    """``open_page(user, "/plans/", width=390)``: a new browser with ``user`` signed in (None: nobody).

    It saves data, so charts stay drawings, unless ``saves_data=False``.
    """
    from django.conf import settings
    from django.test import Client

    address = programs.web()
    contexts = []

    def open_for(user, path: str = "/", *, width: int = 1440, height: int = 900, saves_data=True, **options):
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user, backend="teams.account.backends.ScopeBackend")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        if saves_data:
            context.add_init_script(
                "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
            )
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
        page.goto(path)
        return page

    yield open_for
    for context in contexts:
        context.close()
