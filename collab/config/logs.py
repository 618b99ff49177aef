"""What never stands in a log: the secret of a calendar's address, with which anybody reads it."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(?<=/feeds/)[^/\s?]+(?=\.ics)")


def hide_secrets() -> None:
    """Of every address that is logged, by the server or by Django."""
    for name in ("uvicorn.access", "django.request", "django.server"):
        logging.getLogger(name).addFilter(_hide)


def _hide(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(_SECRET.sub("…", one) if isinstance(one, str) else one for one in record.args)
    return True
