"""Values of the environment: each function checks one kind and raises ValidationError."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
import dj_email_url
from environs import ValidationError
from environs.fields import TimeDelta

if TYPE_CHECKING:
    from collections.abc import Sequence

DEVELOPMENT_SECRET = "development-only-secret-that-production-refuses-to-start-with"  # noqa: S105 (refused)
SECRET_LENGTH = 50
DIFFERENT_CHARACTERS = 5
FARTHEST = dt.timedelta(days=36_525)  # a century
DATABASES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def folder(path: str | Path) -> Path:
    """Return the folder at ``path``, created if missing. It must be writable; others can't read it."""
    found = Path(path).resolve()
    try:
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep_private(found, 0o700)
        with TemporaryFile(dir=found):
            return found
    except OSError as error:
        raise ValidationError("not writable") from error


def _keep_private(path: Path, mode: int) -> None:
    """Set the mode of ``path`` if it is ours. A volume of another owner, or a folder like /tmp, keeps its own."""
    found = path.stat()
    if (
        found.st_uid == os.geteuid()
        and not found.st_mode & stat.S_ISVTX
        and stat.S_IMODE(found.st_mode) != mode
    ):
        path.chmod(mode)


def database(url: str) -> dict[str, Any]:
    """Return Django's database settings from a URL. Only tested databases are accepted."""
    try:
        found = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ValidationError("not an address") from error
    if found["ENGINE"] not in DATABASES:
        raise ValidationError("not supported")
    if "sqlite" in found["ENGINE"] and found["NAME"] != ":memory:":
        _make_private_file(Path(str(found["NAME"])))
    return found


def _make_private_file(path: Path) -> None:
    """Make SQLite's file, if missing, readable by its owner only; SQLite's -wal and -shm files get the same mode."""
    with suppress(OSError):  # SQLite reports a path that is not usable
        path.touch(mode=0o600)
        for part in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            if part.exists():
                _keep_private(part, 0o600)


def email(url: str) -> dict[str, Any]:
    """Return Django's email settings from a URL."""
    try:
        found = dict(dj_email_url.parse(url))
    except ValueError as error:
        raise ValidationError("not an address") from error
    if "EMAIL_BACKEND" not in found:
        raise ValidationError("not supported")
    return found


def sent_email(url: str) -> dict[str, Any]:
    """Return Django's email settings from a URL that does not print: links that set a password would be in the log."""
    found = email(url)
    if found["EMAIL_BACKEND"].endswith(".console.EmailBackend"):
        raise ValidationError("printed")
    return found


def client(text: str, *, more: Sequence[str] = ()) -> list[str]:
    """Return the id and the secret of a client of a sign-in provider, and what else matches ``more``; [] if not set."""
    parts = text.split(maxsplit=1 + len(more))
    patterns = [r"\S+", r"\S+", *more]
    fits = [re.fullmatch(pattern, part) for pattern, part in zip(patterns, parts, strict=False)]
    if parts and (len(parts) != len(patterns) or not all(fits)):
        raise ValidationError("incomplete")
    return parts


def offset(text: str | dt.timedelta, *, production: bool) -> dt.timedelta:
    """Return how far our clock is from the machine's: at most a century, and nothing in production."""
    try:
        found = TimeDelta().deserialize(text)
    except OverflowError as error:
        raise ValidationError("out of reach") from error
    if abs(found) > FARTHEST or (production and found):
        raise ValidationError("out of reach, or not in production")
    return found


def is_off(value: Any) -> None:
    """Refuse what is on."""
    if value:
        raise ValidationError("not in production")


def is_secret(key: str) -> None:
    """Refuse a key that is short, repetitive or public."""
    if len(key) < SECRET_LENGTH or len(set(key)) < DIFFERENT_CHARACTERS or key == DEVELOPMENT_SECRET:
        raise ValidationError("too easy to guess")


def are_names(hosts: list[str]) -> None:
    """Refuse no host and every host."""
    if not any(hosts) or any(host.strip() in ("*", ".") for host in hosts):
        raise ValidationError("no host, or every host")


def are_origins(origins: list[str]) -> None:
    """Refuse origins without a scheme or host."""
    if not all(urlsplit(origin).scheme and urlsplit(origin).netloc for origin in origins):
        raise ValidationError("not an address")


def are_domains(domains: list[str]) -> None:
    """Refuse what is not a domain."""
    if not all(re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain) for domain in domains):
        raise ValidationError("not a domain")


def is_time_zone(name: str) -> None:
    """Refuse a name that is not in the time zone database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError("not known") from error
