"""Fixtures of tests that open every URL; apart from ``conftest``, which all tests depend on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.urls import get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """The district of `tests.walking`, once for all tests of a module."""
    from tests.walking import district_with_browsers

    with django_db_blocker.unblock(), district_with_browsers() as side:
        yield side


@pytest.fixture(scope="module")
def refusals_without_a_page() -> Iterator[None]:
    """No test of the module reads the page of a refusal; drawing it thousands of times is a quarter of the walk's work."""
    from tests.walking import refusal

    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            view = partial(refusal, status)
            patch.setattr(get_resolver().urlconf_module, f"handler{status}", view, raising=False)
        yield
