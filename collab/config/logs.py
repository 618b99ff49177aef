"""Logs: one line per event, plain or JSON, with ids and without data about people.

Each line has the id of its request, the person's id and, in the worker, the job's id (`structlog.contextvars`).
Query strings, addresses with secrets, and messages of exceptions are left out: they quote what people typed, rows
of the database, or email addresses. A traceback keeps its files, lines and classes.
"""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

import structlog
from celery.signals import setup_logging
from django.db import OperationalError

from teams.lib.requests import route_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import EventDict, WrappedLogger

# Their messages name programs, modules and servers, never values.
SAFE_MESSAGES = (AttributeError, ImportError, NameError, NotImplementedError, OperationalError)
MOST_CHAINED = 5


def logging_config(*, as_json: bool, level: str, show_messages: bool) -> dict[str, Any]:
    """Django's ``LOGGING``. With ``show_messages``, for development only, exceptions keep their messages."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_fields,
        _ExceptionWithoutData(show_messages=show_messages),
    ]
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no-data": {"()": WithoutData, "show_messages": show_messages}},
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no-data"]},
            "failures": {"class": "teams.logs.failures.FailureHandler", "level": "ERROR"},
        },
        "root": {"handlers": ["stderr", "failures"], "level": "WARNING"},
        "loggers": {
            "collab": {"level": level},
            "celery.apps.worker": {"level": level},  # says when it is ready
            # Django's own handlers would send mail from inside a request.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            # They log whole URLs; `teams.operation.middleware` logs requests instead.
            **{name: {"handlers": [], "propagate": False} for name in ("django.server", "uvicorn.access")},
            "uvicorn": {"handlers": [], "propagate": True},
            "uvicorn.error": {"handlers": [], "level": level, "propagate": True},
        },
    }


@setup_logging.connect
def _keep_our_logging(**_signal: Any) -> None:
    """Prevent Celery from configuring logging of its own, which happens if this signal has no receiver."""


class WithoutData(logging.Filter):
    """Replaces what a record quotes of requests, task arguments and exceptions."""

    def __init__(self, *, show_messages: bool) -> None:
        super().__init__()
        self.show_messages = show_messages

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact ``record`` in place. Always True."""
        if record.name == "celery.app.trace" and isinstance(data := getattr(record, "data", None), dict):
            record.msg, record.args = "Task %s[%s] failed.", (data["name"], data["id"])
        if record.name.startswith("django.security.") and not record.args:
            record.msg = (
                f"Refused: {record.name.removeprefix('django.security.')}"  # the message quotes the request
            )
        request = getattr(record, "request", None)
        if isinstance(record.args, tuple):
            path = getattr(request, "path", None)
            record.args = tuple(self._without_data(one, request, path) for one in record.args)
        return True

    def _without_data(self, value: object, request: Any, path: str | None) -> object:
        if isinstance(value, BaseException):
            return describe_error(value, show_messages=self.show_messages)
        return route_of(request) if path is not None and value == path else value


def describe_error(error: BaseException, *, show_messages: bool) -> str:
    """The error's class, with its code or message if they can quote no data."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    code = getattr(error, "smtp_code", None) or getattr(error.__cause__, "sqlstate", None)
    message = str(error) if show_messages or isinstance(error, SAFE_MESSAGES) else ""
    if isinstance(error, OSError) and not show_messages:
        message = error.strerror if isinstance(error.strerror, str) else ""  # the whole one names the file
    return name + (f" ({code})" if code else "") + (f": {message.splitlines()[0]}" if message else "")


class _ExceptionWithoutData:
    """A structlog processor: replaces ``exc_info`` with the text of a traceback that quotes no data."""

    def __init__(self, *, show_messages: bool) -> None:
        self.show_messages = show_messages

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        given = event.pop("exc_info", None)
        error = given[1] if isinstance(given, tuple) else given
        if isinstance(error, BaseException):
            event["exception"] = "\n".join(self._lines(error))
        return event

    def _lines(self, error: BaseException) -> Iterator[str]:
        chain: list[BaseException] = []
        current: BaseException | None = error
        while current is not None and len(chain) < MOST_CHAINED:
            chain.append(current)
            hidden = current.__suppress_context__
            current = current.__cause__ or (None if hidden else current.__context__)
        for one in reversed(chain):
            yield "Traceback (most recent call last):"
            yield from (line.rstrip() for line in traceback.format_tb(one.__traceback__))
            yield describe_error(one, show_messages=self.show_messages)


def _add_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the fields that a caller passed as ``extra={"fields": {…}}``."""
    record: logging.LogRecord = event["_record"]
    event.update(getattr(record, "fields", {}))
    return event
