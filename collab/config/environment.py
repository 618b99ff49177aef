"""Settings from the environment: validated, with all errors reported at once."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environs import Env, EnvValidationError, validate

from collab.config.parsing import (
    DEVELOPMENT_SECRET,
    SECRET_LENGTH,
    are_domains,
    are_names,
    are_origins,
    client,
    database,
    email,
    folder,
    is_off,
    is_secret,
    is_time_zone,
    offset,
    sent_email,
)

BASE_DIR = Path(__file__).resolve().parents[2]
NEW_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"  # noqa: S105 (a command)
# One tenant, by id or domain: of "common" and the like, anybody is an administrator of a tenant and names any address.
TENANT = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]+(\.[\w-]+)+"

# How to correct an invalid value. The value itself is not repeated: URLs contain passwords, and this is logged.
HINTS = {
    "ENVIRONMENT": "write development or production",
    "DEBUG": "write true or false; in production it must be false, because error pages show internals",
    "DEMO": "write true or false; in production it must be false: demo accounts have a public password",
    "DEMO_PASSWORD": "write the password of the demo accounts, or leave it out for “demo”",
    "SECRET_KEY": f"write {SECRET_LENGTH} random characters or more of your own; to make them: {NEW_SECRET}",
    "ALLOWED_HOSTS": "write the host names people type, separated by commas; in production without a star",
    "CSRF_TRUSTED_ORIGINS": "write addresses like https://collab.school.org, separated by commas",
    "DATA_DIR": "write the path of a folder that this user can write to",
    "DATABASE_URL": "write postgres://user:password@host/name or sqlite:////path/to/file; other databases are not supported",
    "REDIS_URL": "write redis://host:6379/0, or leave it out to do without",
    "EMAIL_URL": "write submission://user:password@host:587; in production dummy: sends none, and none are printed",
    "DEFAULT_FROM_EMAIL": "write the email address that emails are sent from",
    "PORT": "write a whole number, 1 to 65535",
    "SITE_URL": "write the address people open, like https://collab.school.org; in production with https",
    "TIME_ZONE": "write a name like America/Chicago",
    "LANGUAGE_CODE": "write en or es",
    "UPLOAD_MAX_MB": "write a whole number of megabytes, 1 to 500",
    "UPLOAD_MAX_ROWS": "write a whole number of rows, 1000 to 5000000",
    "UPLOAD_MAX_SECONDS": "write a whole number of seconds, 1 to 3600",
    "UPLOAD_MAX_MEMORY_MB": "write a whole number of megabytes, 256 to 16384",
    "BODY_SECONDS": "write a whole number of seconds, 1 to 600",
    "PAGE_LOCK_SECONDS": "write a whole number of seconds, 1 to 60",
    "PAGE_QUERY_SECONDS": "write a whole number of seconds, 1 to 600",
    "BEHIND_PROXY": "write true or false",
    "TRUSTED_PROXIES": "write how many proxies of yours stand before Collab, 0 to 9",
    "LOG_FORMAT": "write plain or json",
    "LOG_LEVEL": "write INFO or WARNING",
    "ADMIN_EMAIL": "write the email address of the person who runs this server, or leave it out",
    "READY_TOKEN": "write 20 random characters or more, or leave it out",
    "SECOND_FACTOR_FOR_ADMINISTRATORS": "write true or false",
    "SIGN_IN_GOOGLE": "write the client’s id and its secret, with a space between them",
    "SIGN_IN_MICROSOFT": "write the client’s id, its secret and your tenant’s id, with spaces; “common” is not accepted",
    "SIGN_IN_CLEVER": "write the client’s id and its secret, with a space between them",
    "SIGN_IN_OIDC": "write the client’s id, its secret, the issuer’s https address and the name of its button, with spaces",
    "SIGN_IN_DOMAINS": "write the domains of your staff’s email addresses, like lincoln.example.org, separated by commas",
    "CLOCK_OFFSET": "write seconds, or days and hours like -263d4h; leave it out in production",
}


@dataclass(frozen=True)
class Environment:
    """Validated settings. The README lists every variable."""

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
    upload_max_seconds: int
    upload_max_memory_mb: int
    body_seconds: int
    page_lock_seconds: int
    page_query_seconds: int
    behind_proxy: bool
    trusted_proxies: int
    log_format: str
    log_level: str
    admin_email: str
    ready_token: str
    second_factor_for_administrators: bool
    sign_in_google: list[str]
    sign_in_microsoft: list[str]
    sign_in_clever: list[str]
    sign_in_oidc: list[str]
    sign_in_domains: list[str]
    clock_offset: dt.timedelta


def read_environment() -> Environment:
    """Read and validate all settings. Invalid ones are reported on stderr, and the process exits with status 2."""
    env = Env(eager=False)
    for parse in (folder, database, email, sent_email, client, offset):
        env.add_parser(parse.__name__, parse)
    values = _read_all(env)
    try:
        env.seal()
    except EnvValidationError as error:
        for name in error.error_messages:
            print(f"Collab cannot start: {name} is not usable: {HINTS[name]}.", file=sys.stderr)
        sys.exit(2)
    return values


def _read_all(env: Env) -> Environment:
    """Read every setting; invalid ones are None until ``env.seal`` reports them."""
    mode = env.str("ENVIRONMENT", "development", validate=validate.OneOf(["development", "production"]))
    production = mode == "production"
    off_in_production = is_off if production else None
    demo = env.bool("DEMO", False, validate=off_in_production)
    behind_proxy = env.bool("BEHIND_PROXY", False)
    data_dir = env.folder("DATA_DIR", BASE_DIR / "var")
    return Environment(
        production=production,
        debug=env.bool("DEBUG", not production, validate=off_in_production),
        demo=demo,
        demo_password=env.str("DEMO_PASSWORD", "demo", validate=validate.Length(min=1) if demo else None),
        secret_key=env.str("SECRET_KEY", validate=is_secret)
        if production
        else env.str("SECRET_KEY", DEVELOPMENT_SECRET, validate=validate.Length(min=1)),
        allowed_hosts=env.list(
            "ALLOWED_HOSTS",
            ["localhost", "127.0.0.1", "[::1]"],
            validate=are_names if production else None,
        ),
        csrf_trusted_origins=env.list("CSRF_TRUSTED_ORIGINS", [], validate=are_origins),
        data_dir=data_dir,
        database=env.database("DATABASE_URL", f"sqlite:///{data_dir}/collab.sqlite3"),
        redis_url=env.str("REDIS_URL", "", validate=validate.Regexp(r"^$|^(rediss?|unix)://\S+$")),
        email=env.sent_email("EMAIL_URL") if production else env.email("EMAIL_URL", "console:"),
        default_from_email=env.str(
            "DEFAULT_FROM_EMAIL", "collab@localhost", validate=validate.Regexp(r".*@")
        ),
        site_url=env.str("SITE_URL", validate=validate.Regexp(r"^https://[^\s/]+$"))
        if production
        else env.str(
            "SITE_URL",
            f"http://127.0.0.1:{env.int('PORT', 8000, validate=validate.Range(1, 65_535))}",
            validate=validate.Regexp(r"^https?://[^\s/]+$"),
        ),
        time_zone=env.str("TIME_ZONE", "America/Chicago", validate=is_time_zone),
        language=env.str("LANGUAGE_CODE", "en", validate=validate.OneOf(["en", "es"])),
        upload_max_mb=env.int("UPLOAD_MAX_MB", 50, validate=validate.Range(1, 500)),
        upload_max_rows=env.int("UPLOAD_MAX_ROWS", 1_000_000, validate=validate.Range(1_000, 5_000_000)),
        upload_max_seconds=env.int("UPLOAD_MAX_SECONDS", 120, validate=validate.Range(1, 3_600)),
        upload_max_memory_mb=env.int("UPLOAD_MAX_MEMORY_MB", 1_024, validate=validate.Range(256, 16_384)),
        page_lock_seconds=env.int("PAGE_LOCK_SECONDS", 5, validate=validate.Range(1, 60)),
        page_query_seconds=env.int("PAGE_QUERY_SECONDS", 20, validate=validate.Range(1, 600)),
        body_seconds=env.int("BODY_SECONDS", 30, validate=validate.Range(1, 600)),
        behind_proxy=behind_proxy,
        trusted_proxies=env.int("TRUSTED_PROXIES", int(bool(behind_proxy)), validate=validate.Range(0, 9)),
        log_format=env.str("LOG_FORMAT", "plain", validate=validate.OneOf(["plain", "json"])),
        log_level=env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(["INFO", "WARNING"])),
        admin_email=env.str("ADMIN_EMAIL", "", validate=validate.Regexp(r"^$|^[^@\s]+@[^@\s]+$")),
        ready_token=env.str("READY_TOKEN", "", validate=validate.Regexp(r"^$|^\S{20,}$")),
        second_factor_for_administrators=env.bool("SECOND_FACTOR_FOR_ADMINISTRATORS", production),
        sign_in_google=env.client("SIGN_IN_GOOGLE", ""),
        sign_in_microsoft=env.client("SIGN_IN_MICROSOFT", "", more=[TENANT]),
        sign_in_clever=env.client("SIGN_IN_CLEVER", ""),
        sign_in_oidc=env.client(
            "SIGN_IN_OIDC", "", more=[r"https://\S+" if production else r"https?://\S+", r"\S.*"]
        ),
        sign_in_domains=env.list("SIGN_IN_DOMAINS", [], validate=are_domains),
        clock_offset=env.offset("CLOCK_OFFSET", dt.timedelta(), production=production),
    )
