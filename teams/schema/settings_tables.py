"""Tables of settings: database triggers give `SettingsRevision` a new number with every change of their rows.

So each write, of one or many, by SQL or from another program, changes the number in the same transaction, and
what processes keep of them (`teams.kept`) is never older than they are. Who changes a model's ``kept_fields``
drops its triggers in a migration, after which they are created again.
"""

# The SQL contains only names of our own tables.
# ruff: noqa: S608
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction

if TYPE_CHECKING:
    from django.apps import AppConfig
    from django.db.models import Model

_REVISION = "teams_settingsrevision"


def watch_settings(sender: AppConfig, *, using: str, **_rest: Any) -> None:
    """Create the triggers that tables of ``sender`` lack, after migrations: SQLite may have made a table anew without."""
    tables = {
        model._meta.db_table: _columns(model)  # noqa: SLF001
        for model in sender.get_models()
        if getattr(model, "is_setting", False) or getattr(model, "kept_fields", ())
    }
    here = connections[using]
    there = set(here.introspection.table_names())
    if not tables or _REVISION not in there:
        return
    statements = _STATEMENTS[here.vendor]
    with transaction.atomic(using=using), here.cursor() as cursor:
        cursor.execute(statements.known)
        known = {name for (name,) in cursor.fetchall()}
        for table in sorted(there.intersection(tables)):
            for name, create in statements.triggers.items():
                if f"{table}_{name}" not in known:
                    cursor.execute(create.format(table=table, name=f"{table}_{name}", of=tables[table]))
        for statement in statements.change:  # also for what changed while there were none
            cursor.execute(statement)


def _columns(model: type[Model]) -> str:
    """SQL that names the columns whose update is a change; "" if that of any is."""
    columns = [
        str(field.column)
        for field in model._meta.concrete_fields  # noqa: SLF001
        if field.name in getattr(model, "kept_fields", ())
    ]
    return f"OF {', '.join(columns)}" if columns else ""


@dataclass(frozen=True, slots=True)
class _Statements:
    """Which triggers there are; a new number, also if its row was deleted; triggers by the end of their names."""

    known: str
    change: tuple[str, ...]
    triggers: dict[str, str]


_ROW = f"INSERT INTO {_REVISION} (id, number) SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM {_REVISION})"
# SQLite: an INSERT OR IGNORE that fires a trigger makes each INSERT inside it one too, so none here may conflict.
_RANDOM = f"UPDATE {_REVISION} SET number = random()"
# PostgreSQL: a row for each database session, so that no writer of settings waits for another until it commits.
_RANDOM_POSTGRES = (
    f"INSERT INTO {_REVISION} (id, number) VALUES (1 + pg_backend_pid() % 4096, floor(random() * 9e18)::bigint) "
    "ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number"
)
_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION {_REVISION}_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {_RANDOM_POSTGRES};
        RETURN NULL;
    END $$;
"""
_STATEMENTS = {
    "sqlite": _Statements(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        (_ROW, _RANDOM),
        {
            f"after_{event.split()[0].lower()}": (
                f"CREATE TRIGGER {{name}} AFTER {event} ON {{table}} BEGIN {_ROW}; {_RANDOM}; END"
            )
            for event in ("INSERT", "UPDATE {of}", "DELETE")
        },
    ),
    "postgresql": _Statements(
        "SELECT tgname FROM pg_trigger",
        (_RANDOM_POSTGRES,),
        {
            "after_change": f"{_FUNCTION} CREATE TRIGGER {{name}} AFTER INSERT OR UPDATE {{of}} OR DELETE OR TRUNCATE "
            f"ON {{table}} FOR EACH STATEMENT EXECUTE FUNCTION {_REVISION}_changes()"
        },
    ),
}
