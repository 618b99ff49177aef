"""Write many rows so that nobody waits for them.

SQLite has one writer, so there rows are written in parts, each in a short transaction, and others write in between.
PostgreSQL has many, so there all parts are one transaction, which nobody sees until it is whole.
"""

# _meta is Django's API.
# ruff: noqa: SLF001

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from django.db import models

T = TypeVar("T")

A_PART = 4_000  # rows of one transaction on SQLite: about a tenth of a second
PAUSE = 0.25  # of the time that a part took; those who wait look again after some milliseconds


def whole_if_possible() -> AbstractContextManager[Any]:
    """A transaction around all parts on PostgreSQL, none on SQLite, where an interrupted write must be resumed."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


def write_in_turns(parts: Iterable[T], write: Callable[[T], object]) -> None:
    """Call ``write`` with each part in a transaction, and let others write before the next.

    If ``parts`` is a generator, it prepares a part while others can write.
    """
    for part in parts:
        began = time.monotonic()
        with transaction.atomic():
            write(part)
        if not connection.in_atomic_block:
            time.sleep(PAUSE * (time.monotonic() - began))


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: list[tuple[Any, ...]], **constants: Any
) -> None:
    """Insert ``rows`` without making objects; ``names`` are their columns, ``constants`` are the same in each row.

    Values are those of the database: ids, numbers, and dates as ISO texts. Defaults of fields are not filled in.
    """
    if not rows:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    same = tuple(fields[name].get_db_prep_save(value, connection) for name, value in constants.items())
    quote = connection.ops.quote_name
    columns = ", ".join(quote(_column(fields[name])) for name in (*names, *constants))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row + same)
            return
        marks = ", ".join(["%s"] * (len(names) + len(same)))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 (names of our models)
        cursor.executemany(statement, [row + same for row in rows])


def update_rows(model: type[models.Model], names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Update rows by id without making objects; each of ``rows`` has the values of ``names``, then the id."""
    if not rows:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    values = ", ".join(f"{quote(_column(fields[name]))} = %s" for name in names)
    table, key = quote(model._meta.db_table), quote(_column(model._meta.pk))
    statement = f"UPDATE {table} SET {values} WHERE {key} = %s"  # noqa: S608 (names of our models)
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _column(field: models.Field[Any, Any]) -> str:
    return str(field.column)
