"""Write many rows so that nobody waits for them.

SQLite has one writer, so there rows are written in parts, each in a short transaction, and others write in between.
PostgreSQL has many, so there all parts are one transaction, which nobody sees until it is whole.
"""

# _meta is Django's API.
# ruff: noqa: SLF001

from __future__ import annotations

import time
from contextlib import nullcontext
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from django.db import models

T = TypeVar("T")

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})  # in a text that COPY reads

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


def insert_rows(model: type[models.Model], columns: Mapping[str, Sequence[Any]], **constants: Any) -> None:
    """Insert rows without making objects; ``columns`` have their values by name, ``constants`` are the same in each row.

    Values are those of the database: ids, numbers, and dates as ISO texts. Defaults of fields are not filled in.
    """
    many = min(map(len, columns.values()))
    if not many:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    same = [fields[name].get_db_prep_save(value, connection) for name, value in constants.items()]
    quote = connection.ops.quote_name
    names = ", ".join(quote(_column(fields[name])) for name in (*columns, *constants))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            texts = [
                *map(_as_copied, columns.values()),
                *(repeat(_as_copied([one])[0], many) for one in same),
            ]
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("\n".join(map("\t".join, zip(*texts, strict=True))) + "\n")
            return
        marks = ", ".join(["%s"] * (len(columns) + len(same)))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 (names of our models)
        rows = zip(*columns.values(), *(repeat(one, many) for one in same), strict=True)
        cursor.executemany(statement, list(rows))


def _as_copied(values: Sequence[Any]) -> list[str]:
    """Values as the texts that COPY reads."""
    return ["\\N" if one is None else str(one).translate(_ESCAPES) for one in values]


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


def save_fields(objects: Collection[models.Model], names: Sequence[str]) -> None:
    """Save some fields of stored rows of a model, each by the same short statement; that of `bulk_update` is long."""
    for model in {type(one) for one in objects}:
        fields = [field for field in model._meta.concrete_fields if field.name in names]
        rows = [
            (*(field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields), one.pk)
            for one in objects
        ]
        update_rows(model, [field.attname for field in fields], rows)


def _column(field: models.Field[Any, Any]) -> str:
    return str(field.column)
