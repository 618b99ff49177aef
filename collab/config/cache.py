"""A cache that may be unavailable: reads then miss and writes do nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable

    from collab.config.environment import Environment

logger = logging.getLogger(__name__)

# One immediate retry for a connection closed by the server; after that the cache counts as unavailable.
OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 2, "retry": Retry(NoBackoff(), 1)}


def settings_of(env: Environment) -> dict[str, Any]:
    """Django's settings for the cache: in Redis, or in files."""
    if env.redis_url:
        return {
            "BACKEND": "collab.config.cache.ForgivingRedisCache",
            "LOCATION": env.redis_url,
            "OPTIONS": OPTIONS,
        }
    return {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": env.data_dir / "cache",
        # Beyond them a third is deleted at random, also counts of failed sign-ins.
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    }


class ForgivingRedisCache(RedisCache):
    """A Redis cache that behaves as empty while Redis is unavailable.

    Data that must not get lost does not belong in a cache: jobs and sessions are rows. Counters of failed
    sign-ins reset with Redis.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or ``default`` if unavailable."""
        return _forgive(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        """Return the available values."""
        return _forgive(lambda: super(ForgivingRedisCache, self).get_many(keys, version), {})

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store the value if possible."""
        _forgive(lambda: super(ForgivingRedisCache, self).set(*args, **kwargs), None)

    def set_many(self, *args: Any, **kwargs: Any) -> list[str]:
        """Store the values if possible."""
        return _forgive(lambda: super(ForgivingRedisCache, self).set_many(*args, **kwargs), [])

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store the value if there is none. True also if unavailable."""
        return _forgive(lambda: super(ForgivingRedisCache, self).add(*args, **kwargs), True)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Extend the lifetime of the value if possible."""
        return _forgive(lambda: super(ForgivingRedisCache, self).touch(*args, **kwargs), False)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Delete the value if possible."""
        return _forgive(lambda: super(ForgivingRedisCache, self).delete(*args, **kwargs), False)


def _forgive(work: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return work()
    except (RedisError, OSError) as error:
        logger.warning("The cache does not answer: %s", error)
        return otherwise
