"""Read and write columns of a table as arrays of numbers, without an object per row.

All values are float64, which represents ids, counts and days exactly: NaN is NULL, a date is its ordinal, a
boolean is 0 or 1. PostgreSQL returns thousands of rows packed into one value and receives them by COPY; SQLite
runs in this process, so its rows are tuples of numbers.
"""

# The SQL contains only names of our own tables and columns; _meta is Django's API.
# ruff: noqa: S608, SLF001
from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

# SQL that converts a column to a number and back; {} is the column or the number.
_DAY_ONE = "date '0001-01-01'"
_JULIAN = 1721424.5  # Julian day before ordinal 1
_TO_NUMBER = {
    "postgresql": {"day": f"({{}} - {_DAY_ONE} + 1)", "truth": "{}::int", "number": "{}"},
    "sqlite": {"day": f"julianday({{}}) - {_JULIAN}", "truth": "{}", "number": "{}"},
}
_FROM_NUMBER = {
    "postgresql": {
        "day": f"{_DAY_ONE} + (nullif({{}}, 'NaN')::int - 1)",
        "truth": "{} <> 0",
        "whole": "nullif({}, 'NaN')::bigint",
        "number": "nullif({}, 'NaN')",
    },
    # SQLite stores NaN as NULL, and a whole float in an integer column as an integer.
    "sqlite": {"day": f"date({{}} + {_JULIAN})", "truth": "{}", "whole": "{}", "number": "{}"},
}
_KINDS = {models.DateField: "day", models.BooleanField: "truth", models.IntegerField: "whole"}
_STAGE = "column_stage"
_AT_ONCE = 50_000  # rows per block of COPY
_IN_ONE = 4096  # rows packed into one value, which may have up to a gigabyte
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


def read_columns(rows: models.QuerySet, *names: str) -> dict[str, np.ndarray]:
    """Read columns of ``rows`` by name, in no particular order: fields of its table or numeric annotations."""
    connection = connections[rows.db]
    try:
        sql, params = rows.order_by().values_list(*names).query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return {name: np.empty(0) for name in names}
    templates = _TO_NUMBER[connection.vendor]
    kinds = ["number" if name in rows.query.annotations else _kind(rows.model, name) for name in names]
    numbers = [templates.get(kind, "{}").format(f"c{place}") for place, kind in enumerate(kinds)]
    inner = f"with packed({', '.join(f'c{place}' for place in range(len(names)))}) as ({sql})"
    fetch = _fetch_packed if connection.vendor == "postgresql" else _fetch_tuples
    found = fetch(connection, inner, numbers, params)
    return {name: np.ascontiguousarray(column) for name, column in zip(names, found.T, strict=True)}


def _fetch_packed(
    connection: BaseDatabaseWrapper, inner: str, numbers: Sequence[str], params: Sequence[Any]
) -> np.ndarray:
    packed = " || ".join(f"float8send(coalesce(({number})::float8, 'NaN'))" for number in numbers)
    query = f"{inner} select string_agg({packed}, ''::bytea) from packed group by c0::bigint / {_IN_ONE}"
    with (
        connection.cursor() as cursor,
        # The driver's own: Django's, while it counts queries, takes no parameters.
        cursor.cursor.copy(f"copy ({query}) to stdout (format binary)", params) as copy,
    ):
        parts = [part for (part,) in copy.rows()]
    return np.frombuffer(b"".join(parts), ">f8").astype(np.float64).reshape(-1, len(numbers))


def _fetch_tuples(
    connection: BaseDatabaseWrapper, inner: str, numbers: Sequence[str], params: Sequence[Any]
) -> np.ndarray:
    values = ", ".join(f"ifnull({number}, 'nan')" for number in numbers)
    with connection.cursor() as cursor:
        rows = cursor.execute(f"{inner} select {values} from packed", params).fetchall()
    flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * len(numbers))
    return flat.reshape(-1, len(numbers))


def upsert_columns(
    model: type[models.Model],
    columns: Mapping[str, np.ndarray],
    *,
    unique: Sequence[str],
    texts: Mapping[str, Sequence[str]],
    stamp: Mapping[str, Any],
) -> None:
    """Insert the rows given as ``columns``, or update rows with equal ``unique`` columns.

    ``texts`` has the texts that the numbers of a column index; ``stamp`` has values common to all rows.
    """
    using = router.db_for_write(model)
    connection = connections[using]
    templates, quote = _FROM_NUMBER[connection.vendor], connection.ops.quote_name
    matrix = np.column_stack([np.asarray(column, np.float64) for column in columns.values()])
    if not len(matrix):
        return
    is_packed = connection.vendor == "postgresql"
    values = [
        (_choice(texts[name]) if name in texts else templates[_kind(model, name)]).format(
            f"c{place}" if is_packed else "%s"
        )
        for place, name in enumerate(columns)
    ]
    fixed = [_field(model, name).get_db_prep_save(value, connection) for name, value in stamp.items()]
    names = [quote(_field(model, name).column) for name in (*columns, *stamp)]
    keys = [quote(_field(model, name).column) for name in unique]
    into = f"insert into {quote(model._meta.db_table)} ({', '.join(names)})"
    values += ["%s"] * len(fixed)
    updates = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    conflict = f"on conflict ({', '.join(keys)}) do update set {updates}"
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if is_packed:
            _stage(cursor, matrix)
            cursor.execute(f"{into} select {', '.join(values)} from {_STAGE} {conflict}", fixed)
            cursor.execute(f"drop table {_STAGE}")
        else:
            rows = [(*row, *fixed) for row in matrix.tolist()]
            cursor.executemany(f"{into} values ({', '.join(values)}) {conflict}", rows)


def _stage(cursor: Any, matrix: np.ndarray) -> None:
    """Copy ``matrix`` into a temporary table of the transaction."""
    width = matrix.shape[1]
    columns = ", ".join(f"c{place} float8" for place in range(width))
    cursor.execute(f"create temporary table {_STAGE} ({columns}) on commit drop")
    # PostgreSQL's binary format: the number of fields, then each field after its length, big-endian.
    record = np.dtype([("fields", ">i2"), ("field", [("length", ">i4"), ("value", ">f8")], width)])
    with cursor.copy(f"copy {_STAGE} from stdin (format binary)") as copy:
        copy.write(_HEADER)
        for begin in range(0, len(matrix), _AT_ONCE):
            part = matrix[begin : begin + _AT_ONCE]
            block = np.empty(len(part), record)
            block["fields"], block["field"]["length"], block["field"]["value"] = width, 8, part
            copy.write(block.tobytes())
        copy.write(_TRAILER)


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _kind(model: type[models.Model], name: str) -> str:
    field = _field(model, name)
    if isinstance(field, models.ForeignKey):
        return "whole"
    return next((kind for parent, kind in _KINDS.items() if isinstance(field, parent)), "number")


def _choice(texts: Sequence[str]) -> str:
    """SQL that maps a number to its text; ``texts`` are constants of the program."""
    quoted = ["'" + text.replace("'", "''") + "'" for text in texts]
    return f"case {{}} {' '.join(f'when {place} then {text}' for place, text in enumerate(quoted))} end"
