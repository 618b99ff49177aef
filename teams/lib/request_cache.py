"""Values that are read once per request.

A function marked `read_once` keeps its results until the request ends, so that a page asks the database only once
who its reader is. Results are kept only inside `request_cache`, which a job can use for its work for one person. Once
the request has written to a table that the function reads, its results are no longer kept, because the transaction may
still be rolled back.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.db.models import Model

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class RequestCache:
    """Results of one request by function and arguments, and the functions whose tables it has written to.

    ``settings`` is the number of the settings when it first read any (`teams.kept`).
    """

    kept: dict[Callable[..., Any], dict[tuple[Any, ...], Any]] = field(default_factory=dict)
    stale: set[Callable[..., Any]] = field(default_factory=set)
    is_open: bool = True
    has_written: bool = False
    settings: int | None = None

    def forget_what_changes(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Forget results read from the tables that ``sql`` writes to, then execute it."""
        if not sql.startswith(("SELECT", "with packed(", "SAVEPOINT", "RELEASE")):  # "packed" reads columns
            self.has_written = True
            for read, tables in _tables.items():
                if any(table in sql for table in tables):
                    self.stale.add(read)
                    self.kept.pop(read, None)
        return execute(sql, *rest)


_current: ContextVar[RequestCache | None] = ContextVar("request_cache", default=None)
_tables: dict[Callable[..., Any], tuple[str, ...]] = {}


@contextmanager
def request_cache() -> Iterator[None]:
    """Keep the results of `read_once` functions inside the block, and forget them at its end."""
    before, cache = _current.get(), RequestCache()
    _current.set(cache)
    try:
        with connection.execute_wrapper(cache.forget_what_changes):
            yield
    finally:
        # Tasks started by the request hold a copy of its context, and with it this object.
        cache.is_open = False
        cache.kept.clear()
        _current.set(before)


def read_once(*models: type[Model]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function of hashable arguments that reads the tables of ``models`` and no others."""
    return marker(models, lambda _cache, read, args, kwargs: read(*args, **kwargs))


def current_cache() -> RequestCache | None:
    """What the request keeps, if there is one."""
    return _current.get()


def marker(
    models: Sequence[type[Model]], find: Callable[[RequestCache, Callable[..., Any], Any, Any], Any]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A mark like `read_once`, where ``find`` gets a result that the request has not asked for yet."""

    def mark(read: Callable[P, R]) -> Callable[P, R]:
        @wraps(read)
        def read_or_recall(*args: P.args, **kwargs: P.kwargs) -> R:
            cache = _current.get()
            if cache is None or not cache.is_open or read in cache.stale:
                return read(*args, **kwargs)
            kept = cache.kept.setdefault(read, {})
            key = (args, tuple(kwargs.items()))
            if key not in kept:
                kept[key] = find(cache, read, args, kwargs)
            result: R = kept[key]
            return result

        _tables[read] = tuple(f'"{model._meta.db_table}"' for model in models)  # noqa: SLF001
        return read_or_recall

    return mark
