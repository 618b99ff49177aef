"""A cache that may be gone: then nothing is found in it, and nobody is kept from their work."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

# One more try at once, for a connection that the server had closed; then it is gone.
OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 2, "retry": Retry(NoBackoff(), 1)}


class ForgivingRedisCache(RedisCache):
    """Redis, whose absence counts as an empty cache.

    What needs more than that does not belong in a cache: jobs and sessions are rows. Counters of failed
    sign-ins start again when Redis does.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or ``default`` where it cannot be had."""
        return _forgive(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        """Return what can be had."""
        return _forgive(lambda: super(ForgivingRedisCache, self).get_many(keys, version), {})

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store the value where that is possible."""
        _forgive(lambda: super(ForgivingRedisCache, self).set(*args, **kwargs), None)

    def set_many(self, *args: Any, **kwargs: Any) -> list[str]:
        """Store the values where that is possible."""
        return _forgive(lambda: super(ForgivingRedisCache, self).set_many(*args, **kwargs), [])

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store the value if there is none; True also when nobody knows."""
        return _forgive(lambda: super(ForgivingRedisCache, self).add(*args, **kwargs), True)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Keep the value for longer where that is possible."""
        return _forgive(lambda: super(ForgivingRedisCache, self).touch(*args, **kwargs), False)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Forget the value where that is possible."""
        return _forgive(lambda: super(ForgivingRedisCache, self).delete(*args, **kwargs), False)


def _forgive(work: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return work()
    except (RedisError, OSError) as error:
        logger.warning("The cache does not answer: %s", error)
        return otherwise
