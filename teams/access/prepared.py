"""Queries that are compiled once per process, to read their rows or as conditions on the rows of other queries.

Building and compiling a long query takes Django many times as long as the database needs to answer it. A function
that builds a query is therefore called only for values of a new shape: as many ids in each list, the same texts, a
reader with as many teams. Integers, days, moments, UUIDs and `Text` are the parameters of what it built. It is called
twice, with made-up ones at different times: a query that contains anything computed from them or from the clock is
refused.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from teams.lib import clock
from teams.lib.hidden_names import are_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet

R = TypeVar("R")

_SHAPES = 4096  # kept at most
_TODAY, _NOW = "today", "now"
_FIXED = object()
_EXACT = 4  # a longer list is read as if its last value were in it again


class Text(str):
    """A text that is a parameter, unlike states and other words of which there are few."""

    __slots__ = ()


_PARAMETERS = (int, dt.date, dt.datetime, uuid.UUID, Text)


class ReaderShape(Protocol):
    """What does not change between readers with the same roles and as many teams."""

    def stand_in(self, marks: MadeUp) -> Any: ...  # noqa: D102 (a protocol's member)


class ShapedReader(Protocol):
    """A user as `teams.access.readers` passes one on: a shape, and the ids, days and moments in it."""

    @property
    def shape(self) -> ReaderShape: ...  # noqa: D102 (a protocol's member)

    @property
    def values(self) -> tuple[Any, ...]: ...  # noqa: D102 (a protocol's member)


@dataclass(slots=True)
class MadeUp:
    """Made-up integers, days and moments that stand for the values of one call, each another one."""

    seed: int
    made: list[Any] = field(default_factory=list)

    def next(self, kind: type) -> Any:
        """The next one of ``kind``."""
        number = len(self.made)
        if kind is int:
            # Within the smallest column, or Django drops the condition; a power of two apart, so that a set of them has
            # the same order each time.
            mark: Any = 10_007 + 8_192 * self.seed + number
        elif kind is Text:
            mark = f"{self.seed} {number}"
        elif kind is uuid.UUID:
            mark = uuid.UUID(int=(self.seed + 1) * 1_000_000 + number)
        elif kind is dt.date:
            mark = dt.date(1000 + 100 * self.seed, 1, 1) + dt.timedelta(days=number)
        else:
            mark = self.now + dt.timedelta(days=1, seconds=number)
        self.made.append(mark)
        return mark

    @property
    def now(self) -> dt.datetime:
        """The moment at which the clock stands meanwhile."""
        return dt.datetime(1500 + 100 * self.seed, 2, 3, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement, its rows and compiler, and for each parameter `_TODAY`, `_NOW`, the index of a value or (constant,).

    ``rows`` is None if the query can have no rows.
    """

    rows: QuerySet[Any, Any] | None
    compiler: Any = None
    sql: str = ""
    places: tuple[Any, ...] = ()


def in_prepared(build: Callable[..., QuerySet[Any, Any]], *values: Any) -> Q:
    """Condition that a row is one of ``build(*values)``."""
    flat: list[Any] = []
    compiled = _compile(
        build,
        tuple([_shape_of(one, flat) for one in values]),
        get_language(),
        are_hidden(),
        is_condition=True,
    )
    if compiled.rows is None:
        return Q(pk__in=[])
    return Q(pk__in=RawSQL(compiled.sql, _parameters(compiled.places, flat)))  # noqa: S611 (compiled by Django, with parameters)


def prepared_rows(build: Callable[..., QuerySet[Any, R]], *values: Any) -> list[R]:
    """The rows of ``build(*values)``."""
    flat: list[Any] = []
    compiled = _compile(
        build,
        tuple([_shape_of(one, flat) for one in values]),
        get_language(),
        are_hidden(),
        is_condition=False,
    )
    if compiled.rows is None:
        return []
    compiler = copy(compiled.compiler)
    compiler.connection = connections[DEFAULT_DB_ALIAS]
    parameters = tuple(_parameters(compiled.places, flat))
    compiler.as_sql = lambda *_args, **_kwargs: (compiled.sql, parameters)
    chunks = compiler.execute_sql()
    if not chunks:
        return []
    compiler.execute_sql = lambda *_args, **_kwargs: chunks
    found = compiled.rows.all()
    found.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
    return list(found)


def many_ids(ids: Iterable[int]) -> RawSQL:
    """A subquery of ``ids`` as one parameter; Django prepares each id of a list. ``filter(student__in=many_ids(ids))``."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


def _shape_of(value: Any, flat: list[Any]) -> Any:
    """The shape of ``value``, whose integers, days and moments are added to ``flat``."""
    kind = type(value)
    if kind in _PARAMETERS:
        flat.append(value)
        return kind
    if kind in (tuple, list):
        if len(value) > _EXACT:  # the last one again, up to a power of two: fewer shapes of long lists
            value = [*value, *value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))]
        return tuple([_shape_of(one, flat) for one in value])
    if kind in (set, frozenset):
        return _shape_of(sorted(value), flat)
    if hasattr(value, "shape"):
        flat.extend(value.values)
        return value.shape
    return _FIXED, value


def _marked(shape: Any, marks: MadeUp) -> Any:
    """A value of ``shape`` with ``marks``."""
    if isinstance(shape, type):
        return marks.next(shape)
    if isinstance(shape, tuple):
        if shape and shape[0] is _FIXED:
            return shape[1]
        return [_marked(one, marks) for one in shape]
    return shape.stand_in(marks)


def _adapted(value: Any, here: BaseDatabaseWrapper) -> Any:
    if type(value) is int:
        return value
    if isinstance(value, dt.datetime):
        return here.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return here.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not here.features.has_native_uuid_field:
        return value.hex
    return value


def _parameters(places: Sequence[Any], flat: Sequence[Any]) -> list[Any]:
    named = {_TODAY: clock.server_day, _NOW: clock.now}
    here = connections[DEFAULT_DB_ALIAS]  # `connection` looks it up again for each attribute
    return [
        place[0]
        if type(place) is tuple
        else _adapted(flat[place], here)
        if type(place) is int
        else _adapted(named[place](), here)
        for place in places
    ]


@lru_cache(maxsize=_SHAPES)
def _compile(
    build: Callable[..., QuerySet[Any, Any]],
    shape: Any,
    _language: str | None,
    _hidden: bool,
    *,
    is_condition: bool,
) -> _Compiled:
    try:
        first, second = (
            _compile_once(build, shape, MadeUp(seed), is_condition=is_condition) for seed in (0, 1)
        )
    except EmptyResultSet:
        return _Compiled(None)
    rows, compiler, sql, places = first
    if (sql, places) != second[2:]:
        raise ValueError(f"The query of {build.__qualname__} is computed from its values or from the clock.")
    return _Compiled(rows, compiler, sql, places)


def _compile_once(
    build: Callable[..., QuerySet[Any, Any]], shape: Any, marks: MadeUp, *, is_condition: bool
) -> tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]]:
    with clock.stopped_at(marks.now):
        rows = build(*_marked(shape, marks))
        if is_condition:
            rows = rows.order_by().values_list("pk", flat=True)
        compiler = rows.query.get_compiler(rows.db)
        sql, parameters = compiler.as_sql()
        today = clock.server_day()
    # Django looks for them again before each reading; they depend on the columns alone.
    converters = compiler.get_converters([column for column, *_rest in compiler.select[: compiler.col_count]])
    compiler.get_converters = lambda _columns: converters
    here = connections[DEFAULT_DB_ALIAS]
    known: dict[str, int | str] = {repr(_adapted(mark, here)): index for index, mark in enumerate(marks.made)}
    known |= {repr(_adapted(today, here)): _TODAY, repr(_adapted(marks.now, here)): _NOW}
    return rows, compiler, sql, tuple(known.get(_written(one), (one,)) for one in parameters)


def _written(parameter: Any) -> str:
    """A parameter as `MadeUp` values are compared; PostgreSQL's integers have types of their own for each column."""
    is_number = isinstance(parameter, int) and not isinstance(parameter, bool)
    return repr(int(parameter) if is_number else parameter)
