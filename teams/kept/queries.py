"""Settings that are read once per process, until they change.

A function marked `read_seldom` reads tables of settings (models with ``is_setting``) or a few columns of a table
(``kept_fields``), whose triggers write a new random number into `SettingsRevision` with every change, in the same
transaction (`teams.schema.settings_tables`). Its results are kept by the process for as long as the sum of these numbers
stays. Each request reads it anew: with its reader's roles (`teams.access.scope`), else by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.db.models import BigIntegerField, F, Func

from teams.kept.models import SettingsRevision
from teams.lib.request_cache import RequestCache, current_cache, marker

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet

P = ParamSpec("P")
R = TypeVar("R")
_MOST = 4096  # results
_kept: dict[tuple[Any, ...], tuple[int, Any]] = {}  # function and arguments → number, result


def read_seldom(*models: type[Model]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function of hashable arguments that reads only what is kept of these tables, and depends on nothing else.

    That is, neither on the date nor on the language. Nobody changes its results: they belong to all requests.
    """
    for model in models:
        if not (getattr(model, "is_setting", False) or getattr(model, "kept_fields", ())):
            raise TypeError(
                f"{model.__name__} has no triggers: it has neither `is_setting` nor `kept_fields`."
            )
    return marker(models, _find)


def settings_number() -> QuerySet[SettingsRevision, Any]:
    """The number that stands for the settings: of all rows the sum, None without any; one query, or part of one."""
    total = Func(F("number"), function="SUM", output_field=BigIntegerField())
    return SettingsRevision.objects.order_by().annotate(total=total).values_list("total", flat=True)


def forget() -> None:
    """Keep nothing, as a process that has just begun."""
    _kept.clear()


def note_number(number: int | None) -> None:
    """Tell the request the number, read before any of the settings."""
    if (cache := current_cache()) is not None and cache.settings is None:
        cache.settings = number


def _find(cache: RequestCache, read: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """The result that the process keeps, else a new one: kept too, unless this request has written anything."""
    if cache.settings is None:
        cache.settings = settings_number().get()
    key = (read, args, tuple(kwargs.items()))
    number, result = _kept.get(key, (None, None))
    if cache.settings is None or number != cache.settings:
        result = read(*args, **kwargs)
        if cache.settings is not None and not cache.has_written:
            if len(_kept) >= _MOST:
                _kept.clear()
            _kept[key] = (cache.settings, result)
    return result
