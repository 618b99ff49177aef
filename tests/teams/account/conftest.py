"""Sign-in attempts are counted in the cache; each test starts without any."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()
