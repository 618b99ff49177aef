"""Tables whose rows are added and never changed: the database itself refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def append_only(table: str) -> migrations.RunPython:
    """Return a migration's operation after which the database refuses to change rows of ``table``."""
    return migrations.RunPython(
        lambda _apps, schema_editor: forbid_changes(schema_editor, table), migrations.RunPython.noop
    )


def forbid_changes(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Make UPDATE (and on PostgreSQL DELETE) of ``table`` raise.

    SQLite keeps DELETE: Django empties tables between tests with it, PostgreSQL has TRUNCATE for that.
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
