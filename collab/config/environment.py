"""Settings from the environment: each one validated, every problem told in a sentence, all at once."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from environs import Env, EnvError, validate

BASE_DIR = Path(__file__).resolve().parents[2]
DEVELOPMENT_SECRET = "development-only-secret-that-production-refuses-to-start-with"  # noqa: S105 (refused)
NEW_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"  # noqa: S105 (a command)
SECRET_LENGTH = 50
DIFFERENT_CHARACTERS = 5
DATABASES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


@dataclass(frozen=True)
class Environment:
    """What the environment says; the README's table lists every name."""

    production: bool
    debug: bool
    demo: bool
    demo_password: str
    secret_key: str
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    data_dir: Path
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    default_from_email: str
    site_url: str
    time_zone: str
    language: str
    upload_max_mb: int
    upload_max_rows: int
    behind_proxy: bool
    clock_offset: dt.timedelta


class _Reader:
    """Reads one value at a time and collects the sentences of those that are wrong."""

    def __init__(self) -> None:
        self.env = Env()
        self.problems: list[str] = []

    def read(self, kind: str, name: str, default: Any, hint: str, **options: Any) -> Any:
        try:
            return getattr(self.env, kind)(name, default, **options)
        except (EnvError, ValueError):
            # The value itself is not repeated: addresses hold passwords, and this goes to logs.
            self.problems.append(f"{name} is not usable: {hint}.")
            return default


def read_environment() -> Environment:
    """Read and validate; where something is wrong, print every sentence and exit with status 2."""
    reader = _Reader()
    values = _read_all(reader)
    problems = reader.problems + problems_of(values)
    if problems:
        for problem in problems:
            print(f"Collab cannot start: {problem}", file=sys.stderr)
        sys.exit(2)
    return values


def _read_all(reader: _Reader) -> Environment:
    mode = reader.read(
        "str",
        "ENVIRONMENT",
        "development",
        "write development or production",
        validate=validate.OneOf(["development", "production"]),
    )
    production = mode == "production"
    data_dir = Path(reader.read("str", "DATA_DIR", str(BASE_DIR / "var"), "write a folder's path")).resolve()
    return Environment(
        production=production,
        debug=reader.read("bool", "DEBUG", not production, "write true or false"),
        demo=reader.read("bool", "DEMO", False, "write true or false"),
        demo_password=reader.read("str", "DEMO_PASSWORD", "demo", "write the password of the demo accounts"),
        secret_key=reader.read("str", "SECRET_KEY", DEVELOPMENT_SECRET, "write a long random text"),
        allowed_hosts=reader.read(
            "list", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], "write host names, commas between"
        ),
        csrf_trusted_origins=reader.read(
            "list", "CSRF_TRUSTED_ORIGINS", [], "write addresses like https://collab.school.org"
        ),
        data_dir=data_dir,
        database=reader.read(
            "dj_db_url",
            "DATABASE_URL",
            f"sqlite:///{data_dir / 'collab.sqlite3'}",
            "write postgres://user:password@host/name or sqlite:////path/to/file",
        ),
        redis_url=reader.read(
            "str",
            "REDIS_URL",
            "",
            "write redis://host:6379/0, or leave it out to do without",
            validate=validate.Regexp(r"^$|^(rediss?|unix)://\S+$"),
        ),
        email=reader.read(
            "dj_email_url", "EMAIL_URL", "console:", "write submission://user:password@host:587"
        ),
        default_from_email=reader.read(
            "str", "DEFAULT_FROM_EMAIL", "collab@localhost", "write the address mails come from"
        ),
        site_url=reader.read(
            "str",
            "SITE_URL",
            "http://127.0.0.1:8000",
            "write the address people open, like https://collab.school.org",
            validate=validate.Regexp(r"^https?://[^\s/]+$"),
        ),
        time_zone=reader.read("str", "TIME_ZONE", "America/Chicago", "write a name like America/Chicago"),
        language=reader.read(
            "str", "LANGUAGE_CODE", "en", "write en or es", validate=validate.OneOf(["en", "es"])
        ),
        upload_max_mb=reader.read(
            "int",
            "UPLOAD_MAX_MB",
            50,
            "write a whole number of megabytes, 1 to 500",
            validate=validate.Range(1, 500),
        ),
        upload_max_rows=reader.read(
            "int",
            "UPLOAD_MAX_ROWS",
            1_000_000,
            "write a whole number of rows, 1000 to 5000000",
            validate=validate.Range(1_000, 5_000_000),
        ),
        behind_proxy=reader.read("bool", "BEHIND_PROXY", False, "write true or false"),
        clock_offset=reader.read(
            "timedelta", "CLOCK_OFFSET", dt.timedelta(), "write seconds, or days and hours like -263d4h"
        ),
    )


def problems_of(values: Environment) -> list[str]:
    """What must not be, together: a sentence each."""
    wrong = [
        (not values.secret_key, f"SECRET_KEY is empty; make one: {NEW_SECRET}."),
        (
            not _is_time_zone(values.time_zone),
            f"TIME_ZONE “{values.time_zone}” is not a known time zone; write a name like America/Chicago.",
        ),
        (
            not _is_writable(values.data_dir),
            f"DATA_DIR {values.data_dir} is not a folder this user can write to.",
        ),
        (
            _engine(values.database) not in DATABASES,
            "DATABASE_URL names a database that Collab was never tried with; write postgres://… or sqlite:///….",
        ),
        (
            isinstance(values.email, dict) and "EMAIL_BACKEND" not in values.email,
            "EMAIL_URL is not usable: write submission://user:password@host:587.",
        ),
        ("@" not in values.default_from_email, "DEFAULT_FROM_EMAIL is not usable: write an e-mail address."),
        (
            not all(
                urlsplit(origin).scheme and urlsplit(origin).netloc for origin in values.csrf_trusted_origins
            ),
            "CSRF_TRUSTED_ORIGINS is not usable: write addresses like https://collab.school.org.",
        ),
        (
            values.demo and not values.demo_password,
            "DEMO_PASSWORD is empty; write one, or leave it out for “demo”.",
        ),
    ]
    problems = [sentence for is_wrong, sentence in wrong if is_wrong]
    return problems + (_problems_in_production(values) if values.production else [])


def _problems_in_production(values: Environment) -> list[str]:
    secret = values.secret_key
    hosts = [host for host in values.allowed_hosts if host]
    wrong = [
        (
            0 < len(secret) < SECRET_LENGTH
            or secret == DEVELOPMENT_SECRET
            or (secret and len(set(secret)) < DIFFERENT_CHARACTERS),
            f"SECRET_KEY must be your own, {SECRET_LENGTH} characters or more: {NEW_SECRET}.",
        ),
        (values.debug, "DEBUG must be off in production: it shows the program's insides to strangers."),
        (values.demo, "DEMO must be off in production: its accounts have a public password."),
        (values.clock_offset, "CLOCK_OFFSET must be left out in production: people live on today’s date."),
        (
            not hosts or any(host.strip() in ("*", ".") for host in hosts),
            "ALLOWED_HOSTS must name the addresses people type, without a star.",
        ),
    ]
    return [sentence for is_wrong, sentence in wrong if is_wrong]


def broker_of(redis_url: str) -> str:
    """The address of the same Redis in Celery's words, which are different for a socket.

    ``unix:///run/redis.sock?db=1`` becomes ``redis+socket:///run/redis.sock?virtual_host=1``.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def _engine(database: dict[str, Any] | str) -> str:
    """The engine; an address that could not be read has been told already and counts as the default."""
    return DATABASES[0] if isinstance(database, str) else str(database.get("ENGINE"))


def _is_time_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError:
        return False
    return True
