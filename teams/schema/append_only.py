"""Append-only tables: database triggers reject changes to the rows of models with ``is_append_only = True``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connections, transaction

if TYPE_CHECKING:
    from django.apps import AppConfig
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def protect_records(sender: AppConfig, *, using: str, **_rest: Any) -> None:
    """Create the triggers that tables of ``sender`` lack, after migrations: SQLite may have made a table anew without."""
    tables = {
        model._meta.db_table  # noqa: SLF001
        for model in sender.get_models()
        if getattr(model, "is_append_only", False)
    }
    if not tables:
        return
    here = connections[using]
    with transaction.atomic(using=using), here.cursor() as cursor:
        cursor.execute(_KNOWN[here.vendor])
        known = {name for (name,) in cursor.fetchall()}
        for table in sorted(tables.intersection(here.introspection.table_names(cursor))):
            if f"{table}_append_only" not in known:
                for statement in _STATEMENTS[here.vendor]:
                    cursor.execute(statement.format(table=table))


def allow_changes(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Let a migration change old rows of ``table``. Once all migrations have run, `protect_records` forbids it again."""
    for statement in _UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement.format(table=table))


# SQLite still allows DELETE, with which Django empties tables between tests; on PostgreSQL it uses TRUNCATE.
_STATEMENTS = {
    "sqlite": [
        (
            "CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
            "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    ],
    "postgresql": [
        (
            "CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        ),
    ],
}
_KNOWN = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger",
}
_UNDO = {
    "sqlite": ["DROP TRIGGER IF EXISTS {table}_append_only"],
    "postgresql": [
        "DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        "DROP FUNCTION IF EXISTS {table}_append_only()",
    ],
}
