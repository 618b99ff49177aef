"""Tables whose rows are added and never changed: the database itself refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from collections.abc import Callable


def append_only(table: str) -> migrations.RunPython:
    """A migration's operation: UPDATE (and on PostgreSQL DELETE) of ``table`` raises.

    SQLite keeps DELETE: Django empties tables between tests with it, PostgreSQL has TRUNCATE for that.
    """
    return migrations.RunPython(_installer(table), migrations.RunPython.noop)


def _installer(table: str) -> Callable[[Any, Any], None]:
    def install(_apps: Any, schema_editor: Any) -> None:
        for statement in _STATEMENTS[schema_editor.connection.vendor]:
            schema_editor.execute(statement.format(table=table))

    return install


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
