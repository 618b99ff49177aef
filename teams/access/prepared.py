"""Queries that are compiled once per process, as conditions on the rows of other queries.

Building and compiling a long query takes Django many times as long as the database needs to answer it.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet

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
    values = [value for some in ids for value in some]
    today = connection.ops.adapt_datefield_value(day)
    parameters = [
        today if place is _A_DAY else values[place] if isinstance(place, int) else place[0]
        for place in places
    ]
    return Q(pk__in=RawSQL(sql, parameters))  # noqa: S611 (compiled by Django, with parameters)


@cache
def _compile(build: Callable[..., QuerySet[Any, Any]], *lengths: int) -> tuple[str, list[Any]]:
    """The statement, and for each parameter the day, the index of an id, or a tuple of its constant value.

    The statement is empty if the query can have no rows.
    """
    marks = iter(range(_FIRST, _FIRST + sum(lengths)))
    found = build(_A_DAY, *([next(marks) for _ in range(length)] for length in lengths))
    try:
        sql, parameters = found.order_by().values_list("pk", flat=True).query.sql_with_params()
    except EmptyResultSet:
        return "", []
    day = connection.ops.adapt_datefield_value(_A_DAY)
    return sql, [
        _A_DAY
        if one == day
        else one - _FIRST
        if isinstance(one, int) and _FIRST <= one < _FIRST + sum(lengths)
        else (one,)
        for one in parameters
    ]
