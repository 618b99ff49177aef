"""Whether the server works: disk, database, broker, worker, mail."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from teams.jobs.services.jobs import worker_seen_at
from teams.lib import clock
from teams.mail.models import Mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrOrPromise

LEAST_FREE_BYTES = 200 * 1024 * 1024
WORKER_SILENT_FOR = dt.timedelta(minutes=3)  # beat asks it for work every 30 seconds
MAIL_LATE_AFTER = dt.timedelta(minutes=15)
KEPT_SECONDS = 3.0  # so that asking often costs nothing

LABELS = {
    "disk": _("Disk"),
    "database": _("Database"),
    "broker": _("Queue"),
    "worker": _("Worker"),
    "mail": _("Email"),
}
# What the settings of PostgreSQL must be so that its log names errors only; docker-compose.yml sets them.
QUIET = {
    "log_error_verbosity": {"terse"},
    "log_min_duration_statement": {"-1"},
    "log_min_error_statement": {"log", "fatal", "panic"},
    "log_parameter_max_length_on_error": {"0"},
    "log_statement": {"none", "ddl"},
}
PAGES_NEED = {"disk", "database"}  # without the others, pages are answered, and what they start waits
_last: dict[str, tuple[float, list[ServerCheck]]] = {}


@dataclass(frozen=True, slots=True)
class ServerCheck:
    """One thing the server needs: its name, and what is wrong with it (empty if nothing), in words for people."""

    name: str
    problem: StrOrPromise

    @property
    def is_ok(self) -> bool:
        """Whether it works."""
        return not self.problem

    @property
    def label(self) -> str:
        """Its name on the page."""
        return str(LABELS[self.name])

    @property
    def state(self) -> str:
        """The problem, or "ok"."""
        return str(self.problem) or "ok"


def readiness() -> list[ServerCheck]:
    """Check everything the server needs. Results of the last few seconds are reused."""
    at, checks = _last.get("checks", (-KEPT_SECONDS, []))
    if time.monotonic() - at < KEPT_SECONDS:
        return checks
    parts: dict[str, Callable[[], StrOrPromise]] = {
        "disk": _disk,
        "database": _database,
        "broker": _broker,
        "worker": _worker,
        "mail": _mail,
    }
    checks = [ServerCheck(name, _problem(part)) for name, part in parts.items()]
    _last["checks"] = (time.monotonic(), checks)
    return checks


def _problem(part: Callable[[], StrOrPromise]) -> StrOrPromise:
    """The problem of ``part``; if it raises, the error's class, since messages may contain addresses and passwords."""
    try:
        return part()
    except Exception as error:  # whatever a driver raises means "does not answer"
        return format_lazy(_("does not answer ({error})"), error=type(error).__name__)


def _disk() -> StrOrPromise:
    folder = settings.ENV.data_dir
    if not os.access(folder, os.W_OK):
        return _("DATA_DIR is not writable")
    free = shutil.disk_usage(folder).free
    return "" if free >= LEAST_FREE_BYTES else format_lazy(_("{n} MB free in DATA_DIR"), n=free // 1024**2)


def _database() -> StrOrPromise:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _broker() -> StrOrPromise:
    if settings.REDIS_URL:
        import redis

        with redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as server:
            server.ping()
        return ""
    return "" if os.access(settings.QUEUE_DIR / "messages", os.W_OK) else _("its folder is not writable")


def _worker() -> StrOrPromise:
    seen = worker_seen_at()
    if seen is None:
        return _("not seen yet; start ./dev worker and ./dev beat")
    silent = clock.now() - seen
    minutes = silent // dt.timedelta(minutes=1)
    return "" if silent < WORKER_SILENT_FOR else format_lazy(_("silent for {n} minutes"), n=minutes)


def _mail() -> StrOrPromise:
    late = Mail.objects.waiting().filter(send_after__lt=clock.now() - MAIL_LATE_AFTER).count()
    return format_lazy(_("{n} emails wait for more than 15 minutes"), n=late) if late else ""


def missing_migrations() -> int:
    """The number of migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def start_problems() -> list[str]:
    """Why Collab cannot start: missing migrations, or static files collected for development only."""
    problems = []
    if missing := missing_migrations():
        problems.append(f"the database lacks {missing} migrations of this version.")
    if getattr(staticfiles_storage, "manifest_hash", None) == "":
        problems.append("the static files were not collected for production.")
    return problems


def quoting_settings() -> list[str]:
    """Settings of PostgreSQL, as "name = value", with which its log quotes rows and statements, and so names of students."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [sorted(QUIET)])
        found = dict(cursor.fetchall())
    return [f"{name} = {value}" for name, value in sorted(found.items()) if value not in QUIET[name]]
