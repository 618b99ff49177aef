"""Append-only tables: database triggers reject changes to their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def append_only(table: str) -> migrations.RunPython:
    """Return a migration operation that makes ``table`` append-only."""
    return migrations.RunPython(
        lambda _apps, schema_editor: forbid_changes(schema_editor, table), migrations.RunPython.noop
    )


def allow_changes(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Undo `forbid_changes`, in a migration that must change old rows."""
    for statement in _UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement.format(table=table))


def forbid_changes(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Make UPDATE (and on PostgreSQL DELETE) of ``table`` raise.

    SQLite still allows DELETE, with which Django empties tables between tests; on PostgreSQL it uses TRUNCATE.
    """
    for statement in _STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement.format(table=table))


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
_UNDO = {
    "sqlite": ["DROP TRIGGER IF EXISTS {table}_append_only"],
    "postgresql": [
        "DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        "DROP FUNCTION IF EXISTS {table}_append_only()",
    ],
}
