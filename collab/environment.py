"""Settings from the environment: each one validated, every problem told in a sentence, all at once."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environs import Env, EnvError, validate

BASE_DIR = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret-that-production-refuses-to-start-with"  # noqa: S105 (refused)


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
    time_zone: str
    language: str
    upload_max_mb: int
    upload_max_rows: int
    behind_proxy: bool


class _Reader:
    """Reads one value at a time and collects the sentences of those that are wrong."""

    def __init__(self) -> None:
        self.env = Env()
        self.problems: list[str] = []

    def read(self, kind: str, name: str, default: Any, hint: str, **options: Any) -> Any:
        try:
            return getattr(self.env, kind)(name, default, **options)
        except (EnvError, ValueError) as error:
            self.problems.append(f"{name} is not usable: {hint} ({error})")
            return default


def read_environment() -> Environment:
    """Read and validate; where something is wrong, print every sentence and exit with status 2."""
    reader = _Reader()
    mode = reader.read(
        "str", "ENVIRONMENT", "development", "write development or production",
        validate=validate.OneOf(["development", "production"]),
    )  # fmt: skip
    production = mode == "production"
    data_dir = Path(reader.read("str", "DATA_DIR", str(BASE_DIR / "var"), "write a folder's path"))
    values = Environment(
        production=production,
        debug=reader.read("bool", "DEBUG", not production, "write true or false"),
        demo=reader.read("bool", "DEMO", False, "write true or false"),
        demo_password=reader.read("str", "DEMO_PASSWORD", "demo", "write the password of the demo accounts"),
        secret_key=reader.read("str", "SECRET_KEY", DEVELOPMENT_SECRET, "write a long random text"),
        allowed_hosts=reader.read(
            "list", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], "write host names with commas between"
        ),
        csrf_trusted_origins=reader.read(
            "list", "CSRF_TRUSTED_ORIGINS", [], "write addresses like https://collab.school.org"
        ),
        data_dir=data_dir,
        database=reader.read(
            "dj_db_url", "DATABASE_URL", f"sqlite:///{data_dir / 'collab.sqlite3'}",
            "write postgres://user:password@host/name or sqlite:////path/to/file",
        ),
        redis_url=reader.read(
            "str", "REDIS_URL", "", "write redis://host:6379/0, or leave it out to do without",
            validate=validate.Regexp(r"^$|^(rediss?|unix|redis\+socket)://", error="not a Redis address"),
        ),
        email=reader.read("dj_email_url", "EMAIL_URL", "consolemail://", "write smtp+tls://user:password@host:587"),
        default_from_email=reader.read(
            "str", "DEFAULT_FROM_EMAIL", "collab@localhost", "write the address mails come from"
        ),
        time_zone=reader.read("str", "TIME_ZONE", "America/Chicago", "write a name like America/Chicago"),
        language=reader.read(
            "str", "LANGUAGE_CODE", "en", "write en or es", validate=validate.OneOf(["en", "es"])
        ),
        upload_max_mb=reader.read(
            "int", "UPLOAD_MAX_MB", 50, "write a whole number of megabytes, 1 to 500",
            validate=validate.Range(1, 500),
        ),
        upload_max_rows=reader.read(
            "int", "UPLOAD_MAX_ROWS", 1_000_000, "write a whole number of rows, 1000 to 5000000",
            validate=validate.Range(1_000, 5_000_000),
        ),
        behind_proxy=reader.read("bool", "BEHIND_PROXY", False, "write true or false"),
    )  # fmt: skip
    problems = reader.problems + problems_of(values)
    if problems:
        for problem in problems:
            print(f"Collab cannot start: {problem}", file=sys.stderr)
        sys.exit(2)
    return values


def problems_of(values: Environment) -> list[str]:
    """What must not be, together: a sentence each."""
    problems = []
    if not _is_time_zone(values.time_zone):
        problems.append(f"TIME_ZONE “{values.time_zone}” is not a known time zone; write America/Chicago.")
    if values.production:
        problems += _problems_in_production(values)
    return problems


def _problems_in_production(values: Environment) -> list[str]:
    problems = []
    if values.secret_key == DEVELOPMENT_SECRET or len(values.secret_key) < 50:
        problems.append(
            "SECRET_KEY must be your own, 50 characters or more: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'."
        )
    if values.debug:
        problems.append("DEBUG must be off in production: it shows the program's insides to strangers.")
    if values.demo:
        problems.append("DEMO must be off in production: its accounts have a public password.")
    if not values.allowed_hosts or "*" in values.allowed_hosts:
        problems.append("ALLOWED_HOSTS must name the addresses people type, without a star.")
    return problems


def _is_time_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False
