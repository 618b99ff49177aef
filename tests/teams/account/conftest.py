"""Limits of sign-in are counted in the cache; each test starts with none used. Passwords are hashed fast."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_tries_counted(settings) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
