"""Statistics of the database's query planner."""

# _meta is Django's API.
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from django.db import models


def count_rows_again(*kinds: type[models.Model]) -> None:
    """Let PostgreSQL take new statistics of tables that have just grown.

    Call it after loading thousands of rows, inside the transaction or after it. Until PostgreSQL does so by itself, minutes
    later, it plans queries as for an empty table, and one may take a thousand times as long. SQLite needs none.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(kind._meta.db_table) for kind in kinds)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
