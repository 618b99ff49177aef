"""Queries that are compiled once per process, to read their rows or as conditions on the rows of other queries.

Building and compiling a long query takes Django many times as long as the database needs to answer it.
"""

from __future__ import annotations

import datetime as dt
import json
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import QuerySet

R = TypeVar("R")

_FIRST = -1_000_000_007  # stands for the first id in a query that is compiled; no row has it
_A_DAY = dt.date(1, 2, 3)


def in_prepared(build: Callable[..., QuerySet[Any, Any]], day: dt.date, *ids: Sequence[int]) -> Q:
    """Condition that a row is one of ``build(day, *ids)``.

    ``build`` is called once for each combination of the lengths of ``ids``, with other values: nothing but the values
    in its query may depend on them.
    """
    sql, places = _compile(build, *(len(some) for some in ids))
    if not sql:
        return Q(pk__in=[])
    return Q(pk__in=RawSQL(sql, _parameters(places, day, ids)))  # noqa: S611 (compiled by Django, with parameters)


def prepared_rows(
    build: Callable[..., QuerySet[Any, R]], day: dt.date, *ids: Sequence[int]
) -> QuerySet[Any, R]:
    """``build(day, *ids)``, of which ``build`` is called as by `in_prepared`. The result can't be filtered further."""
    rows, compiled, sql, places = _compile_rows(build, *(len(some) for some in ids))
    compiler = copy(compiled)
    compiler.connection = connection
    parameters = tuple(_parameters(places, day, ids))
    compiler.as_sql = lambda *_args, **_kwargs: (sql, parameters)
    found = rows.all()
    found.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
    return found


def many_ids(ids: Iterable[int]) -> RawSQL:
    """A subquery of ``ids`` as one parameter; Django prepares each id of a list. ``filter(student__in=many_ids(ids))``."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


def _parameters(places: list[Any], day: dt.date, ids: Sequence[Sequence[int]]) -> list[Any]:
    values = [value for some in ids for value in some]
    today = connection.ops.adapt_datefield_value(day)
    return [
        today if place is _A_DAY else values[place] if isinstance(place, int) else place[0]
        for place in places
    ]


@cache
def _compile(build: Callable[..., QuerySet[Any, Any]], *lengths: int) -> tuple[str, list[Any]]:
    """The statement, and for each parameter the day, the index of an id, or a tuple of its constant value.

    The statement is empty if the query can have no rows.
    """
    found = build(_A_DAY, *_marks(lengths))
    try:
        sql, parameters = found.order_by().values_list("pk", flat=True).query.sql_with_params()
    except EmptyResultSet:
        return "", []
    return sql, _places(parameters, lengths)


@cache
def _compile_rows(
    build: Callable[..., QuerySet[Any, Any]], *lengths: int
) -> tuple[QuerySet[Any, Any], Any, str, list[Any]]:
    """The query, its compiler, and what `_compile` returns."""
    rows = build(_A_DAY, *_marks(lengths))
    compiler = rows.query.get_compiler(rows.db)
    sql, parameters = compiler.as_sql()
    return rows, compiler, sql, _places(parameters, lengths)


def _marks(lengths: tuple[int, ...]) -> list[list[int]]:
    marks = iter(range(_FIRST, _FIRST + sum(lengths)))
    return [[next(marks) for _ in range(length)] for length in lengths]


def _places(parameters: Sequence[Any], lengths: tuple[int, ...]) -> list[Any]:
    day = connection.ops.adapt_datefield_value(_A_DAY)
    return [
        _A_DAY
        if one == day
        else one - _FIRST
        if isinstance(one, int) and _FIRST <= one < _FIRST + sum(lengths)
        else (one,)
        for one in parameters
    ]
