"""Count failures by place, so that the server's administrator can be warned of repeated ones.

The counts are in the cache, one entry per hour; if they get lost, a warning comes later.
"""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

import structlog
from django.core.cache import cache

from teams.lib import clock

KEPT_SECONDS = 2 * 60 * 60
MOST_PLACES = 100
UNCOUNTED = ("django.security", "asyncio")  # anyone can cause these at will
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Failure:
    """How often something failed in this hour, and the last request or job it failed in."""

    place: str
    count: int
    last_in: str


class FailureHandler(logging.Handler):
    """A logging handler that counts errors, by logger and by the class and line of the exception."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count ``record``. Never raises: it runs while an error is handled."""
        if record.name.startswith(UNCOUNTED):
            return
        with suppress(Exception):
            note_failure(_place_of(record))


def note_failure(place: str) -> None:
    """Count one failure at ``place``, which names code or an event, never a person."""
    context = structlog.contextvars.get_contextvars()
    last_in = str(context.get("request_id") or context.get("job") or "")
    with _lock:
        counts: dict[str, tuple[int, str]] = cache.get(_key()) or {}
        if place in counts or len(counts) < MOST_PLACES:
            counts[place] = (counts.get(place, (0, ""))[0] + 1, last_in)
            cache.set(_key(), counts, KEPT_SECONDS)


def failures_this_hour() -> list[Failure]:
    """Failures of this hour, most frequent first."""
    counts: dict[str, tuple[int, str]] = cache.get(_key()) or {}
    found = [Failure(place, count, last_in) for place, (count, last_in) in counts.items()]
    return sorted(found, key=lambda one: (-one.count, one.place))


def _key() -> str:
    return f"failures:{int(clock.now().timestamp()) // 3600}"


def _place_of(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return f"{record.name}: {record.pathname.rsplit('/', 2)[-1]}:{record.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return f"{record.name}: {type(error).__name__}{where}"
