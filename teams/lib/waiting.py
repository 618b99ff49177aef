"""How long a page waits for the database: for the locks of others, and for one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_NOT_AVAILABLE, QUERY_CANCELED = "55P03", "57014"  # PostgreSQL's codes


def limit_waiting(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Set the limits of a new connection; a receiver of ``connection_created``, connected by the web server only."""
    lock, statement = 1000 * settings.PAGE_LOCK_SECONDS, 1000 * settings.PAGE_QUERY_SECONDS
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false)",
                [str(lock), str(statement)],
            )
        else:
            cursor.execute(f"PRAGMA busy_timeout = {lock}")


def waited_too_long(error: BaseException) -> bool:
    """Whether the database gave up because a page waited as long as it may."""
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    return code in (LOCK_NOT_AVAILABLE, QUERY_CANCELED) or "database is locked" in str(error)
