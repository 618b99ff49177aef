"""Sign-in attempts are counted in the cache; each test starts without any, and with a fast password hash."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_tries_counted(settings) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
