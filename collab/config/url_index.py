"""Finds the view of an address among the patterns that begin with its first part.

Django tries patterns one after another: for an address of the last area that is hundreds, in every request.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls.resolvers import ResolverMatch

Pattern = URLPattern | URLResolver


class IndexedPatterns(URLResolver):
    """A list of patterns, as an entry of ``urlpatterns``. Nested lists without a prefix are indexed, too."""

    def __init__(self, *patterns: Pattern) -> None:
        super().__init__(RoutePattern(""), list(patterns))

    def resolve(self, path: str) -> ResolverMatch:
        """The view of ``path`` and its arguments."""
        return self._by_first_part.get(first_part(path), self._others).resolve(path)

    @cached_property
    def _by_first_part(self) -> dict[str, URLResolver]:
        parts = {part for pattern in self.url_patterns for part in first_parts(pattern) if part is not None}
        return {part: self._beginning_with(part) for part in parts}

    @cached_property
    def _others(self) -> URLResolver:
        return self._beginning_with(None)

    def _beginning_with(self, part: str | None) -> URLResolver:
        return URLResolver(self.pattern, list(beginning_with(part, self.url_patterns)))


def first_part(path: str) -> str:
    """What is before the first slash."""
    return str(path).partition("/")[0]


def first_parts(pattern: Pattern) -> set[str | None]:
    """The first parts of the paths that ``pattern`` may match; with None if they can be any."""
    if not isinstance(pattern.pattern, RoutePattern):
        return {None}
    route = str(pattern.pattern)
    part, slash, _rest = route.partition("/")
    if isinstance(pattern, URLResolver) and not slash:
        return {None} if route else set().union(*map(first_parts, pattern.url_patterns))
    return {None} if "<" in part else {part}


def beginning_with(part: str | None, patterns: list[Any]) -> Iterator[Pattern]:
    """The patterns, in their order, that may match a path with this first part; None is one that no pattern names."""
    for pattern in patterns:
        if not first_parts(pattern) & {part, None}:
            continue
        if isinstance(pattern, URLResolver) and not str(pattern.pattern):
            nested = list(beginning_with(part, pattern.url_patterns))
            yield URLResolver(
                pattern.pattern, nested, pattern.default_kwargs, pattern.app_name, pattern.namespace
            )
        else:
            yield pattern
